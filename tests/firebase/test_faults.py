"""Firebase slow, down, refusing, cut or talking nonsense: a sentence in time, and nothing half saved."""

from __future__ import annotations

import socket
import threading
import time
from typing import Any

import pytest
from firebase.actions import ACCOUNT, ACTIONS, CONTENT, STORAGE, Action, Person, put
from firebase.double import Double

from mlp_core.accounts.account import Owner
from mlp_core.accounts.firebase import FirebaseAccounts
from mlp_core.errors import (
    AccountError,
    InvalidCode,
    MLPError,
    NotFound,
    ServiceUnavailable,
    SignedOut,
    StorageError,
)
from mlp_core.firebase import Patience
from mlp_core.storage.artifacts.firebase import FirebaseArtifacts

OBJECTS = "/v0/b/"
ROWS = "/artifacts"
SHORT = Patience(connect=0.2, read=0.3, total=0.4)
# A busy machine may take its time; an answer that never comes takes many times as long.
SOON_SECONDS = 3.0


@pytest.fixture
def person(double: Double, accounts: FirebaseAccounts, store: FirebaseArtifacts, ada: Owner) -> Person:
    kept: Any = put(store, ada, name="Kept")
    return Person(accounts, store, ada, kept.id)


@pytest.fixture
def hasty(double: Double, person: Person) -> Person:
    """Return the same person behind adapters that wait less than half a second."""
    accounts = FirebaseAccounts(double.config, patience=SHORT)
    return Person(
        accounts, FirebaseArtifacts(double.config, patience=SHORT), person.owner, person.artifact_id
    )


def failing(action: Action, person: Person) -> MLPError:
    """Return the error of an action, seen to come soon and to be a sentence in both languages."""
    start = time.monotonic()
    with pytest.raises(MLPError) as caught:
        action(person)
    assert time.monotonic() - start < SOON_SECONDS
    assert caught.value.render("en") != caught.value.render("fr")
    return caught.value


def unavailable(action: Action, person: Person, why: str = "") -> None:
    error = failing(action, person)
    assert type(error) is ServiceUnavailable
    assert why in str(error)
    assert "your work is kept on this server" in str(error)


def names(person: Person) -> list[str]:
    return [one.name for one in person.store.list(person.owner)]


def paths(double: Double, person: Person) -> list[str]:
    return [path.split("/")[-1].split(".")[0] for path in double.data.objects]


# Answers that are no success


@pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
@pytest.mark.parametrize("status", [302, 429, 500, 503])
def test_a_service_that_cannot_answer_is_a_sentence(
    double: Double, person: Person, action: Action, status: int
) -> None:
    double.fail("", times=20, status=status, body=b'{"error": {"message": "x"}}')
    unavailable(action, person, "a problem of its own")

    double.heal()
    assert names(person)[0] == "Kept"
    assert person.store.get(person.owner, person.artifact_id) == CONTENT


NONSENSE = {
    "no JSON": b"<html>Sign in to the Wi-Fi</html>",
    "cut JSON": b'{"idToken": "',
    "nothing": b"",
    "another shape": b"[[1]]",
    "a word": b'"ok"',
    "half a proof": b'{"idToken": "a.b.c", "refreshToken": "x", "id_token": "a", "user_id": "u"}',
    "no text": b"\xff\xfe\x00",
    "very deep": b"[" * 200_000,
}
# A list of another shape lists nothing, and what need not be read is not read.
READ = {
    name: action for name, action in ACCOUNT.items() if name in ("sign up", "sign in", "reload", "rename")
}


@pytest.mark.parametrize("action", READ.values(), ids=READ)
@pytest.mark.parametrize("body", NONSENSE.values(), ids=NONSENSE)
def test_an_answer_that_is_no_answer_is_a_sentence(
    double: Double, person: Person, action: Action, body: bytes
) -> None:
    double.fail("", times=20, status=200, body=body)
    unavailable(action, person)


@pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
@pytest.mark.parametrize("body", [NONSENSE["no JSON"], NONSENSE["very deep"]], ids=["no JSON", "very deep"])
def test_a_page_of_a_network_that_asks_to_sign_in_is_a_sentence(
    double: Double, person: Person, action: Action, body: bytes
) -> None:
    double.fail("", times=20, status=200, body=body)
    error = failing(action, person)

    assert isinstance(error, (ServiceUnavailable, StorageError))
    double.heal()
    assert names(person) == ["Kept"]


@pytest.mark.parametrize("body", [b"[[1]]", b'"ok"', b'{"a": 1}', b'{"%s": [1]}' % (b"0" * 32)])
def test_a_list_of_another_shape_lists_nothing(double: Double, person: Person, body: bytes) -> None:
    double.fail(ROWS, status=200, body=body)

    assert names(person) == []


@pytest.mark.parametrize("action", ACCOUNT.values(), ids=ACCOUNT)
@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_refusal_without_a_word_is_a_sentence(
    double: Double, person: Person, action: Action, status: int
) -> None:
    double.fail("", times=20, status=status, body=b"{}")
    error = failing(action, person)

    assert isinstance(error, SignedOut if status == 401 else ServiceUnavailable)


@pytest.mark.parametrize(
    "word",
    [
        *("CONFIGURATION_NOT_FOUND", "PASSWORD_LOGIN_DISABLED", "ADMIN_ONLY_OPERATION", "PROJECT_NOT_FOUND"),
        "API key not valid. Please pass a valid API key.",
    ],
)
@pytest.mark.parametrize("action", ["sign up", "sign in", "request reset"])
def test_a_project_that_is_not_set_up_says_so(double: Double, person: Person, action: str, word: str) -> None:
    double.fail("", status=400, body=b'{"error": {"message": "%s"}}' % word.encode())
    error = failing(ACCOUNT[action], person)

    assert type(error) is ServiceUnavailable
    assert "not set up" in str(error)


@pytest.mark.parametrize("action", STORAGE.values(), ids=STORAGE)
@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, b'{"error": "Auth token is expired"}', SignedOut),
        (401, b'{"error": "Could not parse auth token."}', SignedOut),
        (401, b'{"error": "Permission denied"}', StorageError),
        (403, b'{"error": {"code": 403, "message": "Permission denied."}}', StorageError),
        (404, b"Not Found", ServiceUnavailable),
        (400, b'{"error": "Invalid path"}', ServiceUnavailable),
        (412, b"null", ServiceUnavailable),
    ],
)
def test_a_refusal_to_who_saves_is_a_sentence(
    double: Double, person: Person, action: Action, status: int, body: bytes, kind: type[MLPError]
) -> None:
    double.fail("", times=20, status=status, body=body)

    assert type(failing(action, person)) is kind
    double.heal()
    assert names(person) == ["Kept"]


# Slow, down, cut


@pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
def test_a_service_that_is_down_is_a_sentence(double: Double, person: Person, action: Action) -> None:
    double.down()
    unavailable(action, person, "cannot be reached")

    double.up()
    assert names(person) == ["Kept"]


@pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
def test_a_slow_service_is_not_waited_for(double: Double, hasty: Person, action: Action) -> None:
    double.fail("", times=20, wait_seconds=30.0)

    unavailable(action, hasty, "in time")


@pytest.mark.parametrize("action", ["sign in", "list", "get"])
def test_a_service_that_sends_a_byte_now_and_then_is_not_waited_for(
    double: Double, hasty: Person, action: str
) -> None:
    double.fail("", times=20, drip_seconds=0.05)
    unavailable(ACTIONS[action], hasty)

    for thread in threading.enumerate():
        if thread.name == "firebase-request":
            thread.join(5)
            assert not thread.is_alive(), "what was given up goes on"


@pytest.mark.parametrize("action", ["sign in", "list"])
def test_a_status_line_that_comes_byte_by_byte_is_not_waited_for(
    double: Double, hasty: Person, action: str
) -> None:
    double.down()
    with socket.create_server(("127.0.0.1", double.port)) as server:
        ending = threading.Event()

        def drip() -> None:
            while not ending.is_set():
                connection, _ = server.accept()
                with connection:
                    while not ending.wait(0.05):
                        connection.sendall(b"H")

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        unavailable(ACTIONS[action], hasty)
        ending.set()
        socket.create_connection(("127.0.0.1", double.port)).close()
        thread.join(5)


def test_a_name_that_is_not_found_in_time_is_not_waited_for(
    hasty: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    ending = threading.Event()
    found = socket.getaddrinfo

    def slow(*given: Any, **more: Any) -> Any:
        ending.wait(30)
        return found(*given, **more)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    unavailable(ACTIONS["list"], hasty)
    ending.set()


def test_several_requests_share_one_deadline(double: Double, person: Person) -> None:
    patience = Patience(connect=1.0, read=1.0, total=1.0)
    store = FirebaseArtifacts(double.config, patience=patience)
    double.fail("", times=20, wait_seconds=0.6)
    start = time.monotonic()

    with pytest.raises(ServiceUnavailable):
        store.get(person.owner, person.artifact_id)

    assert time.monotonic() - start < 1.5


def test_a_connection_that_breaks_is_tried_once_more_where_that_does_no_harm(
    double: Double, person: Person
) -> None:
    double.fail(ROWS, method="GET", write_bytes=0)
    assert names(person) == ["Kept"]

    double.fail(ROWS, method="PUT", write_bytes=0)
    person.put()
    assert names(person) == ["Fares", "Kept"]

    double.asked.clear()
    double.fail("verifyPassword", write_bytes=0)
    unavailable(ACCOUNT["sign in"], person)
    assert len(double.asked) == 1


@pytest.mark.parametrize("bytes_read", [0, 1, 100_000, len(CONTENT) - 1])
def test_an_upload_that_is_cut_leaves_nothing(double: Double, person: Person, bytes_read: int) -> None:
    double.fail(OBJECTS, method="POST", read_bytes=bytes_read)
    unavailable(STORAGE["put"], person)

    assert names(person) == ["Kept"]
    assert paths(double, person) == [person.artifact_id]
    person.put()
    assert names(person) == ["Fares", "Kept"]


@pytest.mark.parametrize("body", [b'{"size": "3"}', b"{}", b"[]", b"<html>"])
def test_an_upload_that_is_not_confirmed_whole_leaves_nothing(
    double: Double, person: Person, body: bytes
) -> None:
    double.fail(OBJECTS, method="POST", status=200, body=body)
    unavailable(STORAGE["put"], person)

    assert names(person) == ["Kept"]


@pytest.mark.parametrize("politely", [False, True])
@pytest.mark.parametrize("bytes_written", [0, 1, 100_000, len(CONTENT) - 1])
def test_a_download_that_is_cut_is_no_content(
    double: Double, person: Person, bytes_written: int, politely: bool
) -> None:
    path = person.artifact_id + r"\.csv"
    double.fail(path, method="GET", times=2, write_bytes=bytes_written, politely=politely)
    unavailable(STORAGE["get"], person)

    assert person.store.get(person.owner, person.artifact_id) == CONTENT


# Half saved


def test_an_object_whose_answer_was_lost_is_taken_back(double: Double, person: Person) -> None:
    double.fail(OBJECTS, method="POST", write_bytes=0)
    unavailable(STORAGE["put"], person)

    assert names(person) == ["Kept"]
    assert paths(double, person) == [person.artifact_id]


def test_a_row_that_fails_takes_its_object_with_it(double: Double, person: Person) -> None:
    double.fail(ROWS, method="PUT", status=500)
    unavailable(STORAGE["put"], person)

    assert names(person) == ["Kept"]
    assert paths(double, person) == [person.artifact_id]


def test_a_row_whose_answer_was_lost_is_taken_back_with_its_object(double: Double, person: Person) -> None:
    double.fail(ROWS, method="PUT", times=2, write_bytes=0)
    unavailable(STORAGE["put"], person)

    assert names(person) == ["Kept"]
    assert paths(double, person) == [person.artifact_id]


def test_what_could_not_be_taken_back_is_not_listed_and_goes_with_the_rest(
    double: Double, person: Person
) -> None:
    double.fail(ROWS, method="PUT", status=500)
    double.fail(OBJECTS, method="DELETE", status=503)
    unavailable(STORAGE["put"], person)

    assert names(person) == ["Kept"]
    assert len(double.data.objects) == 2
    assert person.store.usage(person.owner).items == 1
    person.store.delete_all(person.owner)
    assert double.data.objects == {}
    assert double.data.of(person.credential.uid) == {}


def test_what_is_sent_again_takes_the_place_of_what_an_attempt_left(double: Double, person: Person) -> None:
    double.fail(ROWS, method="PUT", status=500)
    double.fail(OBJECTS, method="DELETE", status=503)
    with pytest.raises(ServiceUnavailable):
        person.put(artifact_id="a" * 32, content=b"first")

    person.put(artifact_id="a" * 32, content=b"second")

    assert person.store.get(person.owner, "a" * 32) == b"second"
    assert sorted(paths(double, person)) == sorted([person.artifact_id, "a" * 32])


def test_a_row_that_was_written_after_all_keeps_its_object(double: Double, person: Person) -> None:
    double.fail(ROWS, method="PUT", times=2, write_bytes=0)
    double.fail(ROWS, method="DELETE", status=503)
    with pytest.raises(ServiceUnavailable):
        person.put(artifact_id="a" * 32)

    assert person.store.get(person.owner, "a" * 32) == CONTENT
    person.put(artifact_id="a" * 32)
    assert names(person) == ["Fares", "Kept"]


def test_nothing_is_listed_while_it_is_on_its_way(double: Double, person: Person) -> None:
    arrived, go_on = threading.Event(), threading.Event()
    uploaded = double.data._uploaded

    def held(*given: Any) -> Any:
        answer = uploaded(*given)
        arrived.set()
        double.lock.release()
        go_on.wait(5)
        double.lock.acquire()
        return answer

    double.data._uploaded = held  # type: ignore[method-assign]
    thread = threading.Thread(target=person.put)
    thread.start()
    assert arrived.wait(5)
    assert names(person) == ["Kept"]
    go_on.set()
    thread.join(10)
    assert names(person) == ["Fares", "Kept"]


@pytest.mark.parametrize("what", [OBJECTS, ROWS])
def test_a_deletion_that_is_cut_off_can_be_repeated(double: Double, person: Person, what: str) -> None:
    double.fail(what, method="DELETE", status=500)
    unavailable(STORAGE["delete"], person)

    person.store.delete(person.owner, person.artifact_id)
    assert names(person) == []
    assert double.data.objects == {}


def test_a_deletion_of_everything_that_is_cut_off_can_be_repeated(double: Double, person: Person) -> None:
    for _ in range(3):
        person.put()
    double.fail(OBJECTS, method="DELETE", status=500)
    unavailable(STORAGE["delete all"], person)

    assert names(person) == []
    person.store.delete_all(person.owner)
    assert double.data.objects == {}


@pytest.mark.parametrize("damage", ["changed", "shorter", "longer", "gone"])
def test_content_that_is_not_what_was_saved_is_a_sentence(
    double: Double, person: Person, damage: str
) -> None:
    (path,) = double.data.objects
    changed = {"changed": b"x" * len(CONTENT), "shorter": CONTENT[:-1], "longer": CONTENT + b"x"}
    if damage == "gone":
        del double.data.objects[path]
    else:
        double.data.objects[path] = changed[damage], "text/csv"

    error = failing(STORAGE["get"], person)
    assert type(error) is (ServiceUnavailable if damage == "longer" else StorageError)


RECORD: dict[str, Any] = {
    "name": "Fares",
    "kind": "csv",
    "page": "train",
    "size": 3,
    "sha256": "0" * 64,
    "created_at": 1_700_000_000_000,
    "path": "",
}


@pytest.mark.parametrize(
    "change",
    [
        *({"kind": "exe"}, {"kind": 3}, {"kind": None}, {"size": "3"}, {"size": -1}, {"size": True}),
        *({"size": 1e300}, {"sha256": "x"}, {"created_at": "now"}, {"created_at": None}, {"path": "../x"}),
        *({"name": 7}, {"page": []}, {"meta": {}}, {"path": 3}),
    ],
    ids=str,
)
def test_a_record_of_another_shape_is_passed_over(
    double: Double, person: Person, change: dict[str, Any]
) -> None:
    uid, strange = person.credential.uid, "b" * 32
    right = {**RECORD, "path": f"users/{uid}/{strange}.csv"}
    rows = double.data.of(uid)
    rows[strange] = right
    assert len(names(person)) == 2
    rows[strange] = {**right, **change}
    rows["not an id"] = right

    assert names(person) == ["Kept"]
    with pytest.raises(NotFound):
        person.store.get(person.owner, strange)
    person.put()


def test_who_waits_for_their_turn_does_not_wait_for_ever(double: Double, hasty: Person) -> None:
    shelf = hasty.store._shelf(hasty.owner)
    with shelf.lock:
        unavailable(STORAGE["delete"], hasty)


def test_a_wrong_code_and_an_account_error_stay_what_they_are(double: Double, person: Person) -> None:
    assert type(failing(ACCOUNT["confirm reset"], person)) is InvalidCode
    assert issubclass(InvalidCode, AccountError)
