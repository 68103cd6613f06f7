"""Measure what a person waits for and what a host must hold; one JSON line per measure.

Times on a shared machine vary, so each stands beside the same act in a bare Streamlit app, plain pandas or a
bare read of the bytes, measured in the same run: the ratio is what to compare between days and machines.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, Final

from browser import journey
from browser.person import RESTING, Person, launch
from browser.server import ROOT, Server
from playwright.sync_api import Browser, sync_playwright

from tools import profiling, serve, tables

REST_SECONDS: Final = 10.0
MEGABYTE: Final = 1024 * 1024

# A bare app of two pages: what Streamlit itself costs on this machine at this moment.
BARE: Final = """
import streamlit as st

def one():
    st.title("One")

def two():
    st.title("Two")

pages = [st.Page(one, default=True), st.Page(two, url_path="two")]
page = st.navigation(pages, position="hidden")
with st.sidebar:
    st.page_link(pages[0], label="One")
    st.page_link(pages[1], label="Two")
page.run()
"""

# From the click on a link until the page it leads to stands as it stood on the visit before.
CLICK: Final = """
([link, title, figures]) => new Promise((resolve, reject) => {
  const began = performance.now();
  const drawn = () => {
    const app = document.querySelector('[data-testid=stApp]');
    const heading = document.querySelector('[data-testid=stMain] h1');
    return app.dataset.testScriptState === 'notRunning'
      && (heading ? heading.innerText : '') === title
      && document.querySelectorAll('.js-plotly-plot .main-svg').length >= figures
      && !document.querySelector('[data-testid=stMain] [data-stale=true]');
  };
  const look = () => {
    const passed = performance.now() - began;
    if (drawn()) resolve(passed);
    else if (passed > 60000) reject(new Error('the page was not drawn within a minute'));
    else requestAnimationFrame(look);
  };
  link.click();
  // The run that the click asks for begins a moment later; until then the old page would pass for the new.
  requestAnimationFrame(() => requestAnimationFrame(look));
})
"""


def main(arguments: Sequence[str]) -> int:
    """Measure everything and return the exit code."""
    chosen = _parse(arguments)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = launch(playwright, os.environ.get("CHROMIUM"))
        bare = folder / "bare"
        bare.mkdir()
        (bare / "Home.py").write_text(BARE)
        table = tables.write(folder / f"table_{chosen.rows}.csv", rows=chosen.rows)
        first_page(browser, folder, chosen.runs)
        reading(table, chosen.runs)
        profiling_of_50_000_rows(chosen.runs)
        revisits_and_memory(browser, folder, table, chosen.runs)
        browser.close()
    return 0


def first_page(browser: Browser, folder: Path, runs: int) -> None:
    """Measure from the start of the server's process to the first page drawn in a browser."""
    ours, bare, rest = [], [], []
    for run in range(runs):
        with _running(Server(folder / f"first_{run}")) as server:
            ours.append(_seconds_to_first_page(browser, server))
            time.sleep(REST_SECONDS)
            rest.append(_memory(server))
        with _running(_bare(folder, f"bare_{run}")) as server:
            bare.append(_seconds_to_first_page(browser, server))
    seconds, other = median(ours), median(bare)
    _tell("first_page", seconds=seconds, bare_seconds=other, ratio=seconds / other, aim_seconds=3, runs=runs)
    _tell("memory_at_rest", server_mb=median(rest), aim_mb=300, runs=runs)


def reading(table: Path, runs: int) -> None:
    """Measure the reading of a large file beside bare readers, each time in a process of its own."""
    peers = ("pandas", "arrow", "polars")
    # In a process of its own as well: what this one had in memory would count in all that it starts.
    _in_own_process("keep", table)
    kept = table.with_suffix(".arrow")
    places = {"again": kept, "profiled": kept}
    acts = ("ours", "look", *places, *peers, "bytes")
    # Act by act in turn, so that a slow moment of the machine does not fall on one of them alone.
    found = {act: [] for act in acts}
    for _ in range(runs):
        for act in acts:
            found[act].append(_in_own_process(act, places.get(act, table)))

    def typical(act: str, field: str) -> float:
        return median(result[field] for result in found[act])

    fastest = min(peers, key=lambda peer: typical(peer, "cpu_seconds"))
    _tell(
        "read",
        rows=found["ours"][0]["rows"],
        columns=found["ours"][0]["columns"],
        file_mb=table.stat().st_size / MEGABYTE,
        seconds=typical("ours", "seconds"),
        cpu_seconds=typical("ours", "cpu_seconds"),
        peak_mb=typical("ours", "peak_mb"),
        fastest_peer=fastest,
        ratio=typical("ours", "seconds") / min(typical(peer, "seconds") for peer in peers),
        cpu_ratio=typical("ours", "cpu_seconds") / typical(fastest, "cpu_seconds"),
        aim_ratio=1.3,
        peak_ratio_to_pandas=typical("ours", "peak_mb") / typical("pandas", "peak_mb"),
        runs=runs,
    )
    for peer in (*peers, "bytes"):
        figures = {field: typical(peer, field) for field in ("seconds", "cpu_seconds", "peak_mb")}
        _tell("read_bare", reader=peer, **figures, runs=runs)
    ratio = typical("again", "seconds") / typical("ours", "seconds")
    _tell("read_again", seconds=typical("again", "seconds"), ratio=ratio, aim_ratio=0.25, runs=runs)
    _tell("first_look", seconds=typical("look", "seconds"), aim_seconds=0.5, runs=runs)
    _tell(
        "profile",
        cpu_seconds=typical("profiled", "cpu_seconds"),
        aim_cpu_seconds=4,
        peak_mb=typical("profiled", "peak_mb"),
        runs=runs,
    )


def profiling_of_50_000_rows(runs: int) -> None:
    """Measure the profile of 50,000 rows and 15 columns, beside a bare description by pandas."""
    made = profiling.frame()
    ours = median(profiling.cpu_seconds(made, max(runs, profiling.RUNS)))
    began = time.process_time()
    made.describe(include="all")
    bare = time.process_time() - began
    _tell(
        "profile_50000",
        cpu_seconds=ours,
        aim_cpu_seconds=0.3,
        pandas_describe_cpu_seconds=bare,
        ratio=ours / bare,
    )


def revisits_and_memory(browser: Browser, folder: Path, table: Path, runs: int) -> None:
    """Measure a revisit of each page with a large table loaded, and the memory that it takes."""
    with _running(_bare(folder, "bare_visits"), wait=True) as server:
        person = Person(browser, server.url).open()
        bare = _visits(person, {"one": "One", "two": "Two"}, runs)
        person.close()
    other = median(seconds for page in bare.values() for seconds in page)
    with _running(Server(folder / "visits"), wait=True) as server, _peak(server) as peak:
        person = Person(browser, server.url).open()
        began = time.perf_counter()
        journey.bring_file(person, table)
        _tell("upload", seconds=time.perf_counter() - began, file_mb=table.stat().st_size / MEGABYTE)
        names = {page: person.words(link) for page, (_, link) in journey.PAGES.items()}
        for page, times in _visits(person, names, runs).items():
            ms = median(times)
            _tell("revisit", page=page, ms=ms, bare_ms=other, ratio=ms / other, aim_ms=300, runs=runs)
        person.close()
        time.sleep(REST_SECONDS)
        _tell(
            "memory", peak_mb=peak(), after_mb=_memory(server), with_workers_mb=_memory(server, family=True)
        )


def _visits(person: Person, names: dict[str, str], runs: int) -> dict[str, list[float]]:
    """Return the milliseconds of each revisit of each page, all pages visited once before."""
    titles, times = {}, {page: [] for page in names}
    for page, name in names.items():
        person.go(name).page.wait_for_timeout(1000)
        heading = person.main.locator("h1")
        titles[page] = (
            heading.inner_text() if heading.count() else "",
            person.page.locator(".js-plotly-plot .main-svg").count(),
        )
    for _ in range(runs):
        for page, name in names.items():
            link = person.link(name).element_handle()
            times[page].append(person.page.evaluate(CLICK, [link, *titles[page]]))
            person.settle()
    return times


def _seconds_to_first_page(browser: Browser, server: Server) -> float:
    person = Person(browser, server.url)
    while not serve.answers(serve.THIS_MACHINE, server.port):
        if not server.process.is_running():
            raise RuntimeError(server.log.read_text(errors="replace"))
        time.sleep(0.01)
    person.page.goto(server.url)
    person.page.wait_for_selector(RESTING)
    person.main.locator("h1, p").first.wait_for()
    seconds = time.perf_counter() - server.started_at
    person.close()
    return seconds


@contextmanager
def _running(server: Server, *, wait: bool = False) -> Iterator[Server]:
    server.start(wait=wait)
    try:
        yield server
    finally:
        server.stop()


def _bare(folder: Path, name: str) -> Server:
    flags = ("--browser.gatherUsageStats", "false")
    return Server(folder / name, script="Home.py", folder=folder / "bare", flags=flags)


def _memory(server: Server, *, family: bool = False) -> float:
    """Return the resident megabytes of a server, or of all its processes."""
    counted = server.family() if family else [server.process]
    return sum(process.memory_info().rss for process in counted) / MEGABYTE


@contextmanager
def _peak(server: Server) -> Iterator[Callable[[], float]]:
    """Watch a server's memory meanwhile; the yielded function tells the most that was seen."""
    seen, over = [0.0], threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            seen[0] = max(seen[0], _memory(server))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield lambda: seen[0]
    finally:
        over.set()
        watcher.join()


def _in_own_process(act: str, table: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "tools.tables", act, str(table)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _tell(measure: str, **values: Any) -> None:
    rounded = {k: float(f"{v:.3g}") if isinstance(v, float) else v for k, v in values.items()}
    print(json.dumps({"measure": measure, **rounded}), flush=True)


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="start.py bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="how often each is measured; medians are told")
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the large table")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
