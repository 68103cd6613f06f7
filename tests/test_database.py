"""One file that several threads open at the same moment, and what its failures say."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from mlp_core.database import Database
from mlp_core.errors import StorageError

COUNTER = "CREATE TABLE IF NOT EXISTS counter (n INTEGER NOT NULL);"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "folder" / "shared.db"


def test_stores_that_begin_at_once_on_a_new_file_all_come_through(path):
    barrier = threading.Barrier(8)

    def begin(number: int) -> None:
        table = f"CREATE TABLE IF NOT EXISTS t{number} (n INTEGER);"
        store = Database(path, table)
        barrier.wait()
        with store.writing() as connection:
            connection.execute(f"INSERT INTO t{number} VALUES (1)")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(begin, range(8)))


def test_no_change_of_many_threads_is_lost(path):
    store = Database(path, COUNTER)
    with store.writing() as connection:
        connection.execute("INSERT INTO counter VALUES (0)")

    def count(_: int) -> None:
        with store.writing() as connection:
            seen = connection.execute("SELECT n FROM counter").fetchone()["n"]
            connection.execute("UPDATE counter SET n = ?", (seen + 1,))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count, range(80)))
    with store.reading() as connection:
        assert connection.execute("SELECT n FROM counter").fetchone()["n"] == 80


def test_a_block_that_fails_changes_nothing(path):
    store = Database(path, COUNTER)

    def fail() -> None:
        with store.writing() as connection:
            connection.execute("INSERT INTO counter VALUES (1)")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.reading() as connection:
        assert connection.execute("SELECT COUNT(*) FROM counter").fetchone()[0] == 0


def test_a_file_that_is_no_database_is_a_sentence(path):
    path.parent.mkdir()
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(StorageError, match=r"records cannot be read"), Database(path, COUNTER).reading():
        pass


def test_a_broken_rule_of_the_schema_is_the_stores_own_affair(path):
    store = Database(path, "CREATE TABLE IF NOT EXISTS one (id TEXT PRIMARY KEY);")

    def twice() -> None:
        with store.writing() as connection:
            connection.execute("INSERT INTO one VALUES ('a')")
            connection.execute("INSERT INTO one VALUES ('a')")

    with pytest.raises(sqlite3.IntegrityError):
        twice()


def test_others_on_the_machine_cannot_read_it(path):
    with Database(path, COUNTER).writing():
        pass
    assert path.stat().st_mode & 0o077 == 0
