"""The accounts of the server itself: equal work for every answer, what is on the disk, many at once."""

from __future__ import annotations

import re
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from accounts.providers import Clock
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

from mlp_core.accounts import EmbeddedAccounts
from mlp_core.accounts.codes import CODE_SECONDS
from mlp_core.accounts.lockout import LONGEST_WAIT_SECONDS
from mlp_core.errors import (
    AccountError,
    InvalidCode,
    SignedOut,
    StorageError,
    TooManyAttempts,
    WrongCredentials,
)

ROOT = Path(__file__).resolve().parents[2]
EMAIL = "ada.lovelace@example.org"
PASSWORD = "the engine weaves algebra"
SECOND = "as the loom weaves leaves"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(tmp_path: Path, clock: Clock) -> EmbeddedAccounts:
    return EmbeddedAccounts(tmp_path, clock=clock)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list to which each use of argon2 adds its name."""
    done: list[str] = []
    for name in ("verify", "hash"):
        monkeypatch.setattr(PasswordHasher, name, counting(done, name))
    return done


def counting(done: list[str], name: str) -> Callable[..., object]:
    real = getattr(PasswordHasher, name)

    def counted(*given: object, **named: object) -> object:
        done.append(name)
        return real(*given, **named)

    return counted


def row(folder: Path, column: str) -> str:
    with sqlite3.connect(folder / "pythie.db") as connection:
        value = connection.execute(f"SELECT {column} FROM accounts").fetchone()[0]
    connection.close()
    return str(value)


# The same work, whoever asks


def refused(accounts: EmbeddedAccounts, email: str) -> type[AccountError]:
    with pytest.raises(AccountError) as caught:
        accounts.sign_in(email, "a guess that is wrong")
    return type(caught.value)


def test_known_and_unknown_addresses_cost_the_same_work_from_the_first_try_into_the_lock(
    accounts: EmbeddedAccounts, work: list[str]
) -> None:
    accounts.sign_up("Ada", EMAIL, PASSWORD)
    accounts.sign_in(EMAIL, PASSWORD)
    done = {}
    for email in (EMAIL, "nobody@example.org"):
        done[email] = []
        for _ in range(8):
            work.clear()
            done[email].append((refused(accounts, email), tuple(work)))

    assert done[EMAIL] == done["nobody@example.org"]
    assert done[EMAIL] == [(WrongCredentials, ("verify",))] * 5 + [(TooManyAttempts, ())] * 3


def test_the_first_wrong_try_of_a_server_costs_the_same(tmp_path: Path, work: list[str]) -> None:
    EmbeddedAccounts(tmp_path).sign_up("Ada", EMAIL, PASSWORD)
    costs = []
    for email in (EMAIL, "nobody@example.org", "no address"):
        restarted = EmbeddedAccounts(tmp_path)
        work.clear()
        refused(restarted, email)
        costs.append(tuple(work))

    assert len(set(costs)) == 1
    assert "verify" in costs[0]


def test_a_wrong_try_takes_as_long_for_a_known_address_as_for_an_unknown_one(
    accounts: EmbeddedAccounts, clock: Clock
) -> None:
    accounts.sign_up("Ada", EMAIL, PASSWORD)
    spent: dict[str, list[float]] = {EMAIL: [], "nobody@example.org": []}
    for _ in range(15):
        clock.later(LONGEST_WAIT_SECONDS)
        for email, seconds in spent.items():
            began = time.process_time()
            assert refused(accounts, email) is WrongCredentials
            seconds.append(time.process_time() - began)

    known, unknown = (statistics.median(seconds) for seconds in spent.values())
    assert 0.6 < known / unknown < 1.7


# What is on the disk


def test_a_password_is_kept_as_argon2id_at_the_cost_that_owasp_names(
    accounts: EmbeddedAccounts, tmp_path: Path
) -> None:
    accounts.sign_up("Ada", EMAIL, PASSWORD)
    cost = extract_parameters(row(tmp_path, "password"))

    assert cost.type is Type.ID
    assert (cost.time_cost, cost.memory_cost, cost.parallelism) == (2, 19_456, 1)


def test_neither_passwords_nor_codes_nor_failed_addresses_are_on_the_disk(
    accounts: EmbeddedAccounts, tmp_path: Path
) -> None:
    accounts.sign_up("Ada", EMAIL, PASSWORD)
    refused(accounts, "stranger@example.org")
    with pytest.raises(WrongCredentials):
        accounts.sign_in(PASSWORD, EMAIL)
    code = accounts.issue_reset_code(EMAIL)
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())

    assert EMAIL.encode() in kept
    for secret in (PASSWORD, code, code.replace("-", ""), "stranger@example.org"):
        assert secret.encode() not in kept


def test_a_password_typed_in_the_place_of_the_address_leaves_no_trace(
    accounts: EmbeddedAccounts, tmp_path: Path
) -> None:
    with pytest.raises(WrongCredentials):
        accounts.sign_in(PASSWORD, "")
    with sqlite3.connect(tmp_path / "pythie.db") as connection:
        assert connection.execute("SELECT count(*) FROM attempts").fetchone() == (0,)
    connection.close()


def test_a_hash_of_another_cost_is_made_anew_when_its_person_signs_in(
    accounts: EmbeddedAccounts, tmp_path: Path
) -> None:
    before = accounts.sign_up("Ada", EMAIL, PASSWORD)
    old = PasswordHasher(time_cost=1, memory_cost=1_024, parallelism=1).hash(PASSWORD)
    with sqlite3.connect(tmp_path / "pythie.db") as connection:
        connection.execute("UPDATE accounts SET password = ?", (old,))
    connection.close()
    refused(accounts, EMAIL)
    assert row(tmp_path, "password") == old
    accounts.sign_in(EMAIL, PASSWORD)

    assert extract_parameters(row(tmp_path, "password")).memory_cost == 19_456
    assert accounts.sign_in(EMAIL, PASSWORD).account == before.account
    assert accounts.reload(before).account == before.account


def test_a_damaged_hash_lets_nobody_in(accounts: EmbeddedAccounts, tmp_path: Path) -> None:
    accounts.sign_up("Ada", EMAIL, PASSWORD)
    with sqlite3.connect(tmp_path / "pythie.db") as connection:
        connection.execute("UPDATE accounts SET password = 'scrambled'")
    connection.close()

    with pytest.raises(WrongCredentials):
        accounts.sign_in(EMAIL, PASSWORD)


def test_accounts_survive_a_restart(accounts: EmbeddedAccounts, tmp_path: Path, clock: Clock) -> None:
    proof = accounts.sign_up("Ada", EMAIL, PASSWORD)
    restarted = EmbeddedAccounts(tmp_path, clock=clock)

    assert restarted.reload(proof).account == proof.account
    assert restarted.sign_in(EMAIL, PASSWORD).account == proof.account


def test_the_folder_and_the_file_are_the_server_s_own(tmp_path: Path) -> None:
    EmbeddedAccounts(tmp_path / "new").sign_up("Ada", EMAIL, PASSWORD)

    if sys.platform != "win32":
        assert (tmp_path / "new" / "pythie.db").stat().st_mode & 0o077 == 0
        assert (tmp_path / "new").stat().st_mode & 0o077 == 0


def test_a_file_that_is_no_database_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "pythie.db").write_text("this is no database, and long enough to be read as one" * 20)
    accounts = EmbeddedAccounts(tmp_path)

    with pytest.raises(StorageError):
        accounts.sign_up("Ada", EMAIL, PASSWORD)
    with pytest.raises(StorageError):
        accounts.sign_in(EMAIL, PASSWORD)


# Proofs and codes


def test_nothing_is_written_for_a_visit_of_who_has_signed_in(
    accounts: EmbeddedAccounts, clock: Clock
) -> None:
    proof = accounts.sign_up("Ada", EMAIL, PASSWORD)
    clock.later(3_600)

    assert accounts.fresh(proof) is proof
    clock.later(86_400)
    assert accounts.fresh(proof).expires > clock() + 300


def test_a_visit_shows_a_name_that_was_changed_elsewhere(accounts: EmbeddedAccounts) -> None:
    proof = accounts.sign_up("Ada", EMAIL, PASSWORD)
    accounts.rename(accounts.sign_in(EMAIL, PASSWORD), "Countess")

    assert accounts.fresh(proof).account.name == "Countess"


def test_a_visit_ends_at_once_after_a_change_of_password_elsewhere(accounts: EmbeddedAccounts) -> None:
    proof = accounts.sign_up("Ada", EMAIL, PASSWORD)
    accounts.change_password(accounts.sign_in(EMAIL, PASSWORD), PASSWORD, SECOND)

    with pytest.raises(SignedOut):
        accounts.fresh(proof)


def test_a_code_has_140_random_bits_and_is_read_however_it_is_typed(accounts: EmbeddedAccounts) -> None:
    accounts.sign_up("Ada", EMAIL, PASSWORD)
    codes = {accounts.issue_reset_code(EMAIL) for _ in range(50)}
    assert len(codes) == 50
    # 28 letters of an alphabet of 32 are 140 bits.
    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}", code) for code in codes)

    code = accounts.issue_reset_code(EMAIL)
    accounts.confirm_reset(
        f"  {code.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')}\n", SECOND
    )
    assert accounts.sign_in(EMAIL, SECOND).account.name == "Ada"


def test_a_code_lasts_thirty_minutes(accounts: EmbeddedAccounts, clock: Clock) -> None:
    accounts.sign_up("Ada", EMAIL, PASSWORD)
    late = accounts.issue_reset_code(EMAIL)
    clock.later(CODE_SECONDS)
    with pytest.raises(InvalidCode):
        accounts.confirm_reset(late, SECOND)

    timely = accounts.issue_reset_code(EMAIL)
    clock.later(29 * 60)
    accounts.confirm_reset(timely, SECOND)


def test_a_new_code_a_new_password_and_a_new_address_end_the_code_before(accounts: EmbeddedAccounts) -> None:
    proof = accounts.sign_up("Ada", EMAIL, PASSWORD)

    def ended(code: str) -> None:
        with pytest.raises(InvalidCode):
            accounts.confirm_reset(code, "never to be set as one")

    first, second = accounts.issue_reset_code(EMAIL), accounts.issue_reset_code(EMAIL)
    ended(first)
    proof = accounts.change_password(proof, PASSWORD, SECOND)
    ended(second)
    third = accounts.issue_reset_code(EMAIL)
    accounts.change_email(proof, SECOND, "countess@example.org")
    ended(third)


def test_an_operator_is_told_of_an_address_that_nobody_has(accounts: EmbeddedAccounts) -> None:
    for email in ("nobody@example.org", "no address", ""):
        with pytest.raises(AccountError, match="No account"):
            accounts.issue_reset_code(email)


def test_a_code_ends_the_wait_of_a_locked_address(accounts: EmbeddedAccounts) -> None:
    proof = accounts.sign_up("Ada", EMAIL, PASSWORD)
    for _ in range(5):
        refused(accounts, EMAIL)
        with pytest.raises(WrongCredentials):
            accounts.delete(proof, "a guess that is wrong")
    for act in (lambda: accounts.sign_in(EMAIL, PASSWORD), lambda: accounts.delete(proof, PASSWORD)):
        with pytest.raises(TooManyAttempts):
            act()

    accounts.confirm_reset(accounts.issue_reset_code(EMAIL), SECOND)
    accounts.delete(accounts.sign_in(EMAIL, SECOND), SECOND)


def test_who_has_signed_in_is_not_touched_by_strangers_who_try(accounts: EmbeddedAccounts) -> None:
    proof = accounts.sign_up("Ada", EMAIL, PASSWORD)
    for _ in range(9):
        refused(accounts, EMAIL)

    proof = accounts.change_password(accounts.fresh(proof), PASSWORD, SECOND)
    assert accounts.change_email(proof, SECOND, "countess@example.org").account.name == "Ada"


# Many at once


def test_a_hundred_tries_at_once_are_five(accounts: EmbeddedAccounts, work: list[str]) -> None:
    accounts.sign_up("Ada", EMAIL, PASSWORD)
    refused(accounts, "warm.up@example.org")
    work.clear()
    answers: list[type[AccountError]] = []
    threads = [threading.Thread(target=lambda: answers.append(refused(accounts, EMAIL))) for _ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert (answers.count(WrongCredentials), answers.count(TooManyAttempts)) == (5, 19)
    assert work.count("verify") == 5


def test_processes_that_share_a_fresh_folder_make_one_account(tmp_path: Path) -> None:
    script = f"""if True:
        from pathlib import Path
        from mlp_core.accounts import EmbeddedAccounts
        from mlp_core.errors import EmailTaken
        try:
            EmbeddedAccounts(Path({str(tmp_path)!r})).sign_up("Ada", {EMAIL!r}, {PASSWORD!r})
            print("made")
        except EmailTaken:
            print("taken")"""
    started = [
        subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    answers = sorted(process.communicate(timeout=60)[0].strip() for process in started)

    assert answers == ["made", "taken", "taken"]
    assert EmbeddedAccounts(tmp_path).sign_in(EMAIL, PASSWORD).account.name == "Ada"
