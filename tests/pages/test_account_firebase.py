"""The account page with accounts in Firebase: an address is confirmed by a mail, work goes there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from accountapp import PASSWORD, press, show, write
from apptest import everything, words
from firebase.double import Double, running
from streamlit.testing.v1 import AppTest

from pages._ui.services import services

ROOT = Path(__file__).parents[2]


@pytest.fixture
def double() -> Iterator[Double]:
    with running() as opened:
        yield opened


@pytest.fixture
def app(double: Double, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """Return the page of somebody who has just made an account."""
    monkeypatch.setenv("MLP_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("MLP_FAST_JOBS", "0")
    monkeypatch.chdir(ROOT)
    st.cache_resource.clear()
    opened = AppTest.from_file(str(ROOT / "Home.py"), default_timeout=60)
    opened.context["locale"] = "en-US"
    opened.secrets["firebase"] = {
        "apiKey": double.config.api_key,
        "authDomain": double.config.auth_domain,
        "databaseURL": double.config.database_url,
        "storageBucket": double.config.storage_bucket,
        "projectId": double.config.project_id,
    }
    opened.run()
    opened.switch_page("pages/Account.py").run()
    press(opened, "account.way.up")
    write(opened, up__name="Ada", up__email="ada@example.org", up__new=PASSWORD, up__again=PASSWORD)
    press(opened, "account.up.go")
    assert not words(opened, "error"), words(opened, "error")
    yield opened
    cloud = services().cloud
    assert cloud is not None
    cloud.close()
    st.cache_resource.clear()


def test_the_address_is_confirmed_by_a_mail_which_can_be_sent_again(app: AppTest, double: Double) -> None:
    assert "not confirmed yet" in everything(app)
    assert "once the address is confirmed" in everything(app)
    assert "every project is there" not in everything(app)
    press(app, "account.mail_again")
    assert "The mail is on its way" in " ".join(words(app, "success")).replace("\\", "")
    press(app, "account.confirmed")
    assert any("not confirmed yet" in error for error in words(app, "error"))
    double.identity.verify("ada@example.org")
    press(app, "account.confirmed")
    assert not words(app, "error")
    assert "not confirmed yet" not in everything(app)
    assert "in the cloud (Firebase)" in everything(app)


def test_an_address_that_changes_by_a_mail_is_not_called_changed_before(app: AppTest, double: Double) -> None:
    double.identity.protects_addresses = True
    change_address(app)
    (said,) = words(app, "success")
    assert "Follow it to change the address" in said
    assert "ada@example.org" in everything(app)
    assert double.identity.mails[-1].email.lower() == "ada.king@example.org"


def test_an_address_that_changes_at_once_is_called_changed(app: AppTest) -> None:
    change_address(app)
    assert "Your address is changed" in " ".join(words(app, "success"))
    assert "ada.king@example.org" in everything(app)


def change_address(app: AppTest) -> None:
    press(app, "account.email.change")
    write(app, email__new="Ada.King@example.org", email__password=PASSWORD)
    press(app, "account.email.go")
    assert not words(app, "error"), words(app, "error")


def test_who_forgot_the_password_gets_a_mail_and_no_word_about_the_address(app: AppTest) -> None:
    press(app, "account.out")
    for address in ("ada@example.org", "nobody@example.org"):
        press(app, "account.way.forgot")
        write(app, mail__email=address)
        press(app, "account.mail.go")
        assert not words(app, "error")
        (said,) = words(app, "success")
        assert "If an account has this address" in said
        press(app, "account.way.in")


def test_a_service_that_is_down_gets_a_sentence_and_the_page_stays(app: AppTest, double: Double) -> None:
    double.down()
    press(app, "account.name.change")
    write(app, name__new="Ada King")
    press(app, "account.name.go")
    assert len(words(app, "error")) == 1
    assert words(app, "title") == ["Ada"]
    assert not app.exception
    for view in ("projects", "saved", "links"):
        assert not show(app, view).exception
    double.up()
