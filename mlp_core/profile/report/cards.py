"""One card for each column: what it holds, a small picture, and its facts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from mlp_core.kinds import LABELS, Kind
from mlp_core.profile.facts import ColumnFacts, Step
from mlp_core.profile.report.drawing import picture
from mlp_core.profile.report.markup import Writer, escaped, listed, section, tag
from mlp_core.text import Text, number

MOST_CARDS: Final = 200
"""Columns that have a card of their own; the CSV has all."""


def cards(columns: tuple[ColumnFacts, ...], write: Writer, target: str | None) -> str:
    """Return the part of the page with the cards."""
    lead = ""
    if len(columns) > MOST_CARDS:
        lead = write.say(
            Text(
                "The first {n:n} of {all:n} columns; the CSV file has them all.",
                n=MOST_CARDS,
                all=len(columns),
            )
        )
    drawn = [_card(facts, write, is_target=facts.name == target) for facts in columns[:MOST_CARDS]]
    return section(write.say(Text("Column by column")), tag("div", *drawn, class_="cards"), lead=lead)


def _card(facts: ColumnFacts, write: Writer, *, is_target: bool) -> str:
    chips = tag("span", write.say(LABELS[facts.kind]), class_="chip")
    if is_target:
        chips = tag("span", write.say(Text("Target")), class_="chip target") + " " + chips
    head = tag("header", tag("h3", write.name(facts.name)), tag("div", chips))
    return tag(
        "article",
        head,
        _missing(facts, write),
        picture(facts, write),
        listed(_facts(facts, write)),
        class_="card",
    )


def _missing(facts: ColumnFacts, write: Writer) -> str:
    if not facts.missing:
        return tag("div", write.say(Text("No value is missing")), class_="missing")
    said = write.say(Text("{n:n} missing ({share:pct})", n=facts.missing, share=facts.share_missing))
    bar = tag("i", tag("b", style=f"width:{max(2.0, 100 * facts.share_missing):.1f}%"))
    return tag("div", bar + said, class_="missing")


def _facts(facts: ColumnFacts, write: Writer) -> Iterator[tuple[str, str]]:
    if not facts.present:
        return
    yield write.say(Text("Different values")), write.count(facts.distinct, facts.present)
    yield from _measured(facts, write)
    yield from _dated(facts, write)
    yield from _written(facts, write)
    if facts.examples and not facts.levels:
        shown = " · ".join(write.name(_day(example), 60) for example in facts.examples)
        yield write.say(Text("Examples")), shown


def _measured(facts: ColumnFacts, write: Writer) -> Iterator[tuple[str, str]]:
    if facts.mean is None or facts.minimum is None or facts.maximum is None:
        return
    unit = " s" if facts.kind is Kind.DURATION else ""
    deviation = "" if facts.std is None else f" ± {write.figure(facts.std)}"
    yield write.say(Text("Mean ± standard deviation")), escaped(write.figure(facts.mean) + deviation + unit)
    yield write.say(Text("Lowest to highest")), _range(facts.minimum, facts.maximum, write, unit)
    if facts.distinct > 1:
        quartiles = [write.figure(facts.quantile(share) or 0.0) for share in (0.25, 0.5, 0.75)]
        yield write.say(Text("Quartiles")), escaped(" · ".join(quartiles) + unit)
        tails = [facts.quantile(share) or 0.0 for share in (0.05, 0.95)]
        yield write.say(Text("9 of 10 between")), _range(tails[0], tails[1], write, unit)
    if facts.skew is not None:
        shape = write.number(facts.skew, 2)
        if facts.kurtosis is not None:
            shape += f" · {write.number(facts.kurtosis, 2)}"
        yield write.say(Text("Skew · kurtosis")), shape
    counted = (
        (Text("Zeros"), facts.zeros),
        (Text("Negative"), facts.negatives),
        (Text("Infinite"), facts.infinite),
        (Text("Far below the others"), facts.outliers_below),
        (Text("Far above the others"), facts.outliers_above),
    )
    for label, count in counted:
        if count:
            yield write.say(label), write.count(count, facts.present)


def _dated(facts: ColumnFacts, write: Writer) -> Iterator[tuple[str, str]]:
    if facts.earliest is not None and facts.latest is not None:
        first, last = (write.name(_day(date)) for date in (facts.earliest, facts.latest))
        yield write.say(Text("Earliest")), first
        yield write.say(Text("Latest")), last
    if facts.step is not None:
        yield write.say(Text("Usual step")), _step(facts.step, write)


def _written(facts: ColumnFacts, write: Writer) -> Iterator[tuple[str, str]]:
    if facts.shortest is not None and facts.longest is not None and facts.mean_length is not None:
        ends = _range(float(facts.shortest), float(facts.longest), write)
        if facts.longest > facts.shortest:
            mean = Text("mean {mean}", mean=number(facts.mean_length, write.language, 1))
            ends += f" <small>({write.say(mean)})</small>"
        yield write.say(Text("Characters")), ends
    sampled = f" <small>{write.say(Text('(in a sample)'))}</small>" if facts.estimated else ""
    if facts.mean_words is not None:
        yield write.say(Text("Words per text")), write.number(facts.mean_words, 1) + sampled
    if facts.words:
        shown = ", ".join(write.name(word, 30) for word, _ in facts.words[:6])
        yield write.say(Text("Frequent words")), shown + sampled


def _step(step: Step, write: Writer) -> str:
    lengths = {
        "second": Text("{n:n} {n|second|seconds}", n=step.count),
        "minute": Text("{n:n} {n|minute|minutes}", n=step.count),
        "hour": Text("{n:n} {n|hour|hours}", n=step.count),
        "day": Text("{n:n} {n|day|days}", n=step.count),
        "month": Text("{n:n} {n|month|months}", n=step.count),
        "year": Text("{n:n} {n|year|years}", n=step.count),
    }
    return write.say(Text("{length} ({share:pct} of the steps)", length=lengths[step.unit], share=step.share))


def _day(date: str) -> str:
    return re.sub(r"^(-?\d{4,}-\d\d-\d\d)[T ](?:00:00:00$)?", r"\1 ", date).strip()


def _range(low: float, high: float, write: Writer, unit: str = "") -> str:
    if low == high:
        return escaped(write.figure(low) + unit)
    return write.say(Text("{low} to {high}", low=write.figure(low), high=write.figure(high) + unit))
