"""Find the sentences that people read: in the code by parsing it, in the catalogues by reading them."""

from __future__ import annotations

import ast
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import house_rules
from house_rules import ROOT, Module

from mlp_core.text import slots

# Each takes a sentence as its first argument; the last two are the doors of the pages.
DOORS = frozenset({"Text", "t", "md"})

# Where a sentence rightly arrives as a value: a class's own first line, and the door of the pages.
HANDED_ON = frozenset({("mlp_core.registry", "help_of"), ("pages._ui.i18n", "t")})

# What a person reads of a Streamlit call, when it is given as a literal.
SHOWN = frozenset(
    {
        *("button", "download_button", "form_submit_button", "link_button", "popover", "expander", "toast"),
        *("checkbox", "toggle", "radio", "segmented_control", "selectbox", "multiselect", "slider"),
        *("number_input", "text_input", "text_area", "file_uploader", "metric", "spinner"),
        *("title", "header", "subheader", "caption", "markdown", "text", "write"),
        *("error", "warning", "info", "success"),
    }
)
SHOWN_KEYWORDS = frozenset({"label", "help", "placeholder", "text", "body", "title"})

_SLOT = re.compile(r"\{[^{}]*\}")
_MARKUP = re.compile(r"`[^`]*`|:material/\w*:?|:[a-z]+(?:-[a-z]+)?\[|<[^>]*>|https?://\S+")
_SPACES = "\u202f\u00a0"


@dataclass
class Found:
    """The sentences of some modules, with where each stands, and what is wrong with how they are written."""

    sentences: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    breaches: list[str] = field(default_factory=list)


def found_in(modules: list[Module]) -> Found:
    """Return every sentence of the modules."""
    found = Found()
    for module in modules:
        functions = _functions(module.tree)
        for node in ast.walk(module.tree):
            place = f"{module.name}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.ClassDef) and _is_registered(node):
                lines = (ast.get_docstring(node) or "").strip().splitlines()
                if lines:
                    found.sentences[lines[0]].append(place)
                else:
                    found.breaches.append(f"{place}: {node.name} is registered and has no docstring")
            if isinstance(node, ast.Call):
                if (module.name, functions.get(id(node), "")) not in HANDED_ON:
                    _call(node, place, found)
                if not module.in_core:
                    found.breaches += [f"{place}: {words!r} skips the catalogue" for words in _bare(node)]
    return found


def catalogues() -> dict[str, Mapping[str, str]]:
    """Return each French catalogue by its file name."""
    paths = sorted((ROOT / "mlp_core" / "locales" / "fr").glob("*.json"))
    return {path.name: json.loads(path.read_text(encoding="utf-8")) for path in paths}


def disagreements(files: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Return the sentences that two catalogues translate differently."""
    known: dict[str, tuple[str, str]] = {}
    wrong = []
    for file, catalogue in files.items():
        for english, french in catalogue.items():
            other, already = known.setdefault(english, (file, french))
            if already != french:
                wrong.append(f"{english!r}: {already!r} in {other}, {french!r} in {file}")
    return wrong


def faults(english: str, french: str) -> Iterator[str]:
    """Yield what is wrong with a translation: its slots, its typography."""
    if slots(english) != slots(french):
        yield f"slots {sorted(slots(english))} became {sorted(slots(french))}"
    for text in (english, french):
        if "{" in _SLOT.sub("", text) or "}" in _SLOT.sub("", text):
            yield f"a brace stands alone in {text!r}"
    words = _MARKUP.sub("", _SLOT.sub("X", french))
    if re.search(r"(?<=\w)'(?=\w)", words):
        yield "a straight apostrophe; write ’"
    if '"' in words:
        yield "straight quotation marks; write « »"
    if re.search(rf"[^{_SPACES}(:;?!][:;?!»](?=\s|$|[).,…»])", words):
        yield "no no-break space before : ; ? ! or »"
    if re.search(rf"«(?![{_SPACES}])", words):
        yield "no no-break space after «"
    if "..." in words:
        yield "three dots; write …"
    if re.search(r"\d %", words):
        yield "a common space before %"


def _call(node: ast.Call, place: str, found: Found) -> None:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    if name not in DOORS or not node.args:
        return
    for given in _choices(node.args[0]):
        if isinstance(given, ast.Constant) and isinstance(given.value, str):
            if given.value:
                found.sentences[given.value].append(place)
        elif name == "Text" or isinstance(given, (ast.JoinedStr, ast.BinOp)):
            found.breaches.append(f"{place}: {name}({ast.unparse(given)}) is no literal sentence")


def _choices(given: ast.expr) -> Iterator[ast.expr]:
    if isinstance(given, ast.IfExp):
        yield from _choices(given.body)
        yield from _choices(given.orelse)
    else:
        yield given


def _bare(node: ast.Call) -> Iterator[str]:
    """Yield the literal words that a Streamlit call shows as they stand, in whatever language."""
    called = node.func
    if not isinstance(called, ast.Attribute) or called.attr not in SHOWN | {"page_link"}:
        return
    first = node.args[:1] if called.attr in SHOWN else []  # a page link begins with a path
    given = [*first, *(keyword.value for keyword in node.keywords if keyword.arg in SHOWN_KEYWORDS)]
    for value in given:
        parts = value.values if isinstance(value, ast.JoinedStr) else [value]
        for part in parts:
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                words = _MARKUP.sub("", part.value)
                if re.search(r"[^\W\d_]{2}", words):
                    yield words


def _is_registered(node: ast.ClassDef) -> bool:
    return any(isinstance(d, ast.Attribute) and d.attr == "add" for d in node.decorator_list)


def _functions(tree: ast.Module) -> dict[int, str]:
    """Return the name of the function around each node, by the node's identity."""
    return {
        id(inner): outer.name
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef)
        for inner in ast.walk(outer)
    }


def all_found() -> Found:
    """Return every sentence of the project."""
    return found_in(house_rules.modules())
