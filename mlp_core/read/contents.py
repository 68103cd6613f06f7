"""The texts of one column as what they are: numbers, dates, durations, truth values, or the words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from mlp_core.kinds import Kind
from mlp_core.kinds.words import TRUTHS
from mlp_core.read.dates import Order, looks_like_date, to_dates
from mlp_core.read.durations import looks_like_duration, to_durations
from mlp_core.read.findings import Findings, Unfit, Written
from mlp_core.read.missing import ZERO_DATES
from mlp_core.read.numbers import looks_like_number, to_numbers
from mlp_core.read.rules import Evidence, Rules

_PROBED: Final = 64
_SMALL: Final = 20_000
_FIT: Final = 0.995
"""From this share on, texts that are clearly no value are emptied and told; below, the column stays text."""

_NEARLY: Final = 0.9
_EXAMPLES: Final = 5
_CODE: Final = r"^\s*[-+]?0[0-9xX]"
_LONG: Final = r"^\s*[-+]?[0-9]{16,}$"
_LONG_GROUPS: Final = r"^[-+]?\d{1,3}(?:[.,' \x{a0}\x{202f}]\d{3}){5,}$"
_NO_VALUE: Final = r"^[^\pL\pN]*$"


def of_text(column: Any, index: int, rules: Rules, found: Findings, evidence: Evidence) -> Any:
    """Return a column of text as what it is, markers missing."""
    import pyarrow as pa

    if len(column) > _SMALL:
        probe = _probe(column, rules)
        if probe and _guess(probe) is None:
            return _marked(column, index, rules, found)
    whole = column.combine_chunks()
    encoded = (whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole).dictionary_encode()
    values = _values(encoded, index, rules, found, evidence)
    if values is encoded.dictionary:
        return column
    settled = values.take(encoded.indices)
    if pa.types.is_boolean(settled.type) and settled.null_count:
        # A gap makes three answers of two; the words stay, and their kind says what they are.
        found.booleans.remove(index)
        return _marked(column, index, rules, found)
    return settled


def _probe(column: Any, rules: Rules) -> list[str]:
    """Return texts from all over a column, without the markers of missing values."""
    import numpy as np

    skipped = rules.everywhere | rules.in_numbers
    chunks = column.chunks
    texts: list[str] = []
    for chunk in chunks:
        count = max(1, _PROBED // len(chunks))
        if len(chunk):
            places = np.unique(np.linspace(0, len(chunk) - 1, count).astype(np.int64))
            texts += [str(text).strip() for text in chunk.take(places).to_pylist() if text]
    return [text for text in dict.fromkeys(texts) if text and text not in skipped]


def _guess(probe: Sequence[str]) -> list[Kind] | None:
    """Return what most texts may be, the likeliest first; ``None`` where they are words."""
    looks = (
        (Kind.DATETIME, looks_like_date),
        (Kind.DURATION, looks_like_duration),
        (Kind.NUMBER, looks_like_number),
    )
    least = len(probe) / 2
    likely = [kind for kind, test in looks if sum(map(test, probe)) >= least]
    words = {text.casefold() for text in probe}
    if len(words) == 2 and any(words == set(pair) for pair in TRUTHS):
        likely.append(Kind.BOOLEAN)
    return likely or None


def _marked(column: Any, index: int, rules: Rules, found: Findings) -> Any:
    """Return a column of words with its markers missing; only short texts are looked at, as markers are."""
    import pyarrow as pa
    import pyarrow.compute as pc

    longest = max((len(marker.encode()) for marker in rules.everywhere), default=0) + 8
    known = rules.everywhere | {""}
    lengths = pc.binary_length(column)
    if (pc.max(lengths).as_py() or 0) <= longest:
        candidates = column
    else:
        candidates = column.filter(pc.or_(pc.less_equal(lengths, longest), pc.starts_with(column, " ")))
    hits = {text: text.strip() for text in candidates.unique().to_pylist() if text is not None}
    markers = {text: plain for text, plain in hits.items() if plain in known}
    if not markers:
        return column
    found.mark(index, sorted(set(markers.values())))
    missing = pc.is_in(column, value_set=pa.array(sorted(markers), pa.string()))
    return pc.if_else(missing, pa.scalar(None, pa.string()), column)


def _values(encoded: Any, index: int, rules: Rules, found: Findings, evidence: Evidence) -> Any:
    """Return the different texts of a column as what they are: numbers, dates, or texts, markers missing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = encoded.dictionary
    trimmed = pc.utf8_trim_whitespace(texts)
    markers = pc.is_in(trimmed, value_set=pa.array(sorted(rules.everywhere | {""}), pa.string()))
    found.mark(index, sorted(texts_of(trimmed, markers)))
    missing = pa.scalar(None, pa.string())
    kept = pc.if_else(markers, missing, texts) if pc.any(markers).as_py() else texts
    trimmed = pc.if_else(markers, missing, trimmed)
    if trimmed.null_count == len(trimmed):
        return pa.nulls(len(trimmed), pa.float64())
    loose = _loose(trimmed, rules)
    bare = pc.if_else(loose, missing, trimmed)
    known = bare.drop_null()
    if not len(known):
        return kept
    probe = known.take(_spread(len(known))).to_pylist()
    for kind in _guess(probe) or ():
        converted = _CONVERTERS[kind](_Texts(bare, encoded, index, rules, found, evidence))
        if converted is not None:
            found.mark(index, sorted(texts_of(trimmed, loose)))
            return converted
        if index in found.codes or index in found.orders or index in found.unfit or index in found.units:
            break
    return kept


def _spread(count: int) -> Any:
    import numpy as np

    return np.unique(np.linspace(0, count - 1, min(count, _PROBED)).astype(np.int64))


def _loose(trimmed: Any, rules: Rules) -> Any:
    """Return which texts mean missing between numbers: known words, and marks without letter or digit."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not rules.in_numbers:
        return pa.array([False] * len(trimmed), pa.bool_())
    wanted = pa.array(sorted(rules.in_numbers | ZERO_DATES), pa.string())
    folded = pc.is_in(pc.utf8_lower(trimmed), value_set=wanted)
    loose = pc.or_(folded, pc.is_in(trimmed, value_set=wanted))
    return pc.fill_null(pc.or_(loose, pc.match_substring_regex(trimmed, _NO_VALUE)), False)


def texts_of(values: Any, mask: Any) -> list[str]:
    """Return the different texts that a mask picks."""
    return [str(text) for text in values.filter(mask).unique().drop_null().to_pylist()]


@dataclass(frozen=True)
class _Texts:
    """The different texts of a column, and what is needed to judge them."""

    bare: Any
    encoded: Any
    index: int
    rules: Rules
    found: Findings
    evidence: Evidence

    def accept(self, values: Any, unfit: Any, hopeless: Any, kind: Kind) -> Any | None:
        """Return the values where all texts fit, or nearly all do and the rest is clearly no value."""
        import numpy as np
        import pyarrow.compute as pc

        if not pc.any(unfit).as_py():
            return values
        indices = self.encoded.indices.drop_null().to_numpy()
        rows = np.bincount(indices, minlength=len(self.bare))
        bad = unfit.to_numpy(zero_copy_only=False).astype(bool)
        present = pc.is_valid(self.bare).to_numpy(zero_copy_only=False)
        count, total = int(rows[bad].sum()), int(rows[present].sum())
        emptied = 1 - count / total >= _FIT and pc.all(pc.or_(pc.invert(unfit), hopeless)).as_py()
        if emptied or 1 - count / total >= _NEARLY:
            examples = tuple(text[:40] for text in texts_of(self.bare, unfit)[:_EXAMPLES])
            self.found.unfit[self.index] = Unfit(kind, count, total, examples, bool(emptied))
        return values if emptied else None


def _as_numbers(texts: _Texts) -> Any | None:
    import pyarrow as pa
    import pyarrow.compute as pc

    bare, found, index = texts.bare, texts.found, texts.index
    if pc.any(pc.match_substring_regex(bare, _CODE)).as_py() and _is_code(bare):
        found.codes.append(index)
        return None
    if pc.any(pc.match_substring_regex(bare, _LONG)).as_py():
        try:
            return bare.cast(pa.int64())
        except pa.ArrowInvalid:
            found.long.append(index)
            return None
    numbers = to_numbers(bare, texts.rules.notations(), texts.evidence.decimal)
    if numbers is None:
        return None
    if numbers.units:
        found.units[index] = numbers.units
        return None
    nothing = pa.array([False] * len(bare), pa.bool_())
    values = texts.accept(numbers.values, numbers.unfit, nothing, Kind.NUMBER)
    if values is not None and pa.types.is_floating(values.type) and _has_long_groups(bare):
        found.long.append(index)
        return None
    if values is not None:
        found.numbers[index] = Written(
            numbers.notation,
            numbers.sure,
            numbers.mixed,
            telling=numbers.telling and texts.evidence.decimal is None,
            guessed=numbers.open,
            affix=numbers.affix,
        )
    return values


def _has_long_groups(texts: Any) -> bool:
    """Whether some whole number with marks between its thousands has more digits than a decimal keeps."""
    import pyarrow.compute as pc

    return bool(pc.any(pc.match_substring_regex(texts, _LONG_GROUPS)).as_py())


def _is_code(texts: Any) -> bool:
    """Whether whole numbers begin with a zero; ``007.5`` is a number all the same."""
    return any(re.fullmatch(r"\s*[-+]?0(\d+|[xX][\da-fA-F]+)\s*", text or "") for text in texts.to_pylist())


def _as_dates(texts: _Texts) -> Any | None:
    dates = to_dates(texts.bare, day_first=texts.rules.day_first, evidence=texts.evidence.order)
    if dates is None:
        return None
    found, index = texts.found, texts.index
    values = texts.accept(dates.values, dates.unfit, dates.impossible, Kind.DATETIME)
    if dates.order is not Order.YEAR_FIRST and (values is not None or dates.order is Order.UNKNOWN):
        found.orders[index], found.order_sure[index] = dates.order, dates.sure
    if values is None or dates.order is Order.UNKNOWN:
        return None
    if dates.zoned:
        found.zoned.append(index)
    if dates.short:
        found.short.append(index)
    return values


def _as_durations(texts: _Texts) -> Any | None:
    import pyarrow as pa

    durations = to_durations(texts.bare)
    if durations is None:
        return None
    nothing = pa.array([False] * len(texts.bare), pa.bool_())
    values = texts.accept(durations.values, durations.unfit, nothing, Kind.DURATION)
    if values is not None and durations.clock:
        texts.found.clocks.append(texts.index)
    return values


def _as_truths(texts: _Texts) -> Any | None:
    import pyarrow as pa

    words = texts.bare.to_pylist()
    given = {text.casefold() for text in words if text is not None}
    pair = next((pair for pair in TRUTHS if given == set(pair)), None)
    if pair is None:
        return None
    texts.found.booleans.append(texts.index)
    return pa.array([None if text is None else text.casefold() == pair[0] for text in words], pa.bool_())


_CONVERTERS: Final[Mapping[Kind, Callable[[_Texts], Any]]] = MappingProxyType(
    {
        Kind.DATETIME: _as_dates,
        Kind.DURATION: _as_durations,
        Kind.NUMBER: _as_numbers,
        Kind.BOOLEAN: _as_truths,
    }
)
