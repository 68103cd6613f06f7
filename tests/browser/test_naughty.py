"""Whatever a person calls a thing is shown as text: nothing of it runs, is fetched, or becomes markup."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from browser.journey import PAGES, bring_file, visit
from browser.membership import account_page, cookie, give_link
from browser.person import Person
from browser.server import Server
from naughty import LONG, MARKDOWN, MARKUP, NAUGHTY

from mlp_core.accounts import Owner
from mlp_core.config import Settings
from pages._ui.services import Services, open_services

RUNS = '<img src=x onerror="window.ran=1">'
MARKED = tuple(
    dict.fromkeys((RUNS, *MARKUP, *MARKDOWN, *(name[:3_000] for name in LONG if name.isprintable())))
)
MANY = 480
"""As many saved things as an owner may have, nearly."""
MADE_OF_NAMES = "img[src=x], [onerror], [onload], [onfocus], a[href^=javascript], form[action*=example]"


def test_naughty_names_of_projects_saved_things_and_columns_are_text_on_every_page(
    start_server: Callable[..., Server], visitor: Callable[..., Person]
) -> None:
    server = start_server(variables={"MLP_MAX_PROJECTS": "1000"})
    person = visitor(server=server).open()
    bring_file(person, ("naughty.csv", table_of(MARKED)))
    services = open_services(Settings(data_dir=server.data, fast_jobs=False, max_projects=1_000))
    owner = owner_of(person, services)
    mine = services.library.current(owner.id)
    services.library.rename(owner.id, mine, RUNS + "**" + MARKUP[0])
    for name in NAUGHTY[::6]:
        services.library.create(owner.id, name)
    services.library.open(owner.id, mine)
    for name in NAUGHTY[:MANY]:
        services.artifacts.put(owner, name=name, kind="csv", page="upload", content=f"{name!a}\n1\n".encode())

    for page in PAGES:
        nothing_ran(visit(person, page))
    for view in ("Projects", "Saved", "Links"):
        nothing_ran(account_page(person, view))
    link = give_link(person)
    stranger = visitor(server=server)
    nothing_ran(stranger.open(link.removeprefix(server.url)))
    stranger.sees(RUNS[:20])


def table_of(names: tuple[str, ...]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(names)
    writer.writerows([[f"{row * column % 7}" for column in range(len(names))] for row in range(1, 40)])
    return text.getvalue().encode("utf-8", "replace")


def owner_of(person: Person, services: Services) -> Owner:
    session = services.sessions.find(str(cookie(person)["value"]))
    assert session is not None
    return Owner(id=session.owner_id)


def nothing_ran(person: Person) -> None:
    assert person.page.evaluate("window.ran") is None
    assert person.page.locator(MADE_OF_NAMES).count() == 0
    assert person.page.get_by_test_id("stException").count() == 0
    person.does_not_see(
        person.words("Something went wrong on this page. Your work is kept; reload the page to go on.")
    )
