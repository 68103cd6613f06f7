from __future__ import annotations

import contextlib
import re
import sqlite3

import pytest
from library.people import ANNE, BEN, GUEST, with_cars

from mlp_core.errors import InvalidParameter, NotFound
from mlp_core.library import Shares


@pytest.fixture
def shares(tmp_path, clock):
    return Shares(tmp_path, clock=clock)


@pytest.fixture
def cars(library):
    return library.create(ANNE, "cars")


def refusal(shares, token):
    with pytest.raises(NotFound) as refused:
        shares.find(token)
    return refused.value.render("en"), refused.value.render("fr")


def test_a_link_leads_to_its_project_until_it_ends(shares, cars, clock):
    made = shares.make(ANNE, cars, days=2)
    assert shares.find(made.token) == made
    assert (made.project_id, made.owner_id, made.what) == (cars, ANNE, "project")
    assert made.expires - made.created == 2 * 86_400
    clock.now += 2 * 86_400 - 1
    assert shares.find(made.token) == made
    clock.now += 1
    refusal(shares, made.token)
    assert shares.list(ANNE) == []


def test_unknown_ended_withdrawn_and_deleted_are_one_answer(shares, library, cars, clock):
    ended = shares.make(ANNE, cars, days=1)
    clock.now += 86_401
    withdrawn, gone = shares.make(ANNE, cars, days=1), shares.make(ANNE, library.create(ANNE), days=1)
    shares.withdraw(ANNE, withdrawn.id)
    library.delete(ANNE, gone.project_id)
    tokens = [ended.token, withdrawn.token, gone.token, "x" * 32, "", "../x", "%" * 32, None, 3, ended.id]
    assert len({refusal(shares, token) for token in tokens}) == 1


def test_a_token_cannot_be_guessed_or_read_off(shares, cars):
    made = [shares.make(ANNE, cars, days=1) for _ in range(50)]
    assert len({share.token for share in made}) == 50
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{32}", share.token) for share in made), "192 bits"
    assert not any(share.token in repr(share) for share in made)


def test_links_are_listed_and_withdrawn_by_their_owner_alone(shares, library, cars, clock):
    other = library.create(ANNE, "other")
    first = shares.make(ANNE, cars, days=1)
    clock.now += 1
    second, third = shares.make(ANNE, other, days=1), shares.make(BEN, library.create(BEN), days=1)
    assert shares.list(ANNE) == [second, first]
    assert shares.list(ANNE, cars) == [first]
    assert shares.list(GUEST) == []
    for ask in (
        lambda: shares.make(BEN, cars, days=1),
        lambda: shares.list(BEN, cars),
        lambda: shares.withdraw(BEN, first.id),
        lambda: shares.withdraw(ANNE, third.id),
        lambda: shares.withdraw(ANNE, "0" * 32),
        lambda: shares.withdraw(ANNE, "' OR 1"),
        lambda: shares.make(ANNE, "../x", days=1),
    ):
        with pytest.raises(NotFound):
            ask()
    shares.withdraw(ANNE, first.id)
    assert shares.list(ANNE) == [second]
    assert shares.find(third.token) == third


@pytest.mark.parametrize("days", [0, -1, 1e9, float("inf"), float("nan")])
def test_a_link_works_for_a_while_and_not_for_ever(shares, cars, days):
    with pytest.raises(InvalidParameter):
        shares.make(ANNE, cars, days=days)


def test_a_link_follows_the_work_into_the_account(shares, library, workspaces):
    guests = library.current(GUEST)
    workspaces.update(guests, with_cars)
    made = shares.make(GUEST, guests, days=1)
    library.move(GUEST, ANNE)
    assert shares.find(made.token).owner_id == ANNE
    assert shares.list(GUEST) == []
    with pytest.raises(NotFound):
        shares.withdraw(GUEST, made.id)
    shares.withdraw(ANNE, made.id)


def test_the_links_of_who_deletes_everything_end(shares, library, cars):
    made = shares.make(ANNE, cars, days=1)
    library.delete_all(ANNE)
    refusal(shares, made.token)


def test_links_that_ended_are_cleared_away(shares, library, cars, clock, tmp_path):
    shares.make(ANNE, cars, days=1)
    kept = shares.make(ANNE, cars, days=3)
    clock.now += 2 * 86_400
    library.claim(ANNE)
    library.purge(days=30)
    with contextlib.closing(sqlite3.connect(tmp_path / "pythie.db")) as connection:
        assert connection.execute("SELECT id FROM shares").fetchall() == [(kept.id,)]
    assert shares.find(kept.token) == kept
