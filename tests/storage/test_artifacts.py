"""One contract, which every store of saved things keeps; ``stores.py`` opens them."""

from __future__ import annotations

import threading

import pytest
from naughty import NAUGHTY
from storage.stores import STORES

from mlp_core.errors import InvalidParameter, NotFound, QuotaExceeded
from mlp_core.storage.artifacts import EXTENSIONS, Quota, Usage
from mlp_core.storage.artifacts.artifact import as_name

QUOTA = Quota(bytes=10_000, items=20, bytes_each=4_000)
UNKNOWN = "0" * 32


@pytest.fixture(params=STORES)
def place(request, tmp_path):
    with request.param(tmp_path, QUOTA) as opened:
        yield opened


def put(place, owner, name="thing", **fields):
    fields = {"kind": "csv", "page": "train", "content": b"a,b\n1,2\n", **fields}
    return place.store.put(owner, name=name, **fields)


def names(place, owner):
    return [artifact.name for artifact in place.store.list(owner)]


def test_what_is_put_is_listed_and_comes_back(place):
    kept = put(place, place.ada, "Fares", content=b"fare\n7.25\n", meta='{"rows": 1}')
    assert (kept.name, kept.kind, kept.page, kept.meta) == ("Fares", "csv", "train", '{"rows": 1}')
    assert kept.size == 10
    assert place.store.list(place.ada) == [kept]
    assert place.store.get(place.ada, kept.id) == b"fare\n7.25\n"
    assert place.store.usage(place.ada) == Usage(bytes=10, items=1)


@pytest.mark.parametrize("kind", EXTENSIONS)
def test_every_kind_is_kept_to_the_last_byte(place, kind):
    content = bytes(range(256)) + b"\r\n\0\xff"
    kept = put(place, place.ada, kind=kind, content=content)
    assert place.store.get(place.ada, kept.id) == content
    assert [one.kind for one in place.store.list(place.ada)] == [kind]


def test_the_newest_comes_first_and_the_order_stays(place):
    for number in range(6):
        put(place, place.ada, f"thing {number}")
    first = place.store.list(place.ada)
    assert [one.name for one in first] == [f"thing {number}" for number in reversed(range(6))]
    assert [one.created for one in first] == sorted((one.created for one in first), reverse=True)
    place.store.rename(place.ada, first[3].id, "other")
    assert [one.id for one in place.store.list(place.ada)] == [one.id for one in first]


def test_what_another_store_has_kept_keeps_its_id_and_its_moment(place):
    now = put(place, place.ada, "now")
    then = put(place, place.ada, "then", artifact_id="ab" * 16, created=now.created - 0.5)
    assert (then.id, then.created) == ("ab" * 16, now.created - 0.5)
    again = put(place, place.ada, "again", content=b"other", artifact_id="ab" * 16, created=0.0)
    assert again == then
    assert place.store.list(place.ada) == [now, then]
    assert place.store.get(place.ada, then.id) == b"a,b\n1,2\n"
    assert place.store.usage(place.ada).items == 2
    put(place, place.grace, "hers", artifact_id="ab" * 16)
    assert names(place, place.ada) == ["now", "then"]
    assert names(place, place.grace) == ["hers"]


def test_a_new_name_is_the_only_change(place):
    kept = put(place, place.ada, meta="{}")
    renamed = place.store.rename(place.ada, kept.id, "  Été à\n la mer ")
    assert renamed.name == "Été à la mer"
    assert place.store.list(place.ada) == [renamed]
    assert (renamed.id, renamed.size, renamed.sha256) == (kept.id, kept.size, kept.sha256)
    assert (renamed.created, renamed.meta) == (kept.created, kept.meta)
    assert place.store.get(place.ada, kept.id) == b"a,b\n1,2\n"


def test_what_is_deleted_is_gone_for_good(place):
    kept, other = put(place, place.ada, "one"), put(place, place.ada, "two")
    place.store.delete(place.ada, kept.id)
    assert names(place, place.ada) == ["two"]
    for ask in (place.store.get, place.store.delete):
        with pytest.raises(NotFound):
            ask(place.ada, kept.id)
    with pytest.raises(NotFound):
        place.store.rename(place.ada, kept.id, "three")
    place.store.delete_all(place.ada)
    assert place.store.list(place.ada) == []
    assert place.store.usage(place.ada) == Usage(bytes=0, items=0)
    with pytest.raises(NotFound):
        place.store.get(place.ada, other.id)
    place.store.delete_all(place.ada)


def test_an_owner_who_saved_nothing_has_nothing(place):
    assert place.store.list(place.grace) == []
    assert place.store.usage(place.grace) == Usage(bytes=0, items=0)
    place.store.delete_all(place.grace)


def test_nobody_meets_anything_of_another(place):
    others = [place.grace, *([place.guest] if place.guest is not None else [])]
    kept = put(place, place.ada, "private", meta="secret")
    for other in others:
        put(place, other, "own")
        with pytest.raises(NotFound) as foreign:
            place.store.get(other, kept.id)
        with pytest.raises(NotFound) as unknown:
            place.store.get(other, UNKNOWN)
        assert foreign.value.render() == unknown.value.render(), "the answer would say that it exists"
        with pytest.raises(NotFound):
            place.store.rename(other, kept.id, "mine")
        with pytest.raises(NotFound):
            place.store.delete(other, kept.id)
        assert names(place, other) == ["own"]
        assert place.store.usage(other).items == 1
        place.store.delete_all(other)
    assert place.store.list(place.ada) == [kept]
    assert place.store.get(place.ada, kept.id) == b"a,b\n1,2\n"


NO_IDS = [
    "",
    "..",
    "../x",
    "/etc/passwd",
    "a" * 31,
    "A" * 32,
    UNKNOWN + "\n",
    "0" * 33,
    "é" * 32,
    "%",
    "*",
    "\0",
]


@pytest.mark.parametrize("id_", NO_IDS)
def test_what_is_no_id_is_answered_as_one_that_is_unknown(place, id_):
    put(place, place.ada)
    for ask in (place.store.get, place.store.delete):
        with pytest.raises(NotFound):
            ask(place.ada, id_)
    with pytest.raises(NotFound):
        place.store.rename(place.ada, id_, "x")
    with pytest.raises(NotFound):
        put(place, place.ada, artifact_id=id_)
    assert names(place, place.ada) == ["thing"]


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "exe"},
        {"kind": "../csv"},
        {"kind": ""},
        {"kind": "pickle"},
        {"page": "../train"},
        {"page": ""},
        {"meta": "x" * 4_001},
        {"meta": "\ud800"},
        {"content": b""},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_what_cannot_be_kept_is_a_sentence_and_leaves_nothing(place, fields):
    with pytest.raises(InvalidParameter) as refused:
        put(place, place.ada, **fields)
    assert refused.value.render("fr") != refused.value.render("en")
    assert place.store.list(place.ada) == []
    assert place.store.usage(place.ada) == Usage(bytes=0, items=0)


def test_as_much_may_be_noted_beside_a_thing_as_is_promised(place):
    kept = put(place, place.ada, meta="é" * 4_000)
    assert place.store.list(place.ada)[0].meta == kept.meta == "é" * 4_000


def test_one_thing_may_not_pass_its_size(place):
    put(place, place.ada, content=b"x" * 4_000)
    with pytest.raises(QuotaExceeded) as refused:
        put(place, place.ada, "big", content=b"x" * 4_001)
    assert "big" in refused.value.render("fr")
    assert place.store.usage(place.ada) == Usage(bytes=4_000, items=1)


def test_all_things_together_may_not_pass_their_bytes(place):
    kept = put(place, place.ada, content=b"x" * 4_000)
    put(place, place.ada, content=b"x" * 4_000)
    put(place, place.ada, content=b"x" * 2_000)
    with pytest.raises(QuotaExceeded):
        put(place, place.ada, content=b"x")
    assert place.store.usage(place.ada) == Usage(bytes=10_000, items=3)
    put(place, place.grace, content=b"x" * 4_000)
    place.store.delete(place.ada, kept.id)
    put(place, place.ada, content=b"x" * 4_000)


def test_there_may_be_only_so_many(place):
    for _ in range(20):
        kept = put(place, place.ada)
    with pytest.raises(QuotaExceeded) as refused:
        put(place, place.ada)
    assert "20" in refused.value.render("fr")
    assert len(place.store.list(place.ada)) == 20
    place.store.delete(place.ada, kept.id)
    put(place, place.ada)


def at_once(work, times=8):
    """Run ``work(number)`` in threads that start together; return the errors that came out of them."""
    start, errors = threading.Barrier(times), []

    def run(number):
        start.wait()
        try:
            work(number)
        except Exception as error:  # what else comes out is judged by the test
            errors.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def test_eight_at_once_take_the_last_room_only_once(place):
    errors = at_once(lambda number: put(place, place.ada, content=bytes([number]) * 3_000))
    assert [type(error) for error in errors] == [QuotaExceeded] * 5
    assert place.store.usage(place.ada) == Usage(bytes=9_000, items=3)
    for one in place.store.list(place.ada):
        content = place.store.get(place.ada, one.id)
        assert content == content[:1] * 3_000


def test_eight_at_once_take_the_last_places_only_once(place):
    for _ in range(17):
        put(place, place.ada)
    errors = at_once(lambda number: put(place, place.ada))
    assert [type(error) for error in errors] == [QuotaExceeded] * 5
    assert len(place.store.list(place.ada)) == 20


def test_one_of_eight_deletes_a_thing(place):
    kept = put(place, place.ada)
    errors = at_once(lambda number: place.store.delete(place.ada, kept.id))
    assert [type(error) for error in errors] == [NotFound] * 7
    assert place.store.list(place.ada) == []


def test_naughty_names_are_text_too(place):
    some = NAUGHTY[7::26]
    assert len(some) <= QUOTA.items
    kept = [put(place, place.ada, name) for name in some]
    found = {one.id: one.name for one in place.store.list(place.ada)}
    assert [found[one.id] for one in kept] == [as_name(name) for name in some]
    for one, name in zip(kept, reversed(some), strict=True):
        place.store.rename(place.ada, one.id, name)
    found = {one.id: one.name for one in place.store.list(place.ada)}
    assert [found[one.id] for one in kept] == [as_name(name) for name in reversed(some)]


def test_names_are_text(place):
    asked = [
        "été 🦉 日本",
        "../../etc/passwd",
        "<b>x</b>",
        "$x^2$ **y**",
        "=1+1",
        "a\tb\r\nc",
        "",
        " \0 ",
        "n" * 999,
    ]
    kept = [put(place, place.ada, name) for name in asked]
    found = {one.id: one.name for one in place.store.list(place.ada)}
    assert [found[one.id] for one in kept] == [
        *asked[:5], "a b c", "–", "–", "n" * 120,
    ]  # fmt: skip
