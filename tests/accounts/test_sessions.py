from __future__ import annotations

import pytest

from mlp_core.accounts import Account, Credential, Sessions
from mlp_core.errors import StorageError

DAY = 86_400
OWNER = "0123456789abcdef0123456789abcdef"


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
    token = sessions.start(OWNER)
    assert Sessions(tmp_path / "sessions", clock=clock).find(token).owner_id == OWNER


def test_tokens_differ_and_are_long(sessions):
    tokens = {sessions.start(OWNER) for _ in range(50)}
    assert len(tokens) == 50
    assert all(len(token) >= 43 for token in tokens)


def test_the_token_itself_is_nowhere_on_disk(sessions, tmp_path):
    token = sessions.start(OWNER)
    for path in (tmp_path / "sessions").iterdir():
        assert token not in path.name
        assert token not in path.read_text()


@pytest.mark.parametrize("token", [None, "", "x", "../../etc/passwd", "a" * 43, "A" * 42 + "/", "é" * 43, 3])
def test_unknown_and_ill_formed_tokens_lead_nowhere(sessions, token):
    sessions.start(OWNER)
    assert sessions.find(token) is None


def test_a_well_formed_token_that_nobody_issued_is_not_adopted(sessions):
    own = sessions.start(OWNER)
    foreign = own[::-1]
    assert sessions.find(foreign) is None
    assert sessions.find(foreign) is None


def test_a_session_ends_thirty_days_after_the_last_visit(sessions, clock):
    token = sessions.start(OWNER)
    for _ in range(5):
        clock.now += 29 * DAY
        assert sessions.find(token).owner_id == OWNER
    clock.now += 31 * DAY
    assert sessions.find(token) is None


def test_a_dropped_session_is_useless(sessions):
    token, other = sessions.start(OWNER), sessions.start(OWNER)
    sessions.drop(sessions.find(token).key)
    assert sessions.find(token) is None
    assert sessions.find(other).owner_id == OWNER


def test_a_damaged_session_file_leads_nowhere(sessions, tmp_path):
    token = sessions.start(OWNER)
    (path,) = (tmp_path / "sessions").glob("*.json")
    for content in (b"", b"[]", b"{}", b'{"workspace": 3, "used": 1}', b'{"workspace": "a", "used": "b"}'):
        path.write_bytes(content)
        assert sessions.find(token) is None


def test_ended_sessions_are_cleared_away_and_others_stay(sessions, tmp_path, clock):
    assert sessions.purge() == 0
    old = sessions.start(OWNER)
    clock.now += 20 * DAY
    new = sessions.start(OWNER)
    clock.now += 15 * DAY
    assert sessions.purge() == 1
    assert sessions.find(old) is None
    assert sessions.find(new).owner_id == OWNER


def test_an_unwritable_place_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError):
        Sessions(tmp_path / "file").start(OWNER)


PROOF = Credential(
    account=Account(id=OWNER, name="Ada", email="ada@example.org"),
    uid="uid-1",
    id_token="planted-id-token",
    refresh_token="planted-refresh-token",
    expires=1.0,
)


def test_a_proof_comes_back_with_its_token_and_lies_open_nowhere(sessions, tmp_path):
    token = sessions.start(OWNER, credential=PROOF)
    assert sessions.find(token).is_account
    assert sessions.credential(token) == PROOF
    for path in (tmp_path / "sessions").rglob("*"):
        content = path.read_text() if path.is_file() else ""
        assert not any(word in content for word in ("planted", "ada@example.org", "Ada", token))


def test_a_proof_copied_into_the_session_of_another_token_does_not_open(sessions, tmp_path):
    mine = sessions.start(OWNER, credential=PROOF)
    theirs = sessions.start(OWNER, credential=PROOF)
    files = {path.stem: path for path in (tmp_path / "sessions").glob("*.json")}
    files[sessions.find(theirs).key].write_bytes(files[sessions.find(mine).key].read_bytes())
    assert sessions.credential(mine) == PROOF
    assert sessions.credential(theirs) is None


def test_an_account_is_signed_out_after_its_idle_minutes_and_a_guest_is_not(tmp_path, clock):
    sessions = Sessions(tmp_path / "sessions", idle_minutes=30, clock=clock)
    account, guest = sessions.start(OWNER, credential=PROOF), sessions.start(OWNER)
    for _ in range(10):
        clock.now += 20 * 60
        assert sessions.find(account) is not None
    clock.now += 31 * 60
    assert sessions.find(account) is None
    assert sessions.find(guest) is not None


def test_a_clock_that_was_set_back_puts_off_the_end_of_no_session(tmp_path, clock):
    sessions = Sessions(tmp_path / "sessions", idle_minutes=30, clock=clock)
    account = sessions.start(OWNER, credential=PROOF)
    clock.now -= 10 * 86_400
    assert sessions.find(account) is not None
    clock.now += 31 * 60
    assert sessions.find(account) is None


def test_signing_out_everywhere_ends_all_sessions_of_that_owner_alone(sessions):
    here, there = sessions.start(OWNER), sessions.start(OWNER)
    stranger = sessions.start("f" * 32)
    assert sessions.drop_all(OWNER, but=sessions.find(here).key) == 1
    assert sessions.find(here) is not None
    assert sessions.find(there) is None
    assert sessions.find(stranger) is not None


def test_an_ended_session_does_not_live_again_by_a_late_change(sessions):
    token = sessions.start(OWNER)
    key = sessions.find(token).key
    sessions.drop(key)
    sessions.prefer(key, "fr")
    sessions.keep(token, PROOF)
    assert sessions.find(token) is None


def test_the_language_stays_with_the_session(sessions):
    token = sessions.start(OWNER, language="en")
    sessions.prefer(sessions.find(token).key, "fr")
    assert sessions.find(token).language == "fr"


def test_a_token_may_be_claimed_only_while_it_is_new(sessions, clock):
    token = sessions.start(OWNER)
    assert sessions.may_claim(token)
    assert not sessions.may_claim(token[::-1])
    assert not sessions.may_claim("x" * 43)
    clock.now += 121
    assert not sessions.may_claim(token)
    assert sessions.find(token) is not None


def test_a_session_of_an_earlier_version_still_leads_to_its_workspace(sessions, tmp_path, clock):
    token = sessions.start(OWNER)
    path = tmp_path / "sessions" / f"{sessions.find(token).key}.json"
    path.write_text(f'{{"workspace": "{OWNER}", "used": {clock.now}}}')
    assert sessions.find(token).owner_id == OWNER
