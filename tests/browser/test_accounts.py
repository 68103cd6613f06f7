"""A guest who makes an account, leaves, comes back elsewhere, and ends every session."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from browser.journey import open_sample, visit
from browser.membership import PASSWORD, account_page, cookie, fill_in, sign_in, sign_out, sign_up
from browser.person import Person
from browser.server import Server


def address() -> str:
    return f"ada.{uuid.uuid4().hex[:8]}@example.org"


@pytest.mark.parametrize("locale", ["en-US", "fr-FR"])
def test_a_guests_work_moves_into_the_account_and_is_found_from_another_browser(
    visitor: Callable[..., Person], locale: str
) -> None:
    email = address()
    first = visitor(locale=locale).open()
    open_sample(first)
    sign_up(first, email)
    visit(first, "upload").sees(first.words("What is in it"))
    first.reload().sees(first.words("What is in it"))

    second = visitor(locale=locale).open()
    visit(second, "upload").does_not_see(second.words("What is in it"))
    sign_in(second, email)
    visit(second, "upload").sees("cars").sees(second.words("What is in it"))


def test_the_cookie_changes_at_every_sign_in_and_out_and_the_former_is_useless(
    visitor: Callable[..., Person],
) -> None:
    email = address()
    person = visitor().open()
    tokens = [cookie(person)["value"]]
    open_sample(person)
    sign_up(person, email)
    tokens.append(cookie(person)["value"])
    sign_out(person)
    tokens.append(cookie(person)["value"])
    assert len(set(tokens)) == 3
    assert cookie(person)["httpOnly"]
    assert cookie(person)["sameSite"] == "Lax"

    for token in tokens[:2]:
        thief = visitor()
        thief.context.add_cookies([{"name": "pythie", "value": str(token), "url": thief.url}])
        visit(thief.open(), "upload").does_not_see(thief.words("What is in it"))
        assert cookie(thief)["value"] != token


def test_signing_out_in_one_tab_ends_the_other(visitor: Callable[..., Person]) -> None:
    person = visitor().open()
    open_sample(person)
    sign_up(person, address())
    other = person.context.new_page()
    other.goto(person.url + "/upload")
    other.get_by_text(person.words("What is in it")).first.wait_for()

    sign_out(person)
    other.wait_for_timeout(1_100)
    other.get_by_test_id("stSidebar").locator('a[href$="explore"]').click()
    other.get_by_text(person.words("This session has ended")).first.wait_for()
    assert other.get_by_text("Miles_per_Gallon").count() == 0
    other.get_by_role("button", name=person.words("Reload the page")).click()
    other.get_by_text(person.words("There is no table yet.")).first.wait_for()


def test_signing_out_everywhere_ends_the_other_browser(visitor: Callable[..., Person]) -> None:
    email = address()
    here, there = visitor().open(), visitor().open()
    sign_up(here, email)
    sign_in(there, email)
    sign_out(here, everywhere=True)
    there.page.wait_for_timeout(1_100)
    there.page.get_by_test_id("stSidebar").locator('a[href$="train"]').click()
    there.sees(there.words("This session has ended"))
    there.reload()
    account_page(there).sees(there.words("Sign in"))


def test_it_works_without_the_server_setting_cookies(
    start_server: Callable[..., Server], visitor: Callable[..., Person]
) -> None:
    person = visitor(server=start_server(script="Home.py")).open()
    email = address()
    open_sample(person)
    sign_up(person, email)
    visit(person.reload(), "upload").sees("cars")
    former = cookie(person)["value"]
    sign_out(person)
    visit(person, "upload").does_not_see("cars")
    sign_in(person, email)
    visit(person, "upload").sees("cars")
    assert cookie(person)["value"] != former


def test_wrong_and_unknown_are_answered_alike(visitor: Callable[..., Person]) -> None:
    email = address()
    person = visitor().open()
    sign_up(person, email)
    sign_out(person)
    answers = []
    for who in (email, address()):
        fill_in(account_page(person), who, "not the password")
        answers.append(person.page.get_by_test_id("stForm").get_by_test_id("stAlert").inner_text())
    assert answers[0] == answers[1]


def test_a_session_outlives_a_restart_of_the_server(
    start_server: Callable[..., Server], visitor: Callable[..., Person]
) -> None:
    server = start_server()
    person = visitor(server=server).open()
    open_sample(person)
    sign_up(person, address(), name="Grace")
    with person.watch.expecting_trouble():
        server.kill()
        server.start()
        person.reload()
        visit(person, "upload").sees(person.words("What is in it"))
        account_page(person).sees("Grace")


def test_where_guests_are_not_allowed_every_page_asks_to_sign_in(
    start_server: Callable[..., Server], visitor: Callable[..., Person]
) -> None:
    server = start_server(variables={"MLP_GUESTS": "false", "MLP_SIGN_UP_CODE": "delphi-42"})
    person = visitor(server=server).open()
    for page in ("home", "upload", "explore", "visualize", "train", "predict"):
        visit(person, page).sees(person.words("This server asks you to sign in."))
    account_page_of_no_guest(person)
    sign_up_with_code(person, "wrong")
    person.sees(person.words("This is not the code for new accounts on this server."))
    sign_up_with_code(person, "delphi-42")
    visit(person, "upload").does_not_see(person.words("This server asks you to sign in."))


def account_page_of_no_guest(person: Person) -> None:
    person.page.get_by_test_id("stSidebar").locator('a[href$="account"]').click()
    person.settle().press(person.words("Create an account"))


def sign_up_with_code(person: Person, code: str) -> None:
    for label, value in (
        ("Your name", "Ada"),
        ("E-mail", "ada@example.org"),
        ("New password", PASSWORD),
        ("The same once more", PASSWORD),
        ("Sign-up code", code),
    ):
        person.main.get_by_label(person.words(label), exact=True).and_(person.main.locator("input")).fill(
            value
        )
    person.main.get_by_test_id("stFormSubmitButton").get_by_role("button").click()
    person.settle()
