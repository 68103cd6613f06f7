"""The helpers that act as a person do what a person would, and the watch on them misses nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser.person import Person, Watch
from browser.server import Server
from playwright.sync_api import Browser

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def tiny(start_server: Callable[..., Server]) -> Server:
    return start_server(script="tiny_app.py", folder=HERE, flags=("--browser.gatherUsageStats", "false"))


@pytest.fixture
def somebody(tiny: Server, visitor: Callable[..., Person]) -> Person:
    return visitor(tiny).open()


@pytest.fixture
def unwatched(tiny: Server, browser: Browser) -> Iterator[Person]:
    """Return a visitor whose faults are looked at by the test itself."""
    person = Person(browser, tiny.url)
    yield person
    person.close()


def value(person: Person, name: str) -> str:
    found = re.search(rf"^{name} = (.*)$", person.read(), re.MULTILINE)
    assert found is not None, person.read()
    return found.group(1)


def test_every_kind_of_widget_takes_what_a_person_does(somebody: Person) -> None:
    somebody.press("Press")
    assert value(somebody, "button") == "True"
    somebody.choose("Fruit", "fruit 150")
    assert value(somebody, "selectbox") == "'fruit 150'"
    somebody.choose_several("Colours", ["green", "blue"])
    assert value(somebody, "multiselect") == "['green', 'blue']"
    somebody.pick("Size", "large").pick("View", "columns")
    assert (value(somebody, "radio"), value(somebody, "segmented")) == ("'large'", "'columns'")
    somebody.fill("Folds", 7).fill("Name", "Ada")
    assert (value(somebody, "number"), value(somebody, "text")) == ("7", "'Ada'")
    somebody.tick("Stratify").tick("Scale").tick("Scale")
    assert (value(somebody, "checkbox"), value(somebody, "toggle")) == ("True", "True")
    somebody.tick("Stratify", on=False)
    assert value(somebody, "checkbox") == "False"
    somebody.slide("Share", 35)
    assert value(somebody, "slider") == "35"
    somebody.fill("In a form", "sent words").press("Send")
    assert value(somebody, "form") == "'sent words'"


def test_files_come_and_go(somebody: Person, tmp_path: Path) -> None:
    somebody.upload("A file", ("small.csv", b"a,b\n1,2\n"))
    assert value(somebody, "file") == "('small.csv', 8)"

    on_disk = tmp_path / "other.csv"
    on_disk.write_bytes(b"x" * 100_000)
    somebody.upload("A file", on_disk)
    assert value(somebody, "file") == "('other.csv', 100000)"

    assert somebody.download("Download") == ("table.csv", b"a,b\n1,2\n")


def test_what_is_folded_away_is_found(somebody: Person) -> None:
    somebody.does_not_see("inside the expander").unfold("More").sees("inside the expander").unfold("More")
    somebody.sees("inside the expander")
    somebody.does_not_see("content two").tab("Two").sees("content two")


def test_pages_are_reached_by_links_and_by_address(somebody: Person) -> None:
    somebody.go("Second").sees("Second page").go("First").sees("First page")
    somebody.open("/second").sees("Second page").reload().sees("Second page")


def test_a_picture_holds_the_whole_page(somebody: Person, tmp_path: Path) -> None:
    window = somebody.picture(tmp_path / "window.png")
    whole = somebody.picture(tmp_path / "whole.png", whole=True)

    assert height(whole) > height(window) == 900


def test_one_visitor_keeps_nothing_of_another(tiny: Server, visitor: Callable[..., Person]) -> None:
    one, two = visitor(tiny).open(), visitor(tiny).open()
    one.context.add_cookies([{"name": "mine", "value": "1", "url": tiny.url}])
    one.fill("Name", "one")

    assert value(two.reload(), "text") == "'x'"
    assert "mine" not in {cookie["name"] for cookie in two.context.cookies()}


def test_a_request_to_another_machine_is_blocked_and_noted(unwatched: Person) -> None:
    unwatched.open("/second?fault=outside")

    assert any("another machine: http://outside.invalid" in fault for fault in unwatched.watch.faults)
    assert any("ERR_NAME_NOT_RESOLVED" in fault for fault in unwatched.watch.faults), (
        "it must not get through"
    )


def test_a_traceback_on_screen_fails_the_step(unwatched: Person) -> None:
    with pytest.raises(AssertionError):
        unwatched.open("/second?fault=exception")


@pytest.mark.parametrize(
    "fault", ["setTimeout(() => { throw Error('planted') })", "console.error('planted')"]
)
def test_an_error_in_the_page_or_on_its_console_is_noted(fault: str, unwatched: Person) -> None:
    unwatched.open().page.evaluate(fault)
    unwatched.page.wait_for_timeout(200)

    assert any("planted" in noted for noted in unwatched.watch.faults)


def test_faults_that_a_test_provokes_are_not_noted(unwatched: Person) -> None:
    unwatched.open()
    watch: Watch = unwatched.watch
    with watch.expecting_trouble():
        unwatched.page.evaluate("console.error('planted')")
        unwatched.page.wait_for_timeout(100)

    assert not watch.faults


def test_a_server_restarts_where_it_was_and_leaves_nothing_behind(
    start_server: Callable[..., Server],
) -> None:
    server = start_server(script="tiny_app.py", folder=HERE)
    family = server.family()
    server.kill()
    assert not any(process.is_running() for process in family)

    url = server.url
    assert server.start().url == url
    server.stop()


def height(picture: Path) -> int:
    """Return the height that a PNG's header gives."""
    return int.from_bytes(picture.read_bytes()[20:24], "big")
