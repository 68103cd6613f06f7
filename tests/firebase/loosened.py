"""Every way to loosen a file of rules by one step: a condition dropped, a limit widened, a word let in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

# Refused all the same: whoever is nobody has no uid to compare, and what is no text or no number has no
# length, no pattern and no size. Google's own examples write both, and so do the rules.
NEEDED_TWICE = ("auth != null", "request.auth != null", "newData.isString()", "newData.isNumber()")

# (what is found, what takes its place): each occurrence is loosened on its own.
WIDER = (
    (r"<= (\d+)", r"<= 9\1"),
    (r"now \+ 60000", "now + 9e9"),
    (r"> 0", ">= 0"),
    (r"\{32\}|\{64\}", "+"),
    (r"\[0-9a-f\]", "[0-9a-zA-Z]"),
    (r"\(csv\|", "(csv|exe|"),
    (r"\|project\)", "|project|zip)"),
    (r"/\^", "/"),
    (r"\$/", "/"),
    (r"== 'application/zip'", "!= ''"),
    (r"\[\.\](csv|pythie)\$", r"[.](exe|\1)$"),
    (r"'name', ", ""),
    (r"'kind', ", ""),
    (r"'page', ", ""),
    (r"'size', ", ""),
    (r"'sha256', ", ""),
    (r"'created_at', ", ""),
    (r", 'path'", ""),
    (r"=== \$uid\b", "!== null"),
    (r"=== true", "!== null"),
    (r"(?<!=)== true", "!= null"),
    (r"== uid\b", "!= null"),
    (r"allow (get|delete):", r"allow \1, update:"),
    (r"allow get:", "allow get, create:"),
    (r"match /users/\{uid\}/\{fileName\}", "match /{folder}/{uid}/{fileName}"),
    (r"match /users/\{uid\}/\{fileName\}", "match /users/{uid}/{fileName=**}"),
    (r"match /users/\{uid\}/\{any", "match /{folder}/{uid}/{any"),
)


def of_database(text: str) -> Iterator[tuple[str, str]]:
    """Yield what was loosened, and the whole file with it."""
    rules = json.loads(text)
    for path, expression in _expressions(rules):
        for name, looser in of_expression(expression):
            yield f"{'/'.join(path)}: {name}", json.dumps(_with(rules, path, looser))


def of_storage(text: str) -> Iterator[tuple[str, str]]:
    """Yield what was loosened, and the whole file with it."""
    bare = re.sub(r"^\s*//.*\n", "", text, flags=re.MULTILINE)
    yield from _steps(bare)
    for found in re.finditer(r"(if|return) ([^;]+);", bare):
        yield f"{found[2][:60]} → true", bare[: found.start(2)] + "true" + bare[found.end(2) :]
    bucket = "match /b/{bucket}/o {"
    for path in ("users/{uid}/{fileName}", "{anything=**}"):
        more = f"match /{path} {{ allow update: if request.auth != null; }}"
        yield f"more: {more}", bare.replace(bucket, f"{bucket} {more}", 1)


def of_expression(expression: Any) -> Iterator[tuple[str, Any]]:
    """Yield one expression of the database's rules, loosened in each way."""
    yield "→ true", True
    if isinstance(expression, str):
        yield from _steps(expression)


def _steps(text: str) -> Iterator[tuple[str, str]]:
    for start, end in _operands(text):
        dropped = text[start:end].strip()
        if dropped not in NEEDED_TWICE:
            yield f"{dropped[:60]} → true", f"{text[:start]} true {text[end:]}"
    for pattern, wider in WIDER:
        for found in re.finditer(pattern, text):
            looser = text[: found.start()] + found.expand(wider) + text[found.end() :]
            yield f"{found[0]} → {found.expand(wider)} at {found.start()}", looser


def _operands(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each operand of an "and" begins and ends."""
    seen = set()
    for found in re.finditer("&&", text):
        for operand in ((_begin(text, found.start()), found.start()), (found.end(), _end(text, found.end()))):
            if operand not in seen:
                seen.add(operand)
                yield operand


def _begin(text: str, position: int) -> int:
    depth = 0
    for index in range(position - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(text[index], 0)
        if depth < 0 or (not depth and re.match(r"&&|\|\|", text[index:])):
            return index + (1 if depth < 0 else 2)
        if not depth and (word := re.match(r"\b(if|return) ", text[index:])):
            return index + word.end()
    return 0


def _end(text: str, position: int) -> int:
    depth = 0
    for index in range(position, len(text)):
        depth += {"(": 1, ")": -1}.get(text[index], 0)
        if depth < 0 or (not depth and re.match(r"&&|\|\||;", text[index:])):
            return index
    return len(text)


def _expressions(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, child in node.items():
        if name in (".read", ".write", ".validate"):
            yield (*path, name), child
        elif isinstance(child, dict):
            yield from _expressions(child, (*path, name))


def _with(node: dict[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    name, *further = path
    return {**node, name: _with(node[name], tuple(further), value) if further else value}
