"""Picture every page with a real project, in both languages, both themes and two widths.

``python start.py screenshots`` draws them all; ``--readme`` draws the few that the README shows.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from browser import journey, membership
from browser.person import Person, launch
from browser.server import ROOT, Server
from playwright.sync_api import Browser, sync_playwright

LANGUAGES: Final = {"fr": "fr-FR", "en": "en-US"}
THEMES: Final = ("light", "dark")
WIDTHS: Final = {1440: 900, 1024: 768}
README: Final = ROOT / "assets" / "screenshots"


@dataclass(frozen=True)
class View:
    """One picture to take: its name, its page, and what to choose there."""

    name: str
    page: str
    control: str = ""
    option: str = ""

    def open(self, person: Person) -> None:
        """Bring a person to what the picture shows."""
        if self.page == "account":
            membership.account_page(person)
        else:
            journey.visit(person, self.page)
        if self.control:
            person.pick(person.words(self.control), person.words(self.option))
        # Figures fade and slide in; a picture taken meanwhile would show half of them.
        person.settle().page.wait_for_timeout(800)


CHARTS: Final = ("Missing values", "Histogram", "Mosaic", "Scatter plot", "Correlation matrix")
LOOKS: Final = {
    "columns": "Its columns",
    "table": "The table",
    "relations": "What goes together",
    "missing": "What is missing",
    "compare": "Beside another table",
    "tables": "Several tables",
    "take": "To take with you",
}
KEPT: Final = ("Projects", "Saved", "Links")
VIEWS: Final = (
    View("home", "home"),
    *(View(f"upload-{name}", "upload", "Show", option) for name, option in LOOKS.items()),
    View("explore", "explore"),
    *(View(f"visualize-{chart.split()[0].lower()}", "visualize", "Chart", chart) for chart in CHARTS),
    View("train", "train"),
    View("predict-quality", "predict", "View", "How good it is"),
    View("predict-rows", "predict", "View", "Held-out rows"),
    View("predict-case", "predict", "View", "One case"),
    View("predict-file", "predict", "View", "A file of cases"),
    View("predict-model", "predict", "View", "The model itself"),
)
EMPTY: Final = (
    *(View(f"empty-{page}", page) for page in journey.PAGES),
    *(View(f"empty-account-{view.lower()}", "account", "View", view) for view in ("Account", *KEPT)),
)
MEMBER: Final = (
    View("account", "account", "View", "Account"),
    *(View(f"account-{view.lower()}", "account", "View", view) for view in KEPT),
)
"""What a person with an account sees, some things saved and a link given."""
SHOWN: Final = {
    "home": ("en", "light"),
    "upload-columns": ("en", "light"),
    "visualize-scatter": ("en", "light"),
    "train": ("en", "light"),
    "predict-quality": ("fr", "dark"),
    "account-saved": ("en", "light"),
}


def main(arguments: Sequence[str]) -> int:
    """Take the pictures and return the exit code: 1 where a page showed a fault meanwhile."""
    chosen = _parse(arguments)
    faults: list[str] = []
    with _app() as (server, browser):
        if chosen.readme:
            for language, theme in sorted(set(SHOWN.values())):
                wanted = [view for view in VIEWS if SHOWN.get(view.name) == (language, theme)]
                faults += _gallery(browser, server, README, wanted, language, theme, {1440: 900}, every=False)
        else:
            for language in LANGUAGES:
                for theme in THEMES:
                    faults += _gallery(
                        browser, server, chosen.out, VIEWS, language, theme, WIDTHS, every=True
                    )
    print("\n".join([f"fault: {fault}" for fault in faults]) or "no fault was seen")
    return 1 if faults else 0


def _gallery(
    browser: Browser,
    server: Server,
    folder: Path,
    views: Sequence[View],
    language: str,
    theme: str,
    widths: dict[int, int],
    *,
    every: bool,
) -> list[str]:
    """Take the pictures of one language and theme, by one visitor with a project of their own."""
    began, taken = time.monotonic(), 0
    person = Person(browser, server.url, locale=LANGUAGES[language], color_scheme=theme)
    person.open()

    def take(wanted: Sequence[View]) -> int:
        for view in wanted:
            view.open(person)
            for width, height in widths.items():
                person.page.set_viewport_size({"width": width, "height": height})
                person.settle().page.wait_for_timeout(300)
                parts = [view.name, *([language, theme, str(width)] if every else [])]
                person.picture(folder / f"{'-'.join(parts)}.png", whole=True)
        return len(wanted) * len(widths)

    if every:
        taken += take(EMPTY)
    journey.whole_way(person)
    taken += take(views)
    kept = [view for view in MEMBER if every or SHOWN.get(view.name) == (language, theme)]
    if kept:
        membership.sign_up(person, f"ada.{language}.{theme}@example.org", name="Ada Lovelace")
        membership.save(journey.visit(person, "train"))
        membership.save(journey.visit(person, "visualize"))
        membership.give_link(person)
        taken += take(kept)
    print(
        f"{language} {theme}: {taken} pictures in {time.monotonic() - began:.0f} s, in {folder}", flush=True
    )
    person.close()
    return person.watch.faults


@contextmanager
def _app() -> Iterator[tuple[Server, Browser]]:
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        server = Server(Path(data)).start()
        try:
            browser = launch(playwright, os.environ.get("CHROMIUM"))
            yield server, browser
            browser.close()
        finally:
            server.stop()


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="start.py screenshots", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "screenshots", help="folder for the pictures")
    parser.add_argument(
        "--readme", action="store_true", help="take only the pictures of the README, into assets/screenshots"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
