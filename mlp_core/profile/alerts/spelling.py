"""The check of categories that are one category in several spellings."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import ClassVar, Final

from mlp_core.kinds import Kind
from mlp_core.profile.alerts.check import CHECKS, MOST_ALONE, Alert, Check, Severity, quoted, step
from mlp_core.profile.alerts.evidence import Evidence
from mlp_core.profile.facts import ColumnFacts
from mlp_core.text import Text

MOST_DIFFERENT: Final = 1000
"""Among more different texts a likeness is often an accident."""

SLIP: Final = 0.1
"""A slip of the pen is at most this frequent, compared with the right spelling."""

_SHORTEST: Final = 5

Clusters = tuple[tuple[str, tuple[str, ...]], ...]


@CHECKS.add
class Spellings(Check):
    """Categories that differ by capitals, accents, blanks or one letter only."""

    id: ClassVar[str] = "spellings"
    label: ClassVar[Text] = Text("One category in several spellings")
    severity: ClassVar[Severity] = Severity.WARNING

    def find(self, evidence: Evidence) -> Iterator[Alert]:
        """Yield one alert for each column with its spellings, or one for all of very many."""
        found = [(facts, clusters) for facts in _repeating(evidence) if (clusters := _found(evidence, facts))]
        if len(found) > MOST_ALONE:
            names = [facts.name for facts, _ in found]
            yield self.alert(
                names,
                Text("{columns:list} hold one category in several spellings.", columns=names),
                Text("Each spelling counts as a category of its own: give them one name."),
                evidence=Text(
                    "{shown:list}",
                    shown=[
                        Text("{column}: {pairs:list}", column=facts.name, pairs=_shown(clusters[:1]))
                        for facts, clusters in found
                    ],
                ),
            )
            return
        for facts, clusters in found:
            yield self.alert(
                [facts.name],
                Text("{column} holds one category in several spellings.", column=facts.name),
                Text("Each spelling counts as a category of its own: give them one name."),
                evidence=Text("{shown:list}", shown=_shown(clusters)),
                fix=step(
                    "merge_categories",
                    column=facts.name,
                    groups={name: list(others) for name, others in clusters},
                ),
            )


def clusters_of(counts: Mapping[str, int]) -> Clusters:
    """Return the spellings that belong together, each group by its most frequent one.

    Parameters
    ----------
    counts : mapping of str to int
        Rows that hold each text, most frequent first.

    Examples
    --------
    >>> clusters_of({"Paris": 40, "Lyon": 30, "paris ": 3, "Pariss": 1, "Lyons": 25})
    (('Paris', ('paris ', 'Pariss')),)
    """
    alike: dict[str, list[str]] = defaultdict(list)
    for text in counts:
        alike[folded(text)].append(text)
    alike.pop("", None)
    totals = {fold: sum(counts[text] for text in texts) for fold, texts in alike.items()}
    for slip, right in _slips(totals).items():
        alike[right] += alike.pop(slip)
    ranked = (sorted(texts, key=lambda text: -counts[text]) for texts in alike.values() if len(texts) > 1)
    return tuple(
        (_tidy(texts[0]), tuple(text for text in texts if text != _tidy(texts[0]))) for texts in ranked
    )


def folded(text: str) -> str:
    """Return a text in small letters, without accents, marks and doubled blanks."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(mark for mark in plain if not unicodedata.combining(mark))
    # A minus before a digit and a plus tell values apart; a point within a number does too.
    kept = re.sub(r"(?<!\d)\.|\.(?!\d)", " ", kept)
    return " ".join(re.sub(r"[-_/'’\s]+(?!\d)", " ", kept).split())


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _slips(totals: Mapping[str, int]) -> dict[str, str]:
    """Return the texts that are a rare slip of one letter in a frequent other, with that other."""
    nearby: dict[str, list[str]] = defaultdict(list)
    for text in totals:
        if len(text) >= _SHORTEST and not any(mark.isdigit() for mark in text):
            for key in {text, *(text[:place] + text[place + 1 :] for place in range(1, len(text)))}:
                nearby[key].append(text)
    found: dict[str, str] = {}
    for texts in nearby.values():
        if len(texts) < 2:
            continue
        right = max(texts, key=lambda text: totals[text])
        for slip in texts:
            rare = totals[slip] <= SLIP * totals[right]
            if slip != right and rare and slip[0] == right[0] and one_slip(slip, right):
                found.setdefault(slip, right)
    return {slip: right for slip, right in found.items() if right not in found}


def one_slip(one: str, other: str) -> bool:
    """Whether a letter left out, put in, replaced, or exchanged with its neighbour makes one of the other.

    A letter that is a word of its own is no slip: ``grade a`` is not ``grade b``.
    """
    if len(one) > len(other):
        one, other = other, one
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    end = 0
    while end < len(one) - start and one[-1 - end] == other[-1 - end]:
        end += 1
    left, right = one[start : len(one) - end], other[start : len(other) - end]
    swapped = len(left) == len(right) == 2 and left == right[::-1]
    if len(right) > 1 and not swapped:
        return False
    around = (other[start - 1 : start] or " ", other[len(other) - end : len(other) - end + 1] or " ")
    return around != (" ", " ")


def _repeating(evidence: Evidence) -> list[ColumnFacts]:
    return [
        facts
        for facts in evidence.texts()
        if 2 <= facts.distinct <= MOST_DIFFERENT
        and facts.kind in (Kind.CATEGORY, Kind.ORDERED, Kind.BOOLEAN, Kind.TEXT)
        and 2 * facts.distinct <= facts.present
    ]


def _found(evidence: Evidence, facts: ColumnFacts) -> Clusters:
    return evidence.once(("spellings", facts.name), lambda: clusters_of(evidence.words(facts.name).counts))


def _shown(clusters: Clusters) -> list[Text]:
    return [
        Text("{spellings:list} → {name}", spellings=[quoted(one) for one in others], name=quoted(name))
        for name, others in clusters
    ]
