"""What somebody could try to come to another's work: Grace, who knows every id that Ada has, tries all of it.

Each returns what she got; whoever calls it searches that for what is Ada's.
"""

from __future__ import annotations

import hashlib
import json
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from browser.strangers import World, experiment_of
from browser.wire import Wire

from mlp_core.accounts import COOKIE, Owner
from mlp_core.errors import MLPError, NotFound
from mlp_core.library import Shares
from mlp_core.project import Project
from mlp_core.storage.documents import decoded, encoded

Attempt = Callable[[World, Path], bytes]
ATTEMPTS: Final[dict[str, Attempt]] = {}

_PAGES: Final = ("start", "upload", "explore", "visualize", "train", "predict", "account")
_MADE_UP: Final = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
_NOWHERE: Final = b"leads nowhere"


def attempt(act: Attempt) -> Attempt:
    ATTEMPTS[act.__name__] = act
    return act


# With addresses and cookies


@attempt
def ids_in_the_query(world: World, _: Path) -> bytes:
    known = world.ada.known
    names = ("project", "project_id", "owner", "workspace", "session", "user", "id", "board", "run")
    queries = ["&".join(f"{name}={known[what]}" for name in names) for what in ("project 0", "owner")]
    return b"".join(world.grace.wire.page(page, query) for page in _PAGES for query in queries)


@attempt
def ids_in_the_path(world: World, _: Path) -> bytes:
    known, html = world.ada.known, {"Accept": "text/html"}
    paths = [f"/{known['project 0']}", f"/upload/{known['project 0']}", f"/workspaces/{known['project 0']}"]
    paths += [f"/shared/{world.ada.link}", f"/account/{known['owner']}", f"/artifacts/{known['artifact']}"]
    return b"".join(world.grace.wire.ask(path, headers=html).everything for path in paths)


@attempt
def ids_in_other_cookies(world: World, _: Path) -> bytes:
    known = world.ada.known
    names = ("project", "owner", "workspace", "pythie_project", "_streamlit_user", "session")
    mixed = dict.fromkeys(names, known["project 0"]) | {COOKIE: world.grace.token, "owner": known["owner"]}
    return b"".join(Wire(world.server.url, mixed).page(page) for page in _PAGES)


def _as_cookie(world: World, value: str) -> bytes:
    wire = Wire(world.server.url, {COOKIE: value})
    entered = wire.ask("/", headers={"Accept": "text/html"})
    assert COOKIE in entered.headers.get("set-cookie", ""), "this is no session, so a new one is given"
    return entered.everything + b"".join(wire.page(page) for page in _PAGES)


@attempt
def owner_as_cookie(world: World, _: Path) -> bytes:
    return _as_cookie(world, world.ada.known["owner"])


@attempt
def project_as_cookie(world: World, _: Path) -> bytes:
    return _as_cookie(world, world.ada.known["project 0"])


@attempt
def key_of_a_session_as_cookie(world: World, _: Path) -> bytes:
    # What stands in the names of the files of sessions, should anybody see them.
    return _as_cookie(world, hashlib.sha256(world.ada.token.encode()).hexdigest())


@attempt
def former_token_as_cookie(world: World, _: Path) -> bytes:
    return _as_cookie(world, world.ada.former)


@attempt
def link_as_cookie(world: World, _: Path) -> bytes:
    return _as_cookie(world, world.ada.link)


@attempt
def guest_who_became_an_account(world: World, _: Path) -> bytes:
    of, former = world.services, Owner(id=world.ada.known["former owner"])
    assert of.sessions.find(world.ada.former) is None
    assert not of.library.owns(former.id, world.ada.known["project 0"])
    return repr((of.library.projects(former.id), of.artifacts.list(former))).encode()


# With links


def _shared(world: World, token: str) -> bytes:
    came = world.grace.wire.page("shared", f"link={token}")
    assert _NOWHERE in came
    return came


@attempt
def ids_instead_of_a_link(world: World, _: Path) -> bytes:
    known = world.ada.known
    return b"".join(_shared(world, value) for name, value in known.items() if name != "link")


@attempt
def nearly_a_link(world: World, _: Path) -> bytes:
    link = world.ada.link
    other = "A" if link[-1] != "A" else "B"
    nearly = (
        link[:-1],
        link[:-1] + other,
        link + "A",
        link.swapcase(),
        "_" * 32,
        "%25" * 32,
        link[:31] + "_",
    )
    odd = ("'+OR+'1'='1", link + "%00", link + "%27--", "../" + link, "*", "")
    return b"".join(_shared(world, token) for token in (*nearly, *odd))


@attempt
def withdrawn_link(world: World, _: Path) -> bytes:
    owner, shares = world.owner(world.ada), world.services.shares
    share = shares.make(owner.id, world.project(world.ada), days=1)
    assert _NOWHERE not in world.grace.wire.page("shared", f"link={share.token}")
    shares.withdraw(owner.id, share.id)
    return _shared(world, share.token)


@attempt
def expired_link(world: World, _: Path) -> bytes:
    owner, root = world.owner(world.ada), world.server.data
    long_ago = Shares(root, clock=lambda: time.time() - 10 * 86_400)
    share = long_ago.make(owner.id, world.project(world.ada), days=9.9)
    assert long_ago.find(share.token)
    return _shared(world, share.token)


@attempt
def shares_of_another(world: World, _: Path) -> bytes:
    grace, shares = world.owner(world.grace).id, world.services.shares
    share = world.ada.known["share 0"]
    with pytest.raises(NotFound):
        shares.withdraw(grace, share)
    with pytest.raises(NotFound):
        shares.make(grace, world.ada.known["project 0"], days=1)
    with pytest.raises(NotFound):
        shares.list(grace, world.ada.known["project 0"])
    return repr(shares.list(grace)).encode()


# With tabs, buttons and downloads, in Streamlit's own words


@attempt
def tab_of_another(world: World, _: Path) -> bytes:
    with world.ada.wire.tab() as hers:
        assert world.ada.word.encode() in hers.run("account")
        with world.grace.wire.tab(hers.session) as taken:
            came = taken.run("account") + taken.run("upload")
            assert taken.session == hers.session, "Streamlit hands the tab over, and the page has to refuse"
    with world.grace.wire.tab(hers.session) as taken:
        return came + taken.run("upload")


@attempt
def tab_without_any_cookie(world: World, _: Path) -> bytes:
    with world.ada.wire.tab() as hers:
        hers.run("account")
    with Wire(world.server.url).tab(hers.session) as taken:
        return taken.run("account")


@attempt
def tab_of_nobody(world: World, _: Path) -> bytes:
    with world.grace.wire.tab(_MADE_UP) as tab:
        return tab.run("upload")


@attempt
def buttons_of_another(world: World, _: Path) -> bytes:
    buttons = [one for one in world.ada.recording.buttons() if world.ada.known["project 0"] in one]
    buttons += [one for one in world.ada.recording.buttons() if world.ada.known["artifact"] in one]
    assert len(buttons) >= 4
    with world.grace.wire.tab() as tab:
        return b"".join(tab.run("account", pressed=button) for button in buttons[-12:])


@attempt
def downloads_of_nobody(world: World, _: Path) -> bytes:
    known = world.ada.known
    with world.grace.wire.tab() as tab:
        came = tab.run("account")
        for id_ in (known["artifact"], known["project 0"], known["board"], "0" * 32):
            answer = tab.ask_for_download(id_)
            assert b"Failed" in answer
            came += answer
    return came


@attempt
def media_of_nobody(world: World, _: Path) -> bytes:
    wire, came = world.grace.wire, b""
    known = world.ada.known
    for name in ("", "0" * 56, "0" * 56 + ".csv", known["artifact"] + ".csv", known["project 0"], "*", "."):
        answer = wire.ask(f"/media/{name}")
        assert answer.status == 404 or b"<title>Streamlit</title>" in answer.body
        came += answer.everything
    return came


@attempt
def uploads_into_nobodys_tab(world: World, _: Path) -> bytes:
    came = b""
    for session in (_MADE_UP, world.ada.known["owner"], world.ada.known["project 0"], ".."):
        for method in ("PUT", "DELETE"):
            path = f"/_stcore/upload_file/{session}/{_MADE_UP}"
            answer = world.grace.wire.ask(path, method=method, body=b"x")
            assert answer.status >= 400
            came += answer.everything
    return came


@attempt
def routes_of_the_server(world: World, _: Path) -> bytes:
    wire, told = world.grace.wire, json.dumps({"session_id": world.ada.known["owner"]}).encode()
    names = ("health", "metrics", "host-config", "script-health-check", "agent/openapi.json")
    came = b"".join(wire.ask(f"/_stcore/{name}").everything for name in names)
    for name in ("agent/interact", "agent/mcp"):
        answer = wire.ask(
            f"/_stcore/{name}", method="POST", body=told, headers={"Content-Type": "application/json"}
        )
        assert answer.status >= 400
        came += answer.everything
    return came


@attempt
def claims_of_the_cookie(world: World, _: Path) -> bytes:
    known, came = world.ada.known, b""
    for told in (known["owner"], known["session"], known["project 0"], world.ada.former, world.ada.link, ""):
        answer = world.grace.wire.ask("/visitor", method="POST", body=told.encode())
        assert answer.status == 403
        came += answer.everything
    # A page elsewhere that had got hold of a fresh token could put Grace into a stranger's session with it.
    token = world.services.sessions.start(known["owner"])
    stranger = {"Sec-Fetch-Site": "cross-site", "Origin": "http://elsewhere.example"}
    answer = world.grace.wire.ask("/visitor", method="POST", body=token.encode(), headers=stranger)
    world.services.sessions.drop(hashlib.sha256(token.encode()).hexdigest())
    assert answer.status == 403
    return came + answer.everything


@attempt
def paths_out_of_the_folder(world: World, _: Path) -> bytes:
    wire, data, came = world.grace.wire, str(world.server.data), b""
    project = f"workspaces/{world.ada.known['project 0']}/project.json"
    ups = ("../" * 8, "..%2f" * 8, "%2e%2e/" * 8, "..%5c" * 8, "....//" * 8, "%252e%252e%252f" * 8, "/")
    for start in ("/media/", "/static/", "/component/x/", "/app/static/", "/_stcore/", "/"):
        for up in ups:
            for target in (f"{data}/pythie.db", f"{data}/{project}", "etc/passwd"):
                answer = wire.ask(start + up + target.lstrip("/"))
                assert b"SQLite format" not in answer.body
                assert b"root:" not in answer.body
                came += answer.everything
    for target in (
        "pythie.db",
        "mlflow.db",
        project,
        ".pythie/pythie.db",
        "app.py",
        ".streamlit/secrets.toml",
    ):
        came += wire.ask(f"/{target}").everything
    return came


# In the stores, as Grace


@attempt
def projects_of_another(world: World, folder: Path) -> bytes:
    grace, hers, library = world.owner(world.grace).id, world.ada.known["project 0"], world.services.library
    assert not library.owns(grace, hers)
    for act in (
        lambda: library.open(grace, hers),
        lambda: library.rename(grace, hers, "mine"),
        lambda: library.duplicate(grace, hers),
        lambda: library.delete(grace, hers),
        lambda: library.export(grace, hers, folder / "hers.pythie"),
    ):
        with pytest.raises(NotFound):
            act()
    return repr(library.projects(grace)).encode()


@attempt
def versions_of_another(world: World, _: Path) -> bytes:
    grace, hers, library = world.owner(world.grace).id, world.ada.known["project 0"], world.services.library
    assert library.versions(world.owner(world.ada).id, hers)
    with pytest.raises(NotFound):
        library.versions(grace, hers)
    with pytest.raises(NotFound):
        library.restore(grace, hers, 0)
    return repr(library.versions(grace, world.project(world.grace))).encode()


@attempt
def project_as_owner(world: World, _: Path) -> bytes:
    # A folder that bears an owner's own id is adopted, as earlier versions had them; not that of another.
    library, came = world.services.library, []
    for name in ("project 0", "project 1"):
        given = library.current(world.ada.known[name])
        came.append(given)
        library.delete_all(world.ada.known[name])
    return repr(came).encode()


@attempt
def saved_things_of_another(world: World, _: Path) -> bytes:
    grace, hers, artifacts = world.owner(world.grace), world.ada.known["artifact"], world.services.artifacts
    for act in (
        lambda: artifacts.get(grace, hers),
        lambda: artifacts.rename(grace, hers, "mine"),
        lambda: artifacts.delete(grace, hers),
        lambda: artifacts.get(grace, f"../{world.ada.known['owner']}/{hers}"),
        lambda: artifacts.get(replace(grace, id=f"{grace.id}/../{world.ada.known['owner']}"), hers),
    ):
        with pytest.raises(NotFound):
            act()
    return repr(artifacts.list(grace)).encode()


@attempt
def saved_under_the_id_of_another(world: World, _: Path) -> bytes:
    grace, hers, artifacts = world.owner(world.grace), world.ada.known["artifact"], world.services.artifacts
    kept = artifacts.put(grace, name="mine", kind="csv", page="train", content=b"a\n", artifact_id=hers)
    content = artifacts.get(grace, kept.id)
    artifacts.delete(grace, kept.id)
    assert content == b"a\n"
    return repr(replace(kept, id="")).encode()


@attempt
def jobs_of_another(world: World, _: Path) -> bytes:
    mine, theirs, known = world.folder(world.grace), world.folder(world.ada), world.ada.known
    for jobs in (world.services.jobs, world.services.readings):
        assert jobs.find(mine, known["board"]) is None
        for path in (f"../../{theirs.name}/jobs/{known['board']}", str(theirs / "jobs" / known["board"])):
            assert jobs.find(mine, path) is None
    latest = world.services.jobs.latest(mine)
    assert latest is not None
    return repr((latest.id, latest.spec, latest.status())).encode()


@attempt
def trainings_of_another(world: World, _: Path) -> bytes:
    project = Project.load(world.folder(world.grace))
    assert not project.board_folder(world.ada.known["board"]).exists()
    for path in (f"../../{world.ada.known['project 0']}/boards/{world.ada.known['board']}", "..", "/"):
        with pytest.raises(MLPError):
            project.board_folder(path)
    return repr(project.board_ids()).encode()


@attempt
def runs_of_another(world: World, _: Path) -> bytes:
    came = []
    for run in experiment_of(world, world.grace):
        came.append(json.dumps(run.to_dictionary()).encode())
        files = Path(str(run.info.artifact_uri).removeprefix("file://"))
        came += [path.read_bytes() for path in files.rglob("*") if path.is_file()]
    assert len(came) > 3
    return b"".join(came)


# With project files


@attempt
def file_that_bears_the_id_of_another(world: World, folder: Path) -> bytes:
    """Grace edits a project file of her own until it says that it is Ada's, and opens it."""
    library, grace = world.services.library, world.owner(world.grace).id
    ada = Project.load(world.folder(world.ada))
    path = folder / "mine.pythie"
    library.export(grace, world.project(world.grace), path)
    forged = _edited(path, {"id": ada.id, "job": ada.job, "revision": ada.revision + 5})
    assert Project.load(world.folder(world.ada)).id == ada.id
    return _brought(world, forged)


@attempt
def file_with_the_fingerprint_of_another(world: World, folder: Path) -> bytes:
    """What the server computed for Ada's table is kept under its fingerprint, which is not taken on trust."""
    library, grace = world.services.library, world.owner(world.grace).id
    hers = Project.load(world.folder(world.ada)).source
    path = folder / "mine.pythie"
    library.export(grace, world.project(world.grace), path)
    mine = Project.load(world.folder(world.grace)).source
    assert hers is not None
    assert mine is not None
    source = {**mine.to_json(), "fingerprint": hers.fingerprint, "checksum": hers.checksum}
    names = {f"tables/{mine.fingerprint}.parquet": f"tables/{hers.fingerprint}.parquet"}
    return _brought(world, _edited(path, {"source": source}, names))


@attempt
def file_under_the_project_of_another(world: World, folder: Path) -> bytes:
    library, grace = world.services.library, world.owner(world.grace).id
    path = folder / "mine.pythie"
    library.export(grace, world.project(world.grace), path)
    before = library.projects(grace)
    with pytest.raises(MLPError):
        library.bring(grace, path, project_id=world.ada.known["project 0"])
    for bad in ("..", f"../{world.ada.known['project 0']}", "/tmp", ""):
        with pytest.raises(MLPError):
            library.bring(grace, path, project_id=bad or ".")
    assert len(library.projects(grace)) == len(before)
    return repr(library.projects(grace)).encode()


@attempt
def file_that_reaches_beside_itself(world: World, folder: Path) -> bytes:
    library, grace = world.services.library, world.owner(world.grace).id
    path = folder / "mine.pythie"
    library.export(grace, world.project(world.grace), path)
    before = library.projects(grace)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(f"../{world.ada.known['project 0']}/project.json", b"{}")
    with pytest.raises(MLPError):
        library.bring(grace, path)
    assert len(library.projects(grace)) == len(before)
    return repr(library.projects(grace)).encode()


def _edited(path: Path, changes: dict[str, object], names: dict[str, str] | None = None) -> Path:
    """Return a project file with another document in it, and some members under other names."""
    edited = path.with_name("edited.pythie")
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(edited, "w") as after:
        for member in before.namelist():
            content = before.read(member)
            if member == "project.json":
                content = encoded({**(decoded(content) or {}), **changes})
            after.writestr((names or {}).get(member, member), content)
    return edited


def _brought(world: World, path: Path) -> bytes:
    """Open a project file as Grace, look at all its pages, and delete it again."""
    library, grace = world.services.library, world.owner(world.grace).id
    before = library.current(grace)
    brought = library.bring(grace, path)
    assert brought not in world.ada.known.values()
    came = b"".join(world.grace.wire.page(page) for page in _PAGES)
    assert world.grace.word.encode() in came
    library.delete(grace, brought)
    library.open(grace, before)
    return came
