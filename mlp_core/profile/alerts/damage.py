"""The check of letters that a wrong encoding made of others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar, Final

from mlp_core.profile.alerts.check import CHECKS, Alert, Check, Severity, listed, step
from mlp_core.profile.alerts.evidence import Evidence
from mlp_core.text import Text

_LOST: Final = "\ufffd"
_SUSPECT: Final = re.compile(
    "[ÂÃâãÐÑÎïÅÄØÙåæçèéŽ\u0080-\u009f][\u0080-\u00bf\u20ac\u0192\u2013-\u203a\u02c6\u02dc\u0152-\u0178\u017d\u017e\u2122]"
)
"""Cheap to look for; ftfy then says whether the whole text is damaged."""


_MOST_TEXTS: Final = 2000


@CHECKS.add
class EncodingDamage(Check):
    """Texts with letters that a wrong encoding made of others, such as “Ã©” for “é”."""

    id: ClassVar[str] = "encoding_damage"
    label: ClassVar[Text] = Text("Damaged letters")
    severity: ClassVar[Severity] = Severity.WARNING

    def find(self, evidence: Evidence) -> Iterator[Alert]:
        """Yield one alert for letters that can be mended, one for those that are lost."""
        mended: dict[str, list[tuple[str, str]]] = {}
        lost: dict[str, list[str]] = {}
        for facts in evidence.texts():
            strange = [text for text in evidence.words(facts.name).counts if not text.isascii()][:_MOST_TEXTS]
            pairs = [(text, right) for text in strange if (right := _mended(text)) != text]
            if pairs:
                mended[facts.name] = pairs
            gone = [text for text in strange if _LOST in text]
            if gone:
                lost[facts.name] = gone
        if mended:
            yield self._mendable(mended)
        if lost:
            yield self._lost(lost)

    def _mendable(self, found: dict[str, list[tuple[str, str]]]) -> Alert:
        names = list(found)
        shown = [
            Text("{column}: {wrong} for {right}", column=name, wrong=listed([wrong]), right=listed([right]))
            for name, pairs in found.items()
            for wrong, right in pairs[:1]
        ]
        return self.alert(
            names,
            Text("Letters of {columns:list} were read in a wrong encoding.", columns=names),
            Text("Mend them here, or read the file again in another encoding."),
            evidence=Text("{shown:list}", shown=shown),
            fix=step("mend_encoding", columns=names),
        )

    def _lost(self, found: dict[str, list[str]]) -> Alert:
        names = list(found)
        shown = [
            Text("{column}: {values}", column=name, values=listed(texts[:2])) for name, texts in found.items()
        ]
        return self.alert(
            names,
            Text("Letters of {columns:list} are lost.", columns=names),
            Text("Read the file again in another encoding; where it was saved so, nothing brings them back."),
            evidence=Text("{shown:list}", shown=shown),
        )


def _mended(text: str) -> str:
    """Return the text as it was meant, where a wrong encoding damaged it."""
    if not _SUSPECT.search(text):
        return text
    import ftfy

    return ftfy.fix_encoding(text)
