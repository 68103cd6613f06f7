"""The operation that mends texts which were read in a wrong encoding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from mlp_core.clean import convert
from mlp_core.clean.operation import OPERATIONS, Learned, Operation, which
from mlp_core.params import columns_of
from mlp_core.text import Text

if TYPE_CHECKING:
    import pandas as pd


@OPERATIONS.add
@dataclass(frozen=True, kw_only=True)
class MendEncoding(Operation):
    """Mend letters that were written in one encoding and read in another, such as “Ã©” for “é”."""

    id: ClassVar[str] = "mend_encoding"
    label: ClassVar[Text] = Text("Mend damaged letters")
    mends_target: ClassVar[bool] = True

    columns: tuple[str, ...] = columns_of(
        label=Text("Columns to mend"), help=Text("None chosen means every column of text.")
    )

    def describe(self) -> Text:
        """Return the step as a sentence people read in the list of steps."""
        columns = which(self.columns) if self.columns else Text("every column that fits")
        return Text("Mend damaged letters in {columns}", columns=columns)

    def apply(self, frame: pd.DataFrame, learned: Learned) -> pd.DataFrame:
        """Return the frame with these letters mended; a text without damage stays as it is."""
        changed = {}
        for name in self.columns or [str(name) for name in frame.columns]:
            column = frame[name]
            if _is_text(column) and column.notna().any() and not _is_ascii(column):
                changed[name] = _mended_column(column)
        return frame.assign(**changed)


def mended(text: str) -> str:
    """Return a text with the letters that a wrong encoding made of others put right.

    Uses ftfy's search for the encodings that were confused [1]_, and nothing else of what it mends.

    References
    ----------
    .. [1] R. Speer, ftfy, Zenodo, 2019, https://doi.org/10.5281/zenodo.2591652

    Examples
    --------
    >>> mended("cafÃ© crÃ¨me"), mended("café"), mended("Ã la carte")
    ('café crème', 'café', 'à la carte')
    """
    import ftfy

    return text if text.isascii() else ftfy.fix_encoding(text)


def _mended_column(column: pd.Series) -> pd.Series:
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):
        renamed = [mended(str(one)) for one in column.cat.categories]
        if len(set(renamed)) == len(renamed):
            return column.cat.rename_categories(renamed)
        order = list(dict.fromkeys(renamed))
        texts = convert.each_text(column, mended)
        return convert.as_ordered(texts, order) if column.dtype.ordered else texts.astype("str")
    texts = convert.each_text(column, mended)
    return texts.astype("str") if column.dtype == "str" else texts


def _is_ascii(column: pd.Series) -> bool:
    """Whether every letter of a column is one that all encodings write alike."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return column.dtype == "str" and bool(pc.all(pc.string_is_ascii(pa.array(column.array))).as_py())


def _is_text(column: pd.Series) -> bool:
    import pandas as pd

    if column.dtype == object:
        return bool(column.dropna().map(lambda cell: isinstance(cell, str)).all())
    if isinstance(column.dtype, pd.CategoricalDtype):
        return bool(pd.api.types.is_string_dtype(column.dtype.categories.dtype))
    return bool(column.dtype == "str")
