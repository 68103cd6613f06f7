"""Which columns go together: with the target, as a map of colours, and the strongest pairs in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mlp_core.profile.associations import Association, Associations
from mlp_core.profile.measures import MEASURES
from mlp_core.profile.report.markup import Writer, ruled, section, tag
from mlp_core.text import Text, number

MOST_PAIRS: Final = 15
MOST_MAPPED: Final = 16
_WORTH_NAMING: Final = 0.1
_DEEPEST: Final = 0.58
"""How much of its colour the strongest cell has: on more, numbers could not be read in either theme."""


def pairs(found: Associations, write: Writer, target: str | None) -> str:
    """Return the part of the page on associations; nothing where there are none."""
    if not found.pairs:
        return ""
    content = []
    aimed = found.with_target(target) if target is not None else ()
    if target is not None and aimed:
        heading = write.say(Text("With the target {name}", name=target))
        content += [tag("h3", heading), _strongest(aimed, write, target)]
    mapped = _mapped(found)
    if len(mapped) > 2:
        content += [tag("h3", write.say(Text("The strongest pairs as a map"))), _map(found, mapped, write)]
        content.append(_key(found, write))
    content += [tag("h3", write.say(Text("The strongest pairs"))), _strongest(found.pairs, write)]
    return section(write.say(Text("Which columns go together")), *content, lead=_lead(found, write))


def _lead(found: Associations, write: Writer) -> str:
    said = write.say(
        Text("{n:n} {n|pair|pairs} of {columns:n} columns.", n=len(found), columns=len(found.columns))
    )
    if found.estimated:
        sampled = Text(
            "Estimated from {n:n} of {all:n} rows, drawn at random.", n=found.rows, all=found.of_rows
        )
        said += f" {write.say(sampled)}"
    if found.grouped:
        grouped = Text("Rare values were taken together in {columns:list}.", columns=found.grouped)
        said += f" {write.say(grouped)}"
    if found.skipped:
        left_out = [Text("{column} ({why})", column=one.column, why=one.why) for one in found.skipped]
        said += f" {write.say(Text('Left out: {columns:list}.', columns=left_out))}"
    meaning = Text("That two columns go together does not say that one causes the other.")
    return f"{said} {write.say(meaning)}"


def _strongest(found: Sequence[Association], write: Writer, target: str | None = None) -> str:
    heads = [Text("Columns") if target is None else Text("Column"), Text("Strength"), Text("Measure")]
    heads += [Text("Value"), Text("95 % interval"), Text("Rows")]
    worth = [pair for pair in found if pair.strength >= _WORTH_NAMING] if target is None else found
    rows = []
    for pair in (worth or found[:3])[:MOST_PAIRS]:
        names = [pair.left, pair.right] if target is None else [pair.other(target)]
        meter = tag("i", class_=f"meter {_way(pair)}", style=f"width:{100 * pair.strength:.0f}%")
        low, high = (number(round(end, 2) + 0.0, write.language, 2) for end in (pair.low, pair.high))
        rows.append(
            [
                " · ".join(write.name(name, 40) for name in names),
                tag("div", meter, class_="track"),
                write.say(MEASURES[pair.measure].label),
                _value(pair.value, write) + _plain(pair, write),
                write.say(Text("{low} to {high}", low=low, high=high)),
                write.number(pair.pairs),
            ]
        )
    return ruled([write.say(head) for head in heads], rows)


def _plain(pair: Association, write: Writer) -> str:
    label = MEASURES[pair.measure].plain
    if pair.plain is None or label is None:
        return ""
    value = number(round(pair.plain, 2) + 0.0, write.language, 2)
    return f" <small>{write.say(Text('{label}: {value}', label=label, value=value))}</small>"


def _mapped(found: Associations) -> list[str]:
    """Return the columns of the strongest pairs, in the order of the table."""
    chosen: dict[str, None] = {}
    for pair in found.pairs:
        for name in (pair.left, pair.right):
            if len(chosen) < MOST_MAPPED:
                chosen.setdefault(name)
    return [name for name in found.columns if name in chosen]


def _map(found: Associations, names: list[str], write: Writer) -> str:
    known = {frozenset((pair.left, pair.right)): pair for pair in found.pairs}
    heads = [tag("th")] + [tag("th", tag("span", write.name(name, 24))) for name in names]
    rows = []
    for left in names:
        cells = [
            tag("td", class_="none") if left == right else _cell(known.get(frozenset((left, right))), write)
            for right in names
        ]
        rows.append(tag("tr", tag("th", write.name(left, 28)), *cells))
    table = tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *rows), class_="heat")
    return tag("div", table, class_="scroll")


def _cell(pair: Association | None, write: Writer) -> str:
    if pair is None:
        return tag("td", "–", class_="none")
    shade = f"--much:{_DEEPEST * pair.strength:.2f}"
    return tag("td", _value(pair.value, write), class_=_way(pair), style=shade)


def _key(found: Associations, write: Writer) -> str:
    colours = {
        "up": Text("one rises with the other (Spearman’s ρ)"),
        "down": Text("one falls as the other rises (Spearman’s ρ)"),
        "flat": Text("groups and categories (η, V): how far one tells the other"),
    }
    used = {_way(pair) for pair in found.pairs}
    shown = [
        tag("span", tag("i", class_=way) + write.say(said)) for way, said in colours.items() if way in used
    ]
    return tag("div", *shown, class_="key")


def _way(pair: Association) -> str:
    if not MEASURES[pair.measure].signed:
        return "flat"
    return "up" if pair.value >= 0 else "down"


def _value(value: float, write: Writer) -> str:
    return write.number(round(value, 2) + 0.0, 2)
