from __future__ import annotations

import pytest

from mlp_core.accounts import Sessions
from mlp_core.errors import StorageError

DAY = 86_400
WORKSPACE = "0123456789abcdef0123456789abcdef"


class Clock:
    now = 1_000_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def sessions(tmp_path, clock):
    return Sessions(tmp_path / "sessions", days=30, clock=clock)


def test_a_token_leads_back_to_its_workspace_after_a_restart(sessions, tmp_path, clock):
    token = sessions.start(WORKSPACE)
    assert Sessions(tmp_path / "sessions", clock=clock).find(token) == WORKSPACE


def test_tokens_differ_and_are_long(sessions):
    tokens = {sessions.start(WORKSPACE) for _ in range(50)}
    assert len(tokens) == 50
    assert all(len(token) >= 43 for token in tokens)


def test_the_token_itself_is_nowhere_on_disk(sessions, tmp_path):
    token = sessions.start(WORKSPACE)
    for path in (tmp_path / "sessions").iterdir():
        assert token not in path.name
        assert token not in path.read_text()


@pytest.mark.parametrize("token", [None, "", "x", "../../etc/passwd", "a" * 43, "A" * 42 + "/", "é" * 43, 3])
def test_unknown_and_ill_formed_tokens_lead_nowhere(sessions, token):
    sessions.start(WORKSPACE)
    assert sessions.find(token) is None
    sessions.drop(token)


def test_a_well_formed_token_that_nobody_issued_is_not_adopted(sessions):
    own = sessions.start(WORKSPACE)
    foreign = own[::-1]
    assert sessions.find(foreign) is None
    assert sessions.find(foreign) is None


def test_a_session_ends_thirty_days_after_the_last_visit(sessions, clock):
    token = sessions.start(WORKSPACE)
    for _ in range(5):
        clock.now += 29 * DAY
        assert sessions.find(token) == WORKSPACE
    clock.now += 31 * DAY
    assert sessions.find(token) is None


def test_a_dropped_session_is_useless(sessions):
    token, other = sessions.start(WORKSPACE), sessions.start(WORKSPACE)
    sessions.drop(token)
    assert sessions.find(token) is None
    assert sessions.find(other) == WORKSPACE


def test_a_damaged_session_file_leads_nowhere(sessions, tmp_path):
    token = sessions.start(WORKSPACE)
    (path,) = (tmp_path / "sessions").iterdir()
    for content in (b"", b"[]", b"{}", b'{"workspace": 3, "used": 1}', b'{"workspace": "a", "used": "b"}'):
        path.write_bytes(content)
        assert sessions.find(token) is None


def test_ended_sessions_are_cleared_away_and_others_stay(sessions, tmp_path, clock):
    assert sessions.purge() == 0
    old = sessions.start(WORKSPACE)
    clock.now += 20 * DAY
    new = sessions.start(WORKSPACE)
    clock.now += 15 * DAY
    assert sessions.purge() == 1
    assert (sessions.find(old), sessions.find(new)) == (None, WORKSPACE)


def test_an_unwritable_place_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError):
        Sessions(tmp_path / "file").start(WORKSPACE)
