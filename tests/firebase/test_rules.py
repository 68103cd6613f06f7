"""The rules of Firebase name the kinds, content types and limits of the core, and allow an owner only."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from mlp_core.storage.artifacts.artifact import EXTENSIONS, LARGEST_BYTES, LONGEST_META, LONGEST_NAME

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "firebase"
OWNER = "auth != null && auth.uid === $uid"
STORAGE = re.sub(
    r"^\s*//.*\n", "", (FOLDER / "storage.rules").read_text(encoding="utf-8"), flags=re.MULTILINE
)


@pytest.fixture
def database() -> dict[str, Any]:
    rules: dict[str, Any] = json.loads((FOLDER / "database.rules.json").read_text(encoding="utf-8"))
    return rules["rules"]


@pytest.fixture
def record(database: dict[str, Any]) -> dict[str, Any]:
    rules: dict[str, Any] = database["users"]["$uid"]["artifacts"]["$artifact"]
    return rules


def validation(record: dict[str, Any], field: str) -> str:
    return str(record[field][".validate"])


def test_the_list_takes_the_kinds_that_the_core_keeps(record: dict[str, Any]) -> None:
    (kinds,) = re.findall(r"matches\(/\^\(([a-z|]+)\)\$/\)", validation(record, "kind"))

    assert kinds.split("|") == list(EXTENSIONS)


def test_the_path_in_the_list_bears_the_extension_of_the_kind(record: dict[str, Any]) -> None:
    kind = "newData.parent().child('kind').val()"
    other = {name: extension for name, (extension, _) in EXTENSIONS.items() if extension != name}

    assert other == {"project": "pythie"}
    assert validation(record, "path") == (
        f"newData.val() === 'users/' + $uid + '/' + $artifact + '.' + "
        f"({kind} === 'project' ? 'pythie' : {kind})"
    )


def test_the_list_takes_what_is_as_long_and_as_large_as_the_core_allows(record: dict[str, Any]) -> None:
    def most(field: str) -> int:
        return int(re.findall(r"<= (\d+)", validation(record, field))[0])

    # Firebase counts as JavaScript does: a letter beyond the first 65,536 counts twice.
    assert most("name") == 2 * LONGEST_NAME
    assert most("meta") == 2 * LONGEST_META
    assert most("size") == LARGEST_BYTES


def test_objects_bear_the_extensions_and_content_types_that_the_core_gives_them() -> None:
    pairs = re.findall(
        r"fileName\.matches\('\^\[0-9a-f\]\{32\}\[\.\](\w+)\$'\)"
        r" && request\.resource\.contentType == '([\w/-]+)'",
        STORAGE,
    )

    assert pairs == list(EXTENSIONS.values())
    assert STORAGE.count("matches(") == STORAGE.count("contentType") == len(EXTENSIONS)


def test_objects_are_as_large_as_the_core_allows() -> None:
    assert re.findall(r"resource\.size (\S+ \d+)", STORAGE) == ["> 0", f"<= {LARGEST_BYTES}"]


def test_the_check_of_the_rules_asks_for_the_same_kinds_and_limit() -> None:
    check = (FOLDER / "rules.test.js").read_text(encoding="utf-8")
    rows = re.findall(r'^  (\w+): \["(\w+)", "([\w/-]+)"\],$', check, flags=re.MULTILINE)

    assert {kind: (extension, media) for kind, extension, media in rows} == dict(EXTENSIONS)
    assert f"LARGEST_BYTES = {LARGEST_BYTES};" in check


def test_nothing_of_the_database_is_open_but_to_its_owner(database: dict[str, Any]) -> None:
    def permissions(node: dict[str, Any]) -> list[Any]:
        here = [node[name] for name in (".read", ".write") if name in node]
        return here + [
            one for child in node.values() if isinstance(child, dict) for one in permissions(child)
        ]

    assert [database[".read"], database[".write"]] == [False, False]
    assert [name for name in database if not name.startswith(".")] == ["users"]
    granted = [one for one in permissions(database) if one is not False]
    assert len(granted) == 3
    assert [one for one in granted if not one.startswith(OWNER)] == []
    assert [one for one in granted if "||" in one.replace("(!newData.exists() || (", "")] == []


def test_a_record_holds_what_is_known_and_no_more(record: dict[str, Any]) -> None:
    fields = {name for name in record if not name.startswith((".", "$"))}
    (required,) = re.findall(r"hasChildren\(\[([^]]+)\]\)", record[".write"])

    assert {name.strip(" '") for name in required.split(",")} == fields - {"meta"}
    assert record["$other"] == {".validate": False}
    assert "email_verified === true" in record[".write"]


def test_an_object_is_its_owners_and_never_changes() -> None:
    allowed = dict(re.findall(r"allow ([\w, ]+): if ([^;]+);", STORAGE))

    assert set(allowed) == {"list", "get", "create", "delete"}
    assert all(condition.startswith("owns(uid)") and "||" not in condition for condition in allowed.values())
    assert {"isConfirmed()", "resource == null"} <= set(re.split(r"\s*&&\s*", allowed["create"]))
    assert re.findall(r"match (\S+)", STORAGE) == [
        "/b/{bucket}/o",
        "/users/{uid}/{any=**}",
        "/users/{uid}/{fileName}",
    ]


def test_what_is_installed_for_the_check_is_exact_and_names_no_host() -> None:
    package = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))
    tracked = subprocess.run(
        ["git", "ls-files", "firebase"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()

    assert set(package["dependencies"]) == {"firebase-tools", "targaryen"}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in package["dependencies"].values())
    assert [name for name in tracked if "lock" in name or "node_modules" in name] == []
    assert "://" not in json.dumps(package)


def test_the_example_of_secrets_holds_no_secret_and_what_is_filled_in_stays_out_of_git() -> None:
    import tomllib

    text = (ROOT / ".streamlit/secrets.example.toml").read_text(encoding="utf-8")
    example = tomllib.loads(text)

    assert set(example["firebase"]) == {"apiKey", "authDomain", "databaseURL", "projectId", "storageBucket"}
    assert all("PROJECT" in value for name, value in example["firebase"].items() if name != "apiKey")
    assert "serviceAccount" not in text
    assert ".streamlit/secrets.toml" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
