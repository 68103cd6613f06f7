"""The account page as a guest and with an account: entry, changes, the end."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from accountapp import PASSWORD, account_page, keyed, press, show, signed_up, write
from apptest import everything, words
from streamlit.testing.v1 import AppTest

from mlp_core.errors import TooManyAttempts, WrongCredentials
from pages._ui.services import services

Visit = Callable[..., AppTest]


def test_a_guest_makes_an_account_and_the_work_comes_along(visit: Visit) -> None:
    app = visit("cars").switch_page("pages/Account.py").run()
    press(app, "account.way.up")
    write(app, up__name="Ada", up__email="ada@example.org", up__new=PASSWORD, up__again=PASSWORD)
    press(app, "account.up.go")
    assert words(app, "title") == ["Ada"]
    assert "ada@example.org" in everything(app)
    assert "cars" in everything(show(app, "projects"))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"up__again": "another one altogether"}, "The two passwords differ"),
        ({"up__name": ""}, "A field is still empty"),
        ({"up__new": "short", "up__again": "short"}, "password"),
        ({"up__email": "nobody"}, "address"),
    ],
)
def test_what_is_wrong_with_a_new_account_is_said_and_what_was_written_stays(
    visit: Visit, values: dict[str, str], said: str
) -> None:
    app = press(account_page(visit), "account.way.up")
    given = {"up__name": "Ada", "up__email": "ada@example.org", "up__new": PASSWORD, "up__again": PASSWORD}
    write(app, **{**given, **values})
    press(app, "account.up.go")
    (error,) = words(app, "error")
    assert said in error
    assert PASSWORD not in error
    assert keyed(app.text_input, "account.up.email").value == {**given, **values}["up__email"]


def test_signing_out_and_in_again_finds_the_projects(visit: Visit) -> None:
    app = signed_up(visit, sample="cars")
    press(app, "account.out")
    assert words(app, "title") == ["Account"]
    assert "cars" not in everything(show(app, "projects"))
    show(app, "account")
    write(app, **{"in__email": "ada@example.org", "in__password": "wrong password"})
    press(app, "account.in.go")
    assert len(words(app, "error")) == 1
    write(app, **{"in__password": PASSWORD})
    press(app, "account.in.go")
    assert words(app, "title") == ["Ada"]
    assert "cars" in everything(show(app, "projects"))


def test_name_address_and_password_are_changed(visit: Visit) -> None:
    app = signed_up(visit)
    press(app, "account.name.change")
    write(app, name__new="Ada King")
    press(app, "account.name.go")
    assert words(app, "title") == ["Ada King"]

    press(app, "account.email.change")
    write(app, email__new="king@example.org", email__password="wrong password")
    press(app, "account.email.go")
    assert words(app, "error")
    write(app, email__password=PASSWORD)
    press(app, "account.email.go")
    assert "king@example.org" in everything(app)

    new = "another long and quiet sentence"
    press(app, "account.password.change")
    write(app, password__old=PASSWORD, password__new=new, password__again=new)
    press(app, "account.password.go")
    assert not words(app, "error")
    press(app, "account.out")
    write(app, **{"in__email": "king@example.org", "in__password": new})
    press(app, "account.in.go")
    assert words(app, "title") == ["Ada King"]


def test_an_account_is_deleted_only_with_the_tick_and_the_password(visit: Visit) -> None:
    app = signed_up(visit, sample="cars")
    press(app, "account.end.change")
    assert "its 1 project (" in everything(app)
    write(app, end__password=PASSWORD)
    press(app, "account.end.danger")
    assert any("Nothing was deleted" in error for error in words(app, "error"))
    keyed(app.checkbox, "account.end.sure").check()
    write(app, end__password="wrong password")
    press(app, "account.end.danger")
    assert words(app, "title") == ["Ada"]
    write(app, end__password=PASSWORD)
    press(app, "account.end.danger")
    assert words(app, "title") == ["Account"]
    assert "cars" not in everything(show(app, "projects"))
    show(app, "account")
    write(app, **{"in__email": "ada@example.org", "in__password": PASSWORD})
    press(app, "account.in.go")
    assert len(words(app, "error")) == 1


def test_a_new_password_is_set_by_a_code_of_the_operator(visit: Visit) -> None:
    from pages._ui.services import services

    app = press(signed_up(visit), "account.out")
    press(app, "account.way.forgot")
    assert "reset-code" in " ".join(block.value for block in app.code)
    new = "another long and quiet sentence"
    write(app, code__code="not-a-code", code__new=new, code__again=new)
    press(app, "account.code.go")
    assert len(words(app, "error")) == 1
    code = services().accounts.issue_reset_code("ada@example.org")
    write(app, code__code=code)
    press(app, "account.code.go")
    assert not words(app, "error"), words(app, "error")
    write(app, **{"in__email": "ada@example.org", "in__password": new})
    press(app, "account.in.go")
    assert words(app, "title") == ["Ada"]


def test_sign_up_follows_the_servers_settings(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLP_SIGN_UP", "closed")
    app = account_page(visit)
    assert not [one for one in app.button if str(one.key).startswith("account.way.up")]
    assert "takes no new accounts" in everything(app)


def test_a_code_is_asked_where_the_server_wants_one(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLP_SIGN_UP_CODE", "delphes-2026")
    app = press(account_page(visit), "account.way.up")
    write(app, up__name="Ada", up__email="ada@example.org", up__new=PASSWORD, up__again=PASSWORD)
    press(app, "account.up.go")
    assert any("A field is still empty" in error for error in words(app, "error"))
    write(app, up__code="thebes")
    press(app, "account.up.go")
    assert words(app, "error")
    write(app, up__code="delphes-2026")
    press(app, "account.up.go")
    assert words(app, "title") == ["Ada"]


def test_who_has_the_code_may_choose_a_password_as_often_as_needed(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLP_SIGN_UP_CODE", "delphes-2026")
    app = press(account_page(visit), "account.way.up")
    write(app, up__name="Ada", up__email="ada@example.org", up__code="delphes-2026")
    for secret in (*["password"] * 6, PASSWORD):
        write(app, up__new=secret, up__again=secret)
        press(app, "account.up.go")
    assert words(app, "title") == ["Ada"]


def test_a_stranger_who_tries_passwords_keeps_nobody_from_deleting_their_account(visit: Visit) -> None:
    app = signed_up(visit)
    for _ in range(6):
        with pytest.raises((WrongCredentials, TooManyAttempts)):
            services().accounts.sign_in("ada@example.org", "wrong password")
    press(app, "account.end.change")
    keyed(app.checkbox, "account.end.sure").check()
    write(app, end__password=PASSWORD)
    press(app, "account.end.danger")
    assert not words(app, "error")


def test_without_guests_the_page_offers_the_entry_alone(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLP_GUESTS", "false")
    app = account_page(visit)
    assert keyed(app.button_group, "account.view").options == ["Account"]
    assert keyed(app.text_input, "account.in.email") is not None
    assert "guest" not in everything(app)
    press(app, "account.way.up")
    write(app, up__name="Ada", up__email="ada@example.org", up__new=PASSWORD, up__again=PASSWORD)
    press(app, "account.up.go")
    assert words(app, "title") == ["Ada"]
    assert "guest" not in everything(app)


def test_every_view_speaks_french(visit: Visit) -> None:
    app = signed_up(visit, language="fr-FR")
    for view in ("account", "projects", "saved", "links"):
        said = everything(show(app, view))
        assert not words(app, "error")
        for english in ("Your", "project ", "Nothing", "Delete", "link "):
            assert english not in said, said


def test_the_fields_are_those_that_keepers_of_passwords_look_for(visit: Visit) -> None:
    app = account_page(visit)
    assert keyed(app.text_input, "account.in.email").proto.autocomplete == "username"
    assert keyed(app.text_input, "account.in.password").proto.autocomplete == "current-password"
    press(app, "account.way.up")
    for field in ("new", "again"):
        assert keyed(app.text_input, f"account.up.{field}").proto.autocomplete == "new-password"
