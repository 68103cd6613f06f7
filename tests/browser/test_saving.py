"""“Save” under the hands of a person: a double click, a name typed and sent at once, where it is found."""

from __future__ import annotations

import re
from collections.abc import Callable

from browser.person import Person
from playwright.sync_api import expect


def opened(person: Person) -> Person:
    """Open a sample, and the list of what its page offers."""
    person.go(person.words("Upload"))
    person.page.get_by_role("tab", name=person.words("A built-in sample")).click()
    person.page.get_by_role("button", name=person.words("Open this sample")).first.click()
    person.settle()
    person.main.get_by_role("button", name=person.words("Save"), exact=True).click()
    return person.settle()


def test_a_double_click_saves_once_and_the_next_click_saves_again(visitor: Callable[..., Person]) -> None:
    person = opened(visitor().open())
    popover = person.page.get_by_test_id("stPopoverBody")
    button = popover.get_by_role("button", name="Save it", exact=True)
    button.dblclick()
    person.settle()
    expect(popover.get_by_text(re.compile("^Saved: iris"))).to_be_visible()
    # The press itself ends the typing.
    popover.get_by_role("textbox", name="Name").fill("Mine: <b>naughty</b>")
    button.click()
    person.settle()
    expect(popover.get_by_text("Saved: Mine: <b>naughty</b>", exact=False)).to_be_visible()
    person.page.keyboard.press("Escape")
    person.go("Account")
    person.page.get_by_role("radio", name="Saved").or_(
        person.page.get_by_role("button", name="Saved", exact=True)
    ).first.click()
    person.settle()
    expect(person.main.get_by_text("Mine: <b>naughty</b>")).to_have_count(1)
    expect(person.main.get_by_text(re.compile(r"^iris"))).to_have_count(1)


def test_in_french_the_page_stays_as_it_is_while_it_is_saved(visitor: Callable[..., Person]) -> None:
    person = opened(visitor(locale="fr-FR").open())
    popover = person.page.get_by_test_id("stPopoverBody")
    popover.get_by_text("Cette page", exact=False).click()
    person.settle()
    popover.get_by_role("button", name="Enregistrer", exact=True).click()
    person.settle()
    expect(popover.get_by_text(re.compile("^Enregistré\u202f: iris – profil"))).to_be_visible()
