"""Whose tab it is: what ends an account's session, what does not, and what a guest brings along."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from accountapp import PASSWORD, signed_up
from streamlit.testing.v1 import AppTest

from mlp_core.accounts import Owner
from mlp_core.errors import ServiceUnavailable, StorageError
from mlp_core.text import Text
from pages._ui import signing, visitor
from pages._ui.services import clear_away, services

Visit = Callable[..., AppTest]

EMAIL, SECOND = "ada@example.org", "tout autre chose, et bien plus long"


@pytest.fixture
def at_browser(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], AppTest]:
    """Return a function that opens another tab of the browser that sends a token."""

    def open_tab(token: str) -> AppTest:
        monkeypatch.setattr(visitor, "_cookie", lambda: token)
        return visit()

    return open_tab


def known(app: AppTest) -> visitor.Visitor:
    found: visitor.Visitor = app.session_state["visitor"]
    return found


def is_signed_in(app: AppTest) -> bool:
    return "visitor" in app.session_state and not known(app).owner.is_guest


def later(app: AppTest) -> AppTest:
    """Run once more, after the time within which nothing is asked again."""
    app.session_state["visitor.checked"] = time.monotonic() - 60.0
    return app.run()


def test_a_new_password_leaves_both_tabs_of_its_browser_signed_in(visit: Visit, at_browser) -> None:
    first = signed_up(visit)
    token = known(first).token
    second = at_browser(token)
    assert is_signed_in(second)

    changed = services().accounts.change_password(known(first).owner.credential, PASSWORD, SECOND)
    services().sessions.keep(token, changed)

    assert is_signed_in(later(second))
    assert services().sessions.find(token) is not None


def test_a_cookie_opens_nothing_once_its_account_has_another_password(visit: Visit, at_browser) -> None:
    stolen = known(signed_up(visit)).token
    code = services().accounts.issue_reset_code(EMAIL)
    services().accounts.confirm_reset(code, SECOND)

    assert not is_signed_in(at_browser(stolen))
    assert services().sessions.find(stolen) is None


def test_a_service_that_does_not_answer_is_not_waited_for_at_every_run(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = signed_up(visit)
    asked: list[float] = []

    def silent(credential: object) -> None:
        asked.append(time.monotonic())
        raise ServiceUnavailable(Text("The service does not answer."))

    monkeypatch.setattr(services().accounts, "fresh", silent)
    for _ in range(3):
        assert is_signed_in(later(app))
    assert len(asked) == 1


def test_a_guests_saved_things_survive_a_sign_up_that_was_cut_off(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = visit()
    guest = known(app).owner
    services().artifacts.put(guest, name="a table", kind="csv", page="upload", content=b"a\n1\n")
    account = services().accounts.sign_up("Ada", EMAIL, PASSWORD).account
    monkeypatch.setattr(visitor, "current", lambda: known(app))

    def cut_off(*owners: str) -> None:
        raise StorageError(Text("The server is stopped here."))

    for store, name in ((services().artifacts, "move"), (services().library, "move")):
        with monkeypatch.context() as patched:
            patched.setattr(store, name, cut_off)
            with pytest.raises(StorageError):
                signing.sign_in(EMAIL, PASSWORD)
        clear_away(services())
        kept = [one for id_ in (guest.id, account.id) for one in services().artifacts.list(Owner(id=id_))]
        assert len(kept) == 1
