"""What a person does about their account, step by step; each in the language of their browser."""

from __future__ import annotations

import re

from browser.person import Person

_PATIENCE = 100
PASSWORD = "une phrase longue et calme"


def account_page(person: Person, view: str = "Account") -> Person:
    """Open the account page by its address in the sidebar, and turn to one of its views."""
    person.page.get_by_test_id("stSidebar").locator('a[href$="account"]').click()
    person.settle()
    return person.pick(person.words("View"), person.words(view))


def sign_up(person: Person, email: str, *, name: str = "Ada", password: str = PASSWORD) -> Person:
    """Make an account."""
    account_page(person).press(person.words("Create an account"))
    write(person, "Your name", name)
    write(person, "E-mail", email)
    write(person, "New password", password)
    write(person, "The same once more", password)
    before = cookie(person)["value"]
    submit(person, "Create the account")
    return known_anew(person, before)


def sign_in(person: Person, email: str, *, password: str = PASSWORD) -> Person:
    """Sign in."""
    account_page(person)
    before = cookie(person)["value"]
    fill_in(person, email, password)
    return known_anew(person, before)


def fill_in(person: Person, email: str, password: str) -> Person:
    """Send the form of the sign-in, with whatever result."""
    write(person, "E-mail", email)
    write(person, "Password", password)
    return submit(person, "Sign in")


def sign_out(person: Person, *, everywhere: bool = False) -> Person:
    """Sign out, here or everywhere."""
    account_page(person)
    before = cookie(person)["value"]
    person.press(person.words("Sign out everywhere" if everywhere else "Sign out"))
    return known_anew(person, before)


def save(person: Person, what: str | None = None) -> Person:
    """Save what the page shows: its first offer, or the one of this name."""
    person.page.get_by_test_id("stPopoverButton").filter(has_text=person.words("Save")).click()
    person.settle()
    if what is not None:
        person.pick(person.words("What to save"), person.words(what))
    # In French both buttons bear one word.
    body = person.page.get_by_test_id("stPopoverBody")
    body.get_by_role("button", name=person.words("Save it"), exact=True).click()
    person.settle()
    said = person.words("Saved: {name}, {size}. Find it in Account, Saved.", name="…", size="…")
    person.sees(re.compile("^" + re.escape(said.split("…")[0])))
    person.page.keyboard.press("Escape")
    return person.settle()


def give_link(person: Person) -> str:
    """Make a read-only link to the open project and return its address."""
    account_page(person, "Links")
    submit(person, "Make a link")
    person.sees(person.words("Read-only link"))
    return person.main.get_by_test_id("stCode").first.inner_text().strip()


def write(person: Person, label: str, value: str) -> Person:
    """Write into a field of a form without leaving it, as Enter would send the form."""
    field = person.main.get_by_label(person.words(label), exact=True).and_(person.main.locator("input"))
    field.fill(value)
    return person


def submit(person: Person, name: str) -> Person:
    """Press the button of a form."""
    button = person.main.get_by_test_id("stFormSubmitButton").get_by_role(
        "button", name=person.words(name), exact=True
    )
    button.click()
    return person.settle()


def known_anew(person: Person, before: object) -> Person:
    """Wait until the browser has the cookie of its new session."""
    for _ in range(_PATIENCE):
        if cookie(person)["value"] != before:
            return person
        person.page.wait_for_timeout(100)
    raise AssertionError("the cookie of this browser is still that of the former session")


def cookie(person: Person) -> dict[str, object]:
    """Return the cookie by which this browser is known, as the browser keeps it."""
    (found,) = [one for one in person.context.cookies() if one["name"] == "pythie"]
    return dict(found)
