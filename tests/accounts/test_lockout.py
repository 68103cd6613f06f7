"""Waits after wrong passwords: how they grow, how they are told, and that they end."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from accounts.providers import Clock, Place

from mlp_core.accounts.lockout import LONGEST_WAIT_SECONDS, Attempts, Tries
from mlp_core.accounts.refusals import too_many_attempts
from mlp_core.errors import TooManyAttempts, WrongCredentials

EMAIL = "grace.hopper@example.org"
PASSWORD = "ships are safe in port"
DAY = 86_400


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def attempts(tmp_path: Path, clock: Clock) -> Attempts:
    return Attempts(tmp_path / "pythie.db", clock=clock)


def waited(attempts: Attempts, clock: Clock, most: int) -> int:
    """Return after how many seconds an attempt is let through, looking every ten."""
    for seconds in range(0, most, 10):
        try:
            attempts.count("sign-in", EMAIL)
        except TooManyAttempts:
            clock.later(10)
        else:
            return seconds
    raise AssertionError(f"still locked after {most} seconds")


def test_the_wait_doubles_from_half_a_minute_to_a_quarter_of_an_hour(
    attempts: Attempts, clock: Clock
) -> None:
    waits = [waited(attempts, clock, 1_000) for _ in range(13)]

    assert waits == [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]


def test_who_hammers_does_not_lengthen_the_wait(attempts: Attempts, clock: Clock) -> None:
    for _ in range(20):
        waited(attempts, clock, 1_000)
    for _ in range(90):
        with pytest.raises(TooManyAttempts):
            attempts.count("sign-in", EMAIL)
        clock.later(10)

    attempts.count("sign-in", EMAIL)


def test_success_and_a_day_of_rest_begin_anew(attempts: Attempts, clock: Clock) -> None:
    for _ in range(8):
        waited(attempts, clock, 1_000)
    attempts.forget("sign-in", EMAIL)
    assert [waited(attempts, clock, 1_000) for _ in range(6)] == [0, 0, 0, 0, 0, 30]

    clock.later(DAY + 1)
    assert [waited(attempts, clock, 1_000) for _ in range(6)] == [0, 0, 0, 0, 0, 30]


def test_tries_are_forgotten_a_day_after_the_last() -> None:
    tries = Tries(count=12, until=900.0, last=0.0)

    assert tries.after(DAY).count == 13
    assert tries.after(DAY + 1) == Tries(count=1, until=DAY + 1, last=DAY + 1)


def test_what_is_attempted_and_on_whom_are_counted_apart(attempts: Attempts) -> None:
    for _ in range(5):
        attempts.count("sign-in", EMAIL)
    attempts.count("confirm", EMAIL)
    attempts.count("sign-in", "other@example.org")

    with pytest.raises(TooManyAttempts):
        attempts.count("sign-in", EMAIL)


def test_a_clock_that_is_set_back_locks_nobody_out(attempts: Attempts, clock: Clock) -> None:
    for _ in range(5):
        attempts.count("sign-in", EMAIL)
    clock.later(-DAY)

    attempts.count("sign-in", EMAIL)


def test_the_entries_of_a_day_ago_are_gone_and_no_address_is_ever_kept(
    attempts: Attempts, clock: Clock, tmp_path: Path
) -> None:
    for number in range(20):
        attempts.count("sign-in", f"visitor.{number}@example.org")
    clock.later(DAY + 1)
    attempts.count("sign-in", EMAIL)

    with sqlite3.connect(tmp_path / "pythie.db") as connection:
        assert connection.execute("SELECT count(*) FROM attempts").fetchone() == (1,)
    connection.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"visitor" not in kept
    assert b"hopper" not in kept


@pytest.mark.parametrize(
    ("seconds", "english", "french"),
    [
        (0.2, "1 second.", "1 seconde."),
        (29.4, "30 seconds.", "30 secondes."),
        (60, "1 minute.", "1 minute."),
        (61, "2 minutes.", "2 minutes."),
        (LONGEST_WAIT_SECONDS, "15 minutes.", "15 minutes."),
    ],
)
def test_the_sentence_says_how_long_to_wait(seconds: float, english: str, french: str) -> None:
    error = too_many_attempts(seconds)

    assert error.render("en").endswith(english)
    assert error.render("fr").endswith(french)


def test_the_owner_waits_and_gets_in(place: Place) -> None:
    if place.later is None:
        pytest.skip("the clock of this provider cannot be moved")
    place.provider.sign_up("Grace", EMAIL, PASSWORD)
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            place.provider.sign_in(EMAIL, "a guess that is wrong")
    with pytest.raises(TooManyAttempts):
        place.provider.sign_in(EMAIL, PASSWORD)
    place.later(30)

    assert place.provider.sign_in(EMAIL, PASSWORD).account.name == "Grace"
    with pytest.raises(WrongCredentials):
        place.provider.sign_in(EMAIL, "a guess that is wrong")
    assert place.provider.sign_in(EMAIL, PASSWORD).account.name == "Grace"
