"""What the store on this server promises beyond the contract: its paths, and what it mends at start."""

from __future__ import annotations

import os
import re
import secrets
import stat
import threading

import pytest
from storage.stores import person

from mlp_core.accounts.account import Owner
from mlp_core.errors import NotFound, QuotaExceeded, StorageError
from mlp_core.storage.artifacts import EXTENSIONS, EmbeddedArtifacts, MemoryArtifacts, Quota, Usage
from mlp_core.storage.artifacts import embedded as module

ADA, GRACE = person("Ada"), person("Grace")
GUEST = Owner(id=secrets.token_hex(16))


@pytest.fixture
def store(tmp_path):
    return EmbeddedArtifacts(tmp_path, lambda owner: Quota(bytes=1_000, items=5))


def put(store, owner=ADA, name="thing", content=b"a,b\n1,2\n", **fields):
    return store.put(owner, name=name, kind="csv", page="train", content=content, **fields)


def files(tmp_path):
    return sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.glob("artifacts/*/*"))


def only_file(tmp_path):
    (path,) = tmp_path.glob("artifacts/*/*")
    return path


class Killed(BaseException):
    """Stands for the end of the process: nothing after it is done."""


def test_a_file_is_named_by_the_ids_that_the_app_made(store, tmp_path):
    for kind in EXTENSIONS:
        try:
            store.put(ADA, name="../../x", kind=kind, page="train", content=b"x")
        except QuotaExceeded:
            store.delete_all(ADA)
            store.put(ADA, name="../../x", kind=kind, page="train", content=b"x")
    found = files(tmp_path)
    assert found
    assert all(re.fullmatch(rf"artifacts/{ADA.id}/[0-9a-f]{{32}}\.[a-z]+", name) for name in found)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in another way")
def test_nobody_else_on_the_machine_can_look_in(store, tmp_path):
    put(store)
    for path in (tmp_path / "artifacts" / ADA.id, *tmp_path.glob("pythie.db*")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path.name


@pytest.mark.parametrize("id_", ["", "..", "../x", "A" * 32, "a" * 31])
def test_an_owner_that_the_app_did_not_make_has_nothing_and_becomes_no_path(store, tmp_path, id_):
    odd = Owner(id=id_)
    for ask in (store.list, store.usage, store.delete_all, put_by(store)):
        with pytest.raises(NotFound):
            ask(odd)
    for ask in (store.get, store.delete):
        with pytest.raises(NotFound):
            ask(odd, "0" * 32)
    for pair in ((id_, ADA.id), (ADA.id, id_)):
        with pytest.raises(NotFound):
            store.move(*pair)
    assert files(tmp_path) == []


def put_by(store):
    return lambda owner: put(store, owner)


def test_another_process_sees_the_same(store, tmp_path):
    kept = put(store, name="été")
    other = EmbeddedArtifacts(tmp_path)
    assert other.list(ADA) == [kept]
    assert other.get(ADA, kept.id) == b"a,b\n1,2\n"


@pytest.mark.parametrize("harm", [lambda path: path.write_bytes(b"a,b\n1,3\n"), lambda path: path.unlink()])
def test_a_damaged_or_lost_file_is_a_sentence_and_can_be_deleted(store, tmp_path, harm):
    kept = put(store, name="Fares")
    harm(only_file(tmp_path))
    with pytest.raises(StorageError) as refused:
        store.get(ADA, kept.id)
    assert not isinstance(refused.value, NotFound)
    assert "Fares est endommagé" in refused.value.render("fr")
    store.delete(ADA, kept.id)
    assert store.list(ADA) == []


def test_a_put_that_fails_at_any_point_leaves_nothing(store, tmp_path, monkeypatch, full_disk):
    with monkeypatch.context() as patched:
        patched.setattr(store, "_make_ready", lambda *given: (_ for _ in ()).throw(StorageError("no")))
        with pytest.raises(StorageError):
            put(store)
    full_disk()
    with pytest.raises(StorageError) as refused:
        put(store)
    assert "plein" in refused.value.render("fr")
    assert store.list(ADA) == []
    assert store.usage(ADA) == Usage(bytes=0, items=0)
    assert files(tmp_path) == []
    assert store.sweep() == 0


def test_the_room_of_what_is_being_put_is_taken(store, monkeypatch):
    written, go_on = threading.Event(), threading.Event()
    real = module.write_atomically

    def wait(path, content):
        written.set()
        assert go_on.wait(10)
        real(path, content)

    monkeypatch.setattr(module, "write_atomically", wait)
    slow = threading.Thread(target=put, args=(store,), kwargs={"content": b"x" * 600})
    slow.start()
    assert written.wait(10)
    assert store.list(ADA) == [], "it is not whole yet"
    with pytest.raises(QuotaExceeded):
        put(store, content=b"x" * 600)
    go_on.set()
    slow.join()
    assert store.usage(ADA) == Usage(bytes=600, items=1)


def killed_while(store, monkeypatch, step):
    """Put a thing and be killed when ``step`` would begin: nothing is undone."""

    def die(*given):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(store, "_undo", lambda *given: None)
        if step == "file":
            patched.setattr(module, "write_atomically", die)
        else:
            patched.setattr(store, "_make_ready", die)
        with pytest.raises(Killed):
            put(store)


@pytest.mark.parametrize("step", ["file", "row"])
def test_what_a_killed_server_left_is_never_listed_and_is_swept_away(store, tmp_path, monkeypatch, step):
    kept = put(store, name="kept")
    killed_while(store, monkeypatch, step)
    fresh = EmbeddedArtifacts(tmp_path)
    assert fresh.list(ADA) == [kept]
    assert fresh.usage(ADA) == Usage(bytes=8, items=1)
    assert fresh.sweep() == (1 if step == "file" else 2)
    assert len(files(tmp_path)) == 1
    assert fresh.sweep() == 0
    assert fresh.get(ADA, kept.id) == b"a,b\n1,2\n"


def test_the_sweep_removes_what_no_row_names_and_leaves_what_is_not_its_own(store, tmp_path):
    kept, gone = put(store), put(store, GRACE)
    (tmp_path / "artifacts" / GRACE.id / f"{gone.id}.csv").rename(tmp_path / "away")
    store.delete(GRACE, gone.id)
    (tmp_path / "away").rename(tmp_path / "artifacts" / GRACE.id / f"{gone.id}.csv")
    draft = tmp_path / "artifacts" / ADA.id / f".{'0' * 32}.csv.0123abcd.tmp"
    draft.write_bytes(b"half")
    for foreign in (tmp_path / "artifacts" / "notes.txt", tmp_path / "artifacts" / ADA.id / "README"):
        foreign.write_text("put here by an operator")
    assert store.sweep() == 2
    assert set(files(tmp_path)) == {f"artifacts/{ADA.id}/README", f"artifacts/{ADA.id}/{kept.id}.csv"}
    assert not (tmp_path / "artifacts" / GRACE.id).exists()
    assert (tmp_path / "artifacts" / "notes.txt").exists()


def test_a_thing_whose_file_is_gone_is_listed_again_once_it_is_back(store, tmp_path, caplog):
    kept, other = put(store, name="Fares", content=b"x" * 900), put(store)
    path = tmp_path / "artifacts" / ADA.id / f"{kept.id}.csv"
    path.rename(tmp_path / "elsewhere")
    assert store.sweep() == 0
    assert store.list(ADA) == [other]
    assert store.usage(ADA) == Usage(bytes=8, items=1)
    assert kept.id in caplog.text
    assert "Fares" not in caplog.text
    put(store, content=b"x" * 900)
    (tmp_path / "elsewhere").rename(path)
    assert store.sweep() == 0
    assert kept in store.list(ADA)
    assert store.get(ADA, kept.id) == b"x" * 900


def test_a_new_database_sweeps_no_files_of_a_lost_one(store, tmp_path):
    kept = put(store)
    saved = {path: path.read_bytes() for path in tmp_path.glob("pythie.db*")}
    for path in saved:
        path.unlink()
    fresh = EmbeddedArtifacts(tmp_path)
    assert fresh.sweep() == 0
    assert len(files(tmp_path)) == 1
    del fresh
    for path in tmp_path.glob("pythie.db*"):
        path.unlink()
    for path, content in saved.items():
        path.write_bytes(content)
    assert EmbeddedArtifacts(tmp_path).get(ADA, kept.id) == b"a,b\n1,2\n"


def test_a_sweep_of_another_server_never_leaves_half_a_thing(store, tmp_path, monkeypatch):
    other, real = EmbeddedArtifacts(tmp_path), module.write_atomically

    def swept_meanwhile(path, content):
        real(path, content)
        other.sweep()

    with monkeypatch.context() as patched:
        patched.setattr(module, "write_atomically", swept_meanwhile)
        with pytest.raises(StorageError) as refused:
            put(store)
    assert "pendant son enregistrement" in refused.value.render("fr")
    assert store.list(ADA) == []
    assert files(tmp_path) == []


def test_a_sweep_leaves_what_is_being_put_alone(store, monkeypatch):
    real = module.write_atomically

    def swept_meanwhile(path, content):
        real(path, content)
        assert store.sweep() == 0

    monkeypatch.setattr(module, "write_atomically", swept_meanwhile)
    kept = put(store)
    assert store.get(ADA, kept.id) == b"a,b\n1,2\n"


def test_deleting_everything_leaves_no_folder_and_nothing_of_others(store, tmp_path, monkeypatch):
    hers = put(store, GRACE)
    put(store)
    killed_while(store, monkeypatch, "row")
    store.delete_all(ADA)
    assert not (tmp_path / "artifacts" / ADA.id).exists()
    assert store.list(GRACE) == [hers]
    assert store.get(GRACE, hers.id) == b"a,b\n1,2\n"


@pytest.mark.parametrize("make", [EmbeddedArtifacts, lambda folder, *given: MemoryArtifacts(*given)])
def test_the_things_of_a_guest_become_those_of_the_account(tmp_path, make):
    store = make(tmp_path, lambda owner: Quota(items=2))
    own, first, second = put(store, name="own"), put(store, GUEST, "first"), put(store, GUEST, "second")
    store.move(GUEST.id, ADA.id)
    assert store.list(GUEST) == []
    assert store.usage(GUEST) == Usage(bytes=0, items=0)
    assert store.list(ADA) == [second, first, own], "beyond the quota, rather than lost"
    assert store.get(ADA, first.id) == b"a,b\n1,2\n"
    with pytest.raises(NotFound):
        store.get(GUEST, first.id)
    with pytest.raises(QuotaExceeded):
        put(store)
    store.delete_all(GUEST)
    assert store.sweep() == 0
    assert store.get(ADA, second.id) == b"a,b\n1,2\n"
    store.rename(ADA, second.id, "renamed")
    store.delete(ADA, first.id)
    store.delete_all(ADA)
    assert files(tmp_path) == []


def test_what_a_guest_puts_while_an_account_is_made_follows(store, monkeypatch):
    real = module.write_atomically

    def moved_meanwhile(path, content):
        store.move(GUEST.id, ADA.id)
        real(path, content)

    monkeypatch.setattr(module, "write_atomically", moved_meanwhile)
    kept = put(store, GUEST)
    assert store.list(ADA) == [kept]
    assert store.get(ADA, kept.id) == b"a,b\n1,2\n"


def test_one_of_eight_keeps_what_all_put_under_one_id(store):
    start, outcomes = threading.Barrier(8), []

    def work(number):
        start.wait()
        try:
            outcomes.append(put(store, content=bytes([number]) * 9, artifact_id="ab" * 16))
        except StorageError:
            outcomes.append(None)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (kept,) = store.list(ADA)
    assert {one for one in outcomes if one is not None} == {kept}
    assert len(set(store.get(ADA, kept.id))) == 1


@pytest.mark.parametrize(("language", "room"), [("en", "1.2 MB of your 1.5 MB"), ("fr", "1,2 Mo sur 1,5.")])
def test_room_is_told_with_one_decimal_and_never_more_than_is_left(tmp_path, language, room):
    megabyte = 1 << 20
    store = EmbeddedArtifacts(tmp_path, quota_of=lambda owner: Quota(bytes=3 * megabyte // 2))
    owner = Owner(id="a" * 32)
    store.put(owner, name="first", kind="csv", page="train", content=bytes(megabyte // 4 + 1))
    with pytest.raises(QuotaExceeded) as refused:
        store.put(owner, name="second", kind="csv", page="train", content=bytes(2 * megabyte))
    assert room in refused.value.message.render(language).replace("\u202f", " ")
