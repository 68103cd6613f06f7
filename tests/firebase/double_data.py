"""Realtime Database and Storage as the double knows them, held to what the rules in ``firebase/`` say."""

from __future__ import annotations

import json
import re
import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from firebase.double_identity import Refusal, claims_of

from mlp_core.storage.artifacts.artifact import EXTENSIONS, LARGEST_BYTES, LONGEST_META, LONGEST_NAME

if TYPE_CHECKING:
    from firebase.double import Request

FIXED = {"name", "kind", "page", "size", "sha256", "created_at", "path"}
TYPES = dict(EXTENSIONS.values())
# The rules count as JavaScript does, in which a letter beyond 16 bits counts for two.
WIDEST = 2


@dataclass
class Data:
    """Rows as one tree, objects by their full name."""

    rows: dict[str, Any] = field(default_factory=dict)
    objects: dict[str, tuple[bytes, str]] = field(default_factory=dict)

    def of(self, uid: str) -> dict[str, Any]:
        """Return the rows of an account."""
        found: dict[str, Any] = self.rows.get("users", {}).get(uid, {}).get("artifacts", {})
        return found

    def database(self, request: Request) -> tuple[int, Any]:
        path = [part for part in unquote(request.path[1:-5]).split("/") if part]
        claims = _proof(request.query.get("auth"))
        if any(re.search(r"[.$#\[\]\x00-\x1f\x7f]", part) for part in path):
            raise Refusal(400, {"error": "Invalid path: Invalid token in path"})
        own = claims is not None and path[:2] == ["users", claims["user_id"]]
        if not own:
            raise denied()
        if request.method == "GET":
            return 200, self._at(path)
        value = None if request.method == "DELETE" else json.loads(request.body)
        if request.method not in ("PUT", "DELETE") or not self._may_write(path, value, claims):
            raise denied()
        self._set(path, value)
        return 200, value

    def storage(self, request: Request) -> tuple[int, Any]:
        found = re.fullmatch(r"/v0/b/[^/]+/o(?:/([^/]+))?", request.path)
        if found is None:
            raise _storage(404, "Not Found.")
        header = request.headers.get("authorization", "")
        claims = _proof(header.removeprefix("Firebase ") if header.startswith("Firebase ") else None, False)
        uid = claims["user_id"] if claims else ""
        if request.method == "GET" and found[1] is None:
            return 200, self._listed(request, uid)
        name = unquote(found[1]) if found[1] else request.query.get("name", "")
        if not uid or not re.fullmatch(rf"users/{re.escape(uid)}/[^/]+", name):
            raise _storage(403, "Permission denied.")
        if request.method == "POST":
            return 200, self._uploaded(request, name, claims or {})
        if name not in self.objects:
            raise _storage(404, "Not Found.")
        if request.method == "DELETE":
            del self.objects[name]
            return 204, b""
        return 200, self.objects[name][0] if request.query.get("alt") == "media" else {"name": name}

    def _uploaded(self, request: Request, name: str, claims: dict[str, Any]) -> dict[str, Any]:
        media_type = request.headers.get("content-type", "")
        known = re.fullmatch(r"[0-9a-f]{32}\.([a-z]+)", name.split("/")[-1])
        allowed = (
            claims["email_verified"]
            and known is not None
            and TYPES.get(known[1]) == media_type
            and 0 < len(request.body) <= LARGEST_BYTES
            and name not in self.objects
        )
        if not allowed:
            raise _storage(403, "Permission denied.")
        self.objects[name] = request.body, media_type
        size = str(len(request.body))
        return {"name": name, "size": size, "contentType": media_type, "downloadTokens": secrets.token_hex(8)}

    def _listed(self, request: Request, uid: str) -> dict[str, Any]:
        prefix = request.query.get("prefix", "")
        if not uid or prefix != f"users/{uid}/":
            raise _storage(403, "Permission denied.")
        after = request.query.get("pageToken", "")
        names = sorted(name for name in self.objects if name.startswith(prefix) and name > after)
        most = int(request.query.get("maxResults", "1000"))
        more = {"nextPageToken": names[most - 1]} if len(names) > most else {}
        return {"prefixes": [], "items": [{"name": name, "bucket": "b"} for name in names[:most]], **more}

    def _may_write(self, path: list[str], value: Any, claims: dict[str, Any]) -> bool:
        if path[2:3] != ["artifacts"] or len(path) > 5:
            return False
        if len(path) == 3:
            return value is None
        if len(path) == 4 and value is None:
            return True
        before = self._at(path[:4])
        if len(path) == 5:
            value = {key: one for key, one in {**(before or {}), path[4]: value}.items() if one is not None}
        return bool(claims["email_verified"]) and _is_record(value, before, claims["user_id"], path[3])

    def _at(self, path: list[str]) -> Any:
        node: Any = self.rows
        for part in path:
            node = node.get(part) if isinstance(node, dict) else None
        return node

    def _set(self, path: list[str], value: Any) -> None:
        node = self.rows
        for part in path[:-1]:
            node = node.setdefault(part, {})
        if value is None:
            node.pop(path[-1], None)
        else:
            node[path[-1]] = value


def _is_record(record: Any, before: Any, uid: str, artifact_id: str) -> bool:
    if not isinstance(record, dict) or set(record) - {"meta"} != FIXED:
        return False
    if before and any(record[key] != before[key] for key in FIXED - {"name"}):
        return False
    kind = record["kind"]
    return (
        re.fullmatch(r"[0-9a-f]{32}", artifact_id) is not None
        and _is_text(record["name"], 1, WIDEST * LONGEST_NAME)
        and kind in EXTENSIONS
        and _is_text(record["page"], 0, 40)
        and _is_number(record["size"], LARGEST_BYTES)
        and re.fullmatch(r"[0-9a-f]{64}", str(record["sha256"])) is not None
        and _is_number(record["created_at"], time.time() * 1_000 + 60_000)
        and record["path"] == f"users/{uid}/{artifact_id}.{EXTENSIONS[kind][0]}"
        and _is_text(record.get("meta", ""), 0, WIDEST * LONGEST_META)
    )


def _is_text(value: object, least: int, most: int) -> bool:
    return isinstance(value, str) and least <= len(value.encode("utf-16-le")) // 2 <= most


def _is_number(value: object, most: float) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value <= most


def _proof(id_token: str | None, in_database: bool = True) -> dict[str, Any] | None:
    if not id_token:
        return None
    claims = claims_of(id_token)
    if claims is None or claims["exp"] < time.time():
        if in_database:
            raise Refusal(
                401, {"error": "Auth token is expired" if claims else "Could not parse auth token."}
            )
        raise _storage(401, "Unauthenticated request")
    return claims


def denied() -> Refusal:
    return Refusal(401, {"error": "Permission denied"})


def _storage(status: int, message: str) -> Refusal:
    return Refusal(status, {"error": {"code": status, "message": message}})
