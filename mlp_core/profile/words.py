"""Facts of a column of categories, yes/no or free text, from its different values and their counts."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from mlp_core.kinds import Kind
from mlp_core.profile.coded import Coded
from mlp_core.profile.facts import MOST_EXAMPLES, MOST_LEVELS, MOST_TOP, ColumnFacts, Value

if TYPE_CHECKING:
    import numpy as np

MOST_TEXTS: Final = 2000
"""Different texts in which words are counted; beyond, a sample of them."""

MOST_CHARACTERS: Final = 4_000_000
"""Where texts are long, fewer of them are counted."""

_LISTED: Final = frozenset({Kind.CATEGORY, Kind.ORDERED, Kind.BOOLEAN})
_WORD: Final = re.compile(r"[^\W\d_]{2,}")


def word_facts(found: Coded, name: str, kind: Kind) -> ColumnFacts:
    """Return the facts of a column that is counted rather than measured.

    Parameters
    ----------
    found : Coded
        Its different values.
    name : str
        What it is called.
    kind : Kind
        What it holds.
    """
    import numpy as np

    counts = found.counts
    ordered = kind is Kind.ORDERED
    # Sorting all of a million texts to keep ten would take longer than counting them.
    best = (
        np.arange(len(counts)) if ordered else _largest(counts, MOST_LEVELS if kind in _LISTED else MOST_TOP)
    )
    pairs = tuple((_shown(found, place, kind), int(counts[place])) for place in best[:MOST_LEVELS].tolist())
    return ColumnFacts(
        name=name,
        kind=kind,
        rows=len(found.codes),
        missing=found.missing,
        distinct=len(counts),
        top=pairs[:MOST_TOP],
        levels=pairs if kind in _LISTED and len(counts) <= MOST_LEVELS else (),
        examples=tuple(str(found.value(place)) for place in range(min(MOST_EXAMPLES, len(counts)))),
        **(_of_texts(found, kind) if kind is not Kind.BOOLEAN and len(counts) else {}),
    )


def _largest(counts: np.ndarray[Any, Any], most: int) -> np.ndarray[Any, Any]:
    """Return the places of the largest counts, the earlier first among equals."""
    import numpy as np

    if len(counts) <= most:
        return np.argsort(-counts, kind="stable")
    least = np.partition(counts, -most)[-most]
    chosen = np.flatnonzero(counts > least)
    chosen = np.concatenate((chosen, np.flatnonzero(counts == least)[: most - len(chosen)]))
    return chosen[np.lexsort((chosen, -counts[chosen]))]


def _shown(found: Coded, place: int, kind: Kind) -> Value:
    value = found.value(place)
    return bool(value) if kind is Kind.BOOLEAN and value in (0, 1) else value


def _of_texts(found: Coded, kind: Kind) -> dict[str, Any]:
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = found.levels
    if not isinstance(texts, pa.Array):
        texts = pa.array(found.texts(), pa.large_string())
    lengths = pc.utf8_length(texts).to_numpy(zero_copy_only=False)
    facts: dict[str, Any] = {
        "shortest": int(lengths.min()),
        "longest": int(lengths.max()),
        "mean_length": float(np.average(lengths, weights=found.counts)),
    }
    return {**facts, **(_of_words(texts, found.counts, lengths) if kind is Kind.TEXT else {})}


def _of_words(texts: Any, counts: np.ndarray[Any, Any], lengths: np.ndarray[Any, Any]) -> dict[str, Any]:
    """Count words in the texts, in a seeded sample of them where there are many."""
    import numpy as np
    import pyarrow as pa

    most = min(MOST_TEXTS, 1 + int(MOST_CHARACTERS / max(1.0, float(lengths.mean()))))
    sampled = len(texts) > most
    if sampled:
        places = np.random.default_rng(0).choice(len(texts), most, replace=False, shuffle=False)
        texts, counts = texts.take(pa.array(places)), counts[places]
    held: Counter[str] = Counter()
    words = 0
    for text, count in zip(texts.to_pylist(), counts.tolist(), strict=True):
        words += count * len(text.split())
        for word in set(_WORD.findall(text.lower())):
            held[word] += count
    return {
        "mean_words": words / int(counts.sum()),
        "words": tuple(sorted(held.items(), key=lambda item: (-item[1], item[0]))[:MOST_TOP]),
        "estimated": ("mean_words", "words") if sampled else (),
    }
