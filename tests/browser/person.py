"""A person at a browser: finds things by what is written on them, waits until the page rests, and is watched.

Whatever a person would call a fault is noted while they act: an error in the page or on its console, a
traceback on screen, a request to any machine but the server's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Download,
    Locator,
    Page,
    Playwright,
    expect,
)
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from mlp_core.text import Text

HOST: Final = "127.0.0.1"
TIMEOUT_MS: Final = 30_000

# Names are resolved nowhere, so nothing can leave the machine whatever asks for it.
ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {HOST}",
)

RESTING: Final = (
    "[data-testid=stApp][data-test-connection-state=CONNECTED][data-test-script-state=notRunning]"
)
# A click may not have started its run yet when the page still looks at rest.
_REST_MS: Final = 250
_LIST_MS: Final = 4_000

# Opened at a page's own address, Streamlit asks below it for its server first, and finds it one level up.
_PROBES: Final = re.compile(r"/_stcore/(health|host-config)$")


def launch(playwright: Playwright, executable: str | None) -> Browser:
    """Return a browser: the given program, or Playwright's own."""
    return playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))


class Watch:
    """What went wrong in one browser window, as a person or their neighbour would notice it."""

    def __init__(self, context: BrowserContext) -> None:
        self.faults: list[str] = []
        self._expected = False
        context.on("request", lambda request: self._request(request.url))
        context.on("console", self._console)
        context.on("weberror", lambda error: self._note(f"error in the page: {error.error}"))
        context.on("page", lambda page: page.on("websocket", lambda socket: self._request(socket.url)))

    @contextmanager
    def expecting_trouble(self) -> Iterator[None]:
        """Note nothing meanwhile, as while a server is restarted on purpose; requests outside still count."""
        self._expected = True
        try:
            yield
        finally:
            self._expected = False

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != HOST:
            self.faults.append(f"request to another machine: {url}")

    def _console(self, message: ConsoleMessage) -> None:
        where = message.location.get("url", "")
        if message.type == "error" and not ("404" in message.text and _PROBES.search(where)):
            self._note(f"error on the console: {message.text} ({where})")

    def _note(self, fault: str) -> None:
        if not self._expected:
            self.faults.append(fault)


class Person:
    """Somebody with a browser window of their own at one server.

    Parameters
    ----------
    browser : Browser
        Shared by all; what one person keeps in it no other sees.
    url : str
        The server.
    **window : object
        ``locale``, ``color_scheme``, ``viewport`` and the like of a new browser context.
    """

    def __init__(self, browser: Browser, url: str, **window: Any) -> None:
        settings = {"locale": "en-US", "viewport": {"width": 1440, "height": 900}, "accept_downloads": True}
        self.url = url
        self.language = str(window.get("locale", "en"))[:2]
        self.context = browser.new_context(**{**settings, **window})
        self.context.set_default_timeout(TIMEOUT_MS)
        self.watch = Watch(self.context)
        self.page: Page = self.context.new_page()

    @property
    def main(self) -> Locator:
        """The page without the frame around it."""
        return self.page.get_by_test_id("stMain")

    def close(self) -> None:
        """Close the window."""
        self.context.close()

    def words(self, sentence: str, **values: object) -> str:
        """Return a sentence of the app as this person reads it, in the language of their browser."""
        return Text(sentence, **values).render(self.language)

    # Coming and going

    def open(self, path: str = "/") -> Person:
        """Type an address."""
        self.page.goto(self.url + path)
        return self.settle()

    def reload(self) -> Person:
        """Press F5."""
        self.page.reload()
        return self.settle()

    def go(self, name: str) -> Person:
        """Follow a link of the sidebar."""
        self.link(name).click()
        return self.settle()

    def link(self, name: str) -> Locator:
        """Return a link of the sidebar; beside its name may stand a mark."""
        sidebar = self.page.get_by_test_id("stSidebar")
        return sidebar.get_by_role("link", name=re.compile(rf"^{re.escape(name)}\b"))

    def settle(self, timeout_ms: int = TIMEOUT_MS) -> Person:
        """Wait until the page rests, and see that it shows no traceback."""
        for pause in (_REST_MS, 0):
            self.page.wait_for_selector(RESTING, timeout=timeout_ms)
            self.page.wait_for_timeout(pause)
        expect(self.page.get_by_test_id("stException")).to_have_count(0)
        return self

    # Acting on what is written

    def press(self, name: str, *, beside: str | None = None) -> Person:
        """Press a button; where several bear the same words, the one that stands beside other words."""
        button = self.page.get_by_role("button", name=name, exact=True)
        if beside is not None:
            words = self.page.get_by_text(beside, exact=True)
            # The last of the blocks that hold both is the innermost.
            button = (
                self.page.get_by_test_id("stVerticalBlock")
                .filter(has=words)
                .filter(has=button)
                .last.locator(button)
            )
        button.click()
        return self.settle()

    def choose(self, label: str, option: str) -> Person:
        """Choose one option of a selectbox; typing narrows a long list, as for a person."""
        self._pick_from(self.main.get_by_role("combobox", name=label, exact=True), option)
        return self.settle()

    def _pick_from(self, box: Locator, option: str) -> None:
        """Open a list and take an option; once more where the page, drawn anew meanwhile, closed the list."""
        wanted = self.page.get_by_role("option", name=option, exact=True)
        for _ in range(3):
            box.click()
            box.fill(option)
            try:
                wanted.click(timeout=_LIST_MS)
            except PlaywrightTimeout:
                continue
            return
        wanted.click()

    def choose_several(self, label: str, options: Sequence[str]) -> Person:
        """Make these, and only these, the chosen options of a multiselect."""
        group = self._widget("stMultiSelect", label)
        while (remove := group.get_by_role("button", name=re.compile("^Remove "))).count():
            remove.first.click()
            self.settle()
        for option in options:
            self._pick_from(group.get_by_role("combobox"), option)
            self.page.keyboard.press("Escape")
            self.settle()
        return self

    def pick(self, label: str, option: str) -> Person:
        """Pick one option of a radio or of a segmented control."""
        group = self.page.get_by_role("radiogroup", name=label, exact=True)
        radio = group.get_by_role("radio", name=option, exact=True)
        if radio.evaluate("element => element.tagName") == "INPUT":
            radio = group.get_by_text(option, exact=True)
        radio.click()
        return self.settle()

    def fill(self, label: str, value: str | float) -> Person:
        """Write into a text or number field, and leave it with Enter."""
        field = self.main.get_by_label(label, exact=True).and_(self.main.locator("input, textarea"))
        field.fill(str(value))
        field.press("Enter")
        return self.settle()

    def tick(self, label: str, on: bool = True) -> Person:
        """Bring a checkbox or a toggle to a state."""
        box = self.main.get_by_role("checkbox", name=label, exact=True).or_(
            self.main.get_by_role("switch", name=label, exact=True)
        )
        if box.is_checked() != on:
            self._widget("stCheckbox", label).locator("label").first.click()
        expect(box).to_be_checked(checked=on)
        return self.settle()

    def slide(self, label: str, value: float) -> Person:
        """Bring a slider to a value by its arrow keys."""
        slider = self.main.get_by_role("slider", name=re.compile(re.escape(label))).first
        step = float(slider.get_attribute("step") or 1)
        distance = round((value - float(slider.input_value())) / step)
        for _ in range(abs(distance)):
            slider.press("ArrowRight" if distance > 0 else "ArrowLeft")
        return self.settle()

    def unfold(self, name: str) -> Person:
        """Open an expander that is closed."""
        expander = self._widget("stExpander", name)
        if expander.locator("details").first.get_attribute("open") is None:
            expander.locator("summary").first.click()
        return self.settle()

    def tab(self, name: str) -> Person:
        """Turn to a tab."""
        self.main.get_by_role("tab", name=name, exact=True).click()
        return self.settle()

    def upload(self, label: str, file: Path | tuple[str, bytes], *, timeout_ms: int = TIMEOUT_MS) -> Person:
        """Give a file to an uploader: one on the disk, or a name and its bytes."""
        uploader = self._widget("stFileUploader", label, exact=False)
        given: Any = file
        if isinstance(file, tuple):
            given = {"name": file[0], "mimeType": "application/octet-stream", "buffer": file[1]}
        with self.page.expect_response(
            lambda response: "/_stcore/upload_file" in response.url, timeout=timeout_ms
        ):
            uploader.locator("input[type=file]").set_input_files(given)
        return self.settle(timeout_ms)

    def download(self, name: str) -> tuple[str, bytes]:
        """Press a download button, and return the file's name and content."""
        with self.page.expect_download() as waiting:
            self.main.get_by_role("button", name=name, exact=True).click()
        got: Download = waiting.value
        content = Path(got.path()).read_bytes()
        self.settle()
        return got.suggested_filename, content

    # Seeing

    def sees(self, words: str | re.Pattern[str], *, timeout_ms: int = TIMEOUT_MS) -> Person:
        """Wait until some words can be read on the page."""
        shown = self.page.get_by_text(words).filter(visible=True).first
        expect(shown).to_be_visible(timeout=timeout_ms)
        return self

    def does_not_see(self, words: str | re.Pattern[str]) -> Person:
        """See that some words cannot be read anywhere on the page."""
        expect(self.page.get_by_text(words).filter(visible=True)).to_have_count(0)
        return self

    def read(self) -> str:
        """Return everything that can be read on the page, without the frame around it."""
        return self.main.inner_text()

    def picture(self, path: Path, *, whole: bool = False) -> Path:
        """Take a picture of the window, or of the whole page however long it is."""
        path.parent.mkdir(parents=True, exist_ok=True)
        before = self.page.viewport_size
        if whole and before is not None:
            # Streamlit scrolls inside the page, so the window has to grow for a picture of all of it.
            height = self.main.evaluate("element => element.scrollHeight")
            self.page.set_viewport_size({"width": before["width"], "height": max(before["height"], height)})
            self.page.wait_for_timeout(500)
        self.page.screenshot(path=path)
        if whole and before is not None:
            self.page.set_viewport_size(before)
        return path

    def _widget(self, kind: str, label: str, *, exact: bool = True) -> Locator:
        """Return a widget by its test id and the text of its label."""
        words = self.page.get_by_text(label, exact=exact)
        return self.main.get_by_test_id(kind).filter(has=words).first
