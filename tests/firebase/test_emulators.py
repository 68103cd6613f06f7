"""The rules as the emulators enforce them, asked over HTTP as anybody with a browser could."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import pytest

pytestmark = pytest.mark.firebase

PROJECT = "demo-mlp"
BUCKET = f"{PROJECT}.firebasestorage.app"
CONTENT = b"a,b\n1,2\n"


@dataclass(frozen=True)
class Person:
    """Somebody who signed up; nobody, where there is no token."""

    uid: str = ""
    token: str = ""
    refresh: str = ""
    email: str = ""


NOBODY = Person()


def ask(method: str, url: str, body: bytes | None = None, **headers: str) -> tuple[int, Any]:
    request = Request(url, data=body, method=method, headers=headers)
    try:
        with urlopen(request, timeout=10) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        return error.code, error.read()


def auth(method: str, body: dict[str, Any]) -> dict[str, Any]:
    host = os.environ["FIREBASE_AUTH_EMULATOR_HOST"]
    url = f"http://{host}/identitytoolkit.googleapis.com/v1/accounts:{method}?key=any"
    status, answer = ask("POST", url, json.dumps(body).encode(), **{"Content-Type": "application/json"})
    assert status == 200, answer
    found: dict[str, Any] = json.loads(answer)
    return found


def signed_up() -> Person:
    email = f"{secrets.token_hex(8)}@example.com"
    found = auth("signUp", {"email": email, "password": secrets.token_hex(8), "returnSecureToken": True})
    return Person(found["localId"], found["idToken"], found["refreshToken"], email)


def confirmed() -> Person:
    person = signed_up()
    auth("sendOobCode", {"requestType": "VERIFY_EMAIL", "idToken": person.token})
    host = os.environ["FIREBASE_AUTH_EMULATOR_HOST"]
    _, codes = ask("GET", f"http://{host}/emulator/v1/projects/{PROJECT}/oobCodes")
    code = next(one["oobCode"] for one in json.loads(codes)["oobCodes"] if one["email"] == person.email)
    auth("update", {"oobCode": code})
    renewed = urlencode({"grant_type": "refresh_token", "refresh_token": person.refresh}).encode()
    _, answer = ask("POST", f"http://{host}/securetoken.googleapis.com/v1/token?key=any", renewed)
    return Person(person.uid, json.loads(answer)["id_token"], person.refresh, person.email)


@pytest.fixture(scope="module")
def ada() -> Person:
    return confirmed()


@pytest.fixture(scope="module")
def bob() -> Person:
    return confirmed()


def objects(method: str, who: Person, name: str = "", body: bytes | None = None, **query: str) -> int:
    base = f"http://{os.environ['FIREBASE_STORAGE_EMULATOR_HOST']}/v0/b/{BUCKET}/o"
    url = f"{base}/{quote(name, safe='')}" if name else base
    headers = {"Authorization": f"Firebase {who.token}"} if who.token else {}
    kind = {"Content-Type": query.pop("kind", "text/csv")} if body is not None else {}
    return ask(method, f"{url}?{urlencode(query)}", body, **headers, **kind)[0]


def record(method: str, who: Person, path: str, value: Any = None, **query: str) -> int:
    # As a browser would: the person's token is part of the address.
    given = {**query, **({"auth": who.token} if who.token else {})}
    body = None if method in ("GET", "DELETE") else json.dumps(value).encode()
    return ask(method, f"{os.environ['MLP_FIREBASE_DATABASE_URL']}/{path}.json?{urlencode(given)}", body)[0]


def about(who: Person, artifact: str, **changes: Any) -> dict[str, Any]:
    return {
        "name": "Cars",
        "kind": "csv",
        "page": "upload",
        "size": len(CONTENT),
        "sha256": hashlib.sha256(CONTENT).hexdigest(),
        "created_at": int(time.time() * 1000),
        "path": f"users/{who.uid}/{artifact}.csv",
        **changes,
    }


def test_an_object_is_written_once_and_reached_by_its_owner_only(ada: Person, bob: Person) -> None:
    name = f"users/{ada.uid}/{secrets.token_hex(16)}.csv"
    folder = {"prefix": f"users/{ada.uid}/", "delimiter": "/"}

    assert objects("POST", NOBODY, body=CONTENT, name=name) == 403
    assert objects("POST", bob, body=CONTENT, name=name) == 403
    assert objects("POST", ada, body=CONTENT, name=name) == 200
    assert objects("POST", ada, body=b"other", name=name) == 403, "an object never changes"
    assert objects("PATCH", ada, name, b'{"contentType": "text/html"}', kind="application/json") == 403

    for stranger in (NOBODY, bob):
        assert objects("GET", stranger, name, alt="media") == 403
        assert objects("GET", stranger, name) == 403
        assert objects("GET", stranger, **folder) == 403
        assert objects("DELETE", stranger, name) == 403
    assert objects("GET", ada, name, alt="media") == 200
    assert objects("GET", ada, **folder) == 200
    assert objects("DELETE", ada, name) in (200, 204)


@pytest.mark.parametrize(
    ("extension", "kind", "content"),
    [("csv", "text/html", b"a"), ("exe", "text/csv", b"a"), ("csv", "text/csv", b"")],
)
def test_an_object_that_is_not_as_it_says_is_refused(
    extension: str, kind: str, content: bytes, ada: Person
) -> None:
    name = f"users/{ada.uid}/{secrets.token_hex(16)}.{extension}"

    assert objects("POST", ada, body=content, name=name, kind=kind) == 403


def test_the_list_is_reached_by_its_owner_only(ada: Person, bob: Person) -> None:
    artifact = secrets.token_hex(16)
    listed = f"users/{ada.uid}/artifacts"
    mine = f"{listed}/{artifact}"

    assert record("PUT", ada, mine, about(ada, artifact)) == 200
    for stranger in (NOBODY, bob, Person(token="not.a.token")):
        assert record("GET", stranger, listed) == 401
        assert record("GET", stranger, mine) == 401
        assert record("PUT", stranger, mine, about(ada, artifact)) == 401
        assert record("PUT", stranger, f"{mine}/name", "Theirs") == 401
        assert record("DELETE", stranger, listed) == 401
    assert record("PUT", ada, f"{mine}/name", "Cars again") == 200
    assert record("PUT", ada, f"{mine}/size", 1) == 401
    assert record("GET", ada, listed, orderBy='"created_at"') == 200
    assert record("GET", ada, listed, orderBy='"size"') == 400
    assert record("GET", ada, "users") == 401
    assert record("DELETE", ada, listed) == 200


def test_who_has_not_confirmed_the_address_saves_nothing_and_can_empty_the_account() -> None:
    person = signed_up()
    artifact = secrets.token_hex(16)

    assert objects("POST", person, body=CONTENT, name=f"users/{person.uid}/{artifact}.csv") == 403
    assert record("PUT", person, f"users/{person.uid}/artifacts/{artifact}", about(person, artifact)) == 401
    assert record("GET", person, f"users/{person.uid}/artifacts") == 200
    assert record("DELETE", person, f"users/{person.uid}/artifacts") == 200
    assert objects("GET", person, prefix=f"users/{person.uid}/", delimiter="/") == 200


def test_known_and_unknown_addresses_are_answered_alike(ada: Person) -> None:
    host = os.environ["FIREBASE_AUTH_EMULATOR_HOST"]
    url = f"http://{host}/identitytoolkit.googleapis.com/v1/accounts:signInWithPassword?key=any"
    answers = [
        ask("POST", url, json.dumps({"email": email, "password": "not this one"}).encode())
        for email in (ada.email, "unknown@example.com")
    ]

    assert answers[0] == answers[1]
    assert answers[0][0] == 400
