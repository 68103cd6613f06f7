"""Which characters set the cells of a text apart, found by trying each on some of its lines.

A candidate is scored by how many lines have the usual number of cells and by how many cells look whole:
numbers, dates, or text that holds no other candidate and no quotation mark without its partner. Lines before
and after the table count less, since a title or a note need not be cut.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from mlp_core.read.options import WHITESPACE
from mlp_core.read.shapes import look
from mlp_core.read.tokens import Cutter, Dialect, Record, lines, records

GOOD_ENOUGH: Final = 0.2
"""What a separator must score to be taken at all; below it each line is one cell."""

_SAMPLE_LINES: Final = 140
_SAMPLE_CHARS: Final = 24_000
_COMMON: Final = (",", ";", "\t", "|")
_RARE: Final = "^~:#&*/!@%$=+§¦¬¤\x1f\x1e\x1d\x01\x02\u001c"
_RARITY: Final = 0.7
_TABBED: Final = 0.9
_COMPOUND: Final = re.compile(r"[^\w\s\"'`.+\-()\\]{2,5}|\\t")
_COMMONEST: Final = re.compile(r"[,;\t|]|  ")
_SIGNED: Final = re.compile(r"([,;\t|])[−€$£¥₹]|[%‰€$£¥₹]([,;\t|])")
"""A common mark beside the sign, currency or percent of the number next to it."""
_NEVER: Final = re.compile(r"(?!)")
_COMMA_DECIMAL: Final = re.compile(r"[-+]?\d*,\d+(?:[eE][-+]?\d+)?")
_WHOLE: Final = frozenset({"", "number", "date", "time", "link", "code"})


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A dialect, how well it cuts some lines (0-1), and into how many cells."""

    dialect: Dialect
    score: float
    width: int
    consistent: float = 0.0


def sampled(text: str) -> str:
    """Return some whole lines of a text: the first ones, and a few from its middle and its end."""
    spans = []
    for start, _, after in lines(text[: 4 * _SAMPLE_CHARS]):
        spans.append((start, after))
        if len(spans) == _SAMPLE_LINES or after > _SAMPLE_CHARS:
            break
    head = text[: spans[-1][1]] if spans else ""
    if len(text) < 2 * len(head) + 2000:
        return text if len(text) <= 2 * _SAMPLE_CHARS else head
    middle, end = len(text) // 2, len(text)
    return head + _whole_lines(text, middle, 3000) + _whole_lines(text, end - 3000, 3000)


def _whole_lines(text: str, start: int, size: int) -> str:
    feed = max(text.find("\n", start, start + size), -1)
    if feed < 0:
        return ""
    end = text.rfind("\n", feed, start + size) + 1
    return text[feed + 1 : end]


def candidates(sample: str, quotes: Sequence[str] = ('"',)) -> list[Candidate]:
    """Return every candidate that cuts the sample at all, the best first.

    Parameters
    ----------
    quotes : sequence of str
        Characters that may stand around a cell.
    """
    marks = _marks(sample)
    others = "|".join(re.escape(mark) for mark in marks if mark != " ")
    foreign = re.compile(others) if others else _NEVER
    found = []
    for mark in marks:
        found += [scored(sample, Dialect(separator=mark, quote=quote), foreign) for quote in quotes]
    found = [one for one in found if one.score > 0]
    found.sort(key=lambda one: -one.score)
    tabbed = any(one.dialect.separator == "\t" and one.consistent > _TABBED for one in found)
    if not tabbed or "  " in sample:
        found += _spaced(sample, quotes[0])
    found.sort(key=lambda one: -one.score)
    if found and _is_one_column(sample, found[0]):
        return []
    return found


def _marks(sample: str) -> list[str]:
    rows = [line for line in sample.splitlines() if line.strip()][:_SAMPLE_LINES]
    least = max(1, len(rows) // 3)
    marks = [mark for mark in _COMMON if mark in sample]
    marks += [mark for mark in _RARE if sum(mark in line for line in rows) >= least]
    marks = [mark for mark in marks if sample.count(mark) != 2 * sample.count(mark * 2)]
    if sum(" " in line.strip() for line in rows) >= least:
        marks.append(" ")
    runs: Counter[str] = Counter()
    for line in rows:
        runs.update(set(_COMPOUND.findall(line)))
        runs.update({mark * 2 for mark in "\t" if mark * 2 in line})
    runs = Counter({run: count for run, count in runs.items() if not _is_signed(run, rows)})
    return marks + [run for run, count in runs.most_common(6) if count >= least and run not in marks]


def _is_signed(run: str, rows: Sequence[str]) -> bool:
    """Whether a run is a common mark beside what belongs to a value, rather than a separator of several."""
    marks = [one for one in run if one in _COMMON]
    if len(marks) != 1:
        return False
    outside = [row.count(marks[0]) != row.count(run) for row in rows]
    if _SIGNED.fullmatch(run):
        return any(outside) or rows[0].count(run) == 1
    return outside[0] and run not in rows[0]


def scored(sample: str, dialect: Dialect, foreign: re.Pattern[str] | None = None) -> Candidate:
    """Return how well a dialect cuts a sample.

    Parameters
    ----------
    foreign : pattern, optional
        Marks that might separate as well, so that a cell which holds one is hardly whole.
    """
    cutter = Cutter(dialect, flags=True)
    rows = [one for one in records(sample, dialect, cutter=cutter) if one.cells][: 2 * _SAMPLE_LINES]
    widths = Counter(len(one.cells) for one in rows)
    wide = {width: count for width, count in widths.items() if width > 1}
    if not wide:
        return Candidate(dialect=dialect, score=0.0, width=1)
    width, usual = max(wide.items(), key=lambda item: (item[1], item[0]))
    consistent = usual / _weight(rows, width)
    table = [one for one in rows if len(one.cells) == width]
    mark = dialect.separator
    clean = sum(_cleanness(one, foreign or _COMMONEST) for one in table) / len(table)
    prior = 1.0 if mark in _COMMON else _RARITY if len(mark) == 1 else 0.9
    if mark == " ":
        prior *= _blank_prior(table)
    if len(mark) > 1 and mark != WHITESPACE:
        # Longer marks leave fewer columns than a part of them would; what they explain counts instead.
        prior = 1.02
    score = consistent**2 * clean**2 * (1 - 1 / (width + 1)) * prior
    return Candidate(dialect=dialect, score=score, width=width, consistent=consistent)


def _weight(rows: Sequence[Record], width: int) -> float:
    """Return how many rows count: those outside the table by half, those of one cell by less."""
    places = [place for place, one in enumerate(rows) if len(one.cells) == width]
    first, last = places[0], places[-1]
    total = 0.0
    for place, one in enumerate(rows):
        if first <= place <= last:
            total += 1.0
        else:
            total += 0.25 if len(one.cells) == 1 else 0.6
    return total


def _cleanness(row: Record, foreign: re.Pattern[str]) -> float:
    quoted = row.quoted or [False] * len(row.cells)
    worth = [_wholeness(cell, foreign, known) for cell, known in zip(row.cells, quoted, strict=True)]
    empty = sum(not cell for cell in row.cells)
    if len(worth) > 2 and empty * 2 >= len(worth):
        # Half the cells empty, as where a doubled mark is taken for two.
        worth += [0.6] * empty
    return sum(worth) / len(worth)


def _wholeness(cell: str, foreign: re.Pattern[str], quoted: bool) -> float:
    if quoted:
        return 1.0
    bare = cell.strip()
    if look(bare) in _WHOLE:
        return 1.0
    if bare[:1] in ('"', "`") or bare[-1:] in ('"', "`"):
        return 0.1 if bare[:1] != bare[-1:] or len(bare) == 1 else 0.6
    if bare[:1] in _RARE or bare[-1:] in _RARE[:3]:
        return 0.5
    return 0.4 if foreign.search(cell) else 0.95


def _blank_prior(table: Sequence[Record]) -> float:
    """Return how likely single blanks are separators: between numbers or quoted words, hardly in prose."""
    cells = [
        (cell, known) for one in table for cell, known in zip(one.cells, one.quoted or one.cells, strict=True)
    ]
    numbers = sum(look(cell) in ("number", "date", "time") for cell, _ in cells)
    if numbers > len(cells) / 2 or any(known is True for _, known in cells):
        return 1.0
    columns = list(zip(*(one.cells for one in table[1:]), strict=True))
    typed = sum(all(look(cell) in ("number", "date", "time") for cell in column) for column in columns)
    if len(table) > 3 and typed > 1:
        return 0.9
    filled = sorted(sum(map(bool, one.cells)) for one in table)
    return 0.9 if filled[len(filled) // 2] > 2 and len(table) >= 8 else 0.05


def _spaced(sample: str, quote: str) -> list[Candidate]:
    """Return the ways in which runs of blanks set columns apart."""
    rows = [sample[start:stop] for start, stop, _ in lines(sample) if sample[start:stop].strip(" \t")]
    if not rows or sum(" " in row.strip() or "\t" in row.strip() for row in rows) < 0.6 * len(rows):
        return []
    found = []
    single = scored(sample, Dialect(separator=WHITESPACE, quote=quote))
    if single.score and _is_spaced(sample, single.dialect, single.width):
        found.append(single)
    if sum("  " in row.strip() or "\t" in row for row in rows) >= 0.5 * len(rows):
        wide = scored(sample, Dialect(separator=WHITESPACE, quote=quote, gap=2))
        if wide.score and "  " in sample:
            found.append(
                replace(wide, score=wide.score * (1.3 if wide.consistent > single.consistent else 1.06))
            )
        cuts = _cuts(rows)
        if cuts and "\t" not in sample:
            fixed = scored(sample, Dialect(separator=WHITESPACE, quote=quote, cuts=cuts))
            found.append(replace(fixed, score=fixed.score * (1.25 if single.consistent < 1 else 1.03)))
    return found


def _is_spaced(sample: str, dialect: Dialect, width: int) -> bool:
    """Whether blanks are columns rather than words: mostly numbers, or always two blanks or more."""
    rows = [one.cells for one in records(sample, dialect) if len(one.cells) == width]
    cells = [cell for row in rows[1:] or rows for cell in row]
    numbers = sum(look(cell) in ("number", "time", "date") for cell in cells)
    single = re.search(r"\S \S", re.sub(r'"[^"\n]*"', '""', sample))
    return numbers > len(cells) / 2 or not single


def _cuts(rows: Sequence[str]) -> tuple[int, ...]:
    """Return where columns of fixed width begin: after every place that is blank in all lines."""
    longest = min(4000, max(map(len, rows)))
    filled = [0] * (longest + 1)
    for row in rows:
        for place, letter in enumerate(row[:longest]):
            if letter != " ":
                filled[place] += 1
    least = 0.03 * len(rows) if len(rows) > 30 else 0
    found, gap = [], 0
    for place in range(1, longest):
        blank = filled[place] <= least
        if not blank and gap and any(filled[: place - gap]):
            found.append((place, gap))
        gap = gap + 1 if blank else 0
    return _under_names(rows, found, longest)


def _under_names(rows: Sequence[str], found: Sequence[tuple[int, int]], longest: int) -> tuple[int, ...]:
    """Return the cuts that the first line confirms: it runs over none, and has a name after each narrow one.

    Without that, words that stand below each other by chance would be columns: ``Aug 1`` over ``Sep 1``.
    """
    if not found:
        return ()
    cuts: list[int] = []
    names = rows[0]
    ends = [place for place, _ in found[1:]] + [longest]
    for (place, gap), end in zip(found, ends, strict=True):
        crossed = names[place - 1 : place].strip()
        named = names[place:end].strip()
        below = any(row[place:end].strip() for row in rows[1:])
        if not crossed and (named or gap > 1) and (below or gap > 1 or len(rows) == 1):
            cuts.append(place)
    return tuple(cuts)


def _is_one_column(sample: str, best: Candidate) -> bool:
    """Whether the lines are whole values, such as times or decimals, that a mark would cut apart."""
    rows = [line.strip() for line in sample.splitlines() if line.strip()]
    if len(rows) < 2:
        return False
    mark, body = best.dialect.separator, rows[1:]
    if mark == ",":
        return "," not in rows[0] and all(_COMMA_DECIMAL.fullmatch(line) for line in body)
    if mark in _COMMON:
        return False
    whole = sum(look(line) in ("number", "date", "time", "link") for line in body)
    return whole > 0.8 * len(body)
