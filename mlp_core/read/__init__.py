"""From a file to a table: what it is, how it is written, and what its columns hold."""

from mlp_core.read.door import read_table
from mlp_core.read.formats import FORMATS, Format
from mlp_core.read.look import first_look
from mlp_core.read.options import ENCODINGS, SEPARATORS, WHITESPACE, ReadOptions
from mlp_core.read.samples import SAMPLES, Sample, sample

__all__ = [
    "ENCODINGS",
    "FORMATS",
    "SAMPLES",
    "SEPARATORS",
    "WHITESPACE",
    "Format",
    "ReadOptions",
    "Sample",
    "first_look",
    "read_table",
    "sample",
]
