"""Hostile files: whatever the bytes, a table or one sentence, in time, in bounded memory, and no crash."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import pickle
import random
import sqlite3
import struct
import tempfile
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest

from mlp_core.config import Settings
from mlp_core.errors import DamagedFile, MLPError, NotATable, ReadError, TooLarge
from mlp_core.read import ReadOptions, apart, read_table
from mlp_core.read.formats import FORMATS, format_of
from mlp_core.table import Table

FRAME = pd.DataFrame(
    {
        "n": range(40),
        "x": [i / 7 for i in range(40)],
        "w": ["é" * (i % 5) or None for i in range(40)],
        "d": pd.date_range("2024-01-01", periods=40, unit="us"),
    }
)
MB = 1 << 20
TOTAL = 220 * MB
"""What a bomb grows to: more than any limit lets through, and quick enough to make."""


def check(table: Table) -> None:
    """Hold what comes out of the door to what every page relies on."""
    names = list(table.frame.columns)
    assert len(set(names)) == len(names)
    assert all(isinstance(name, str) and name for name in names)
    pa.Table.from_pandas(table.frame)


def outcome(data: bytes, options: ReadOptions | None = None) -> str:
    """Read a content and return what came of it; anything but a table or a sentence fails the test."""
    try:
        check(read_table(data, options))
    except MLPError as error:
        return type(error).__name__ if error.hint is not None else "no hint"
    return "table"


def written(write: Callable[[io.BytesIO], object]) -> bytes:
    target = io.BytesIO()
    write(target)
    return target.getvalue()


def by_path(write: Callable[[str], object]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "file")
        write(path)
        return Path(path).read_bytes()


def _database(path: str) -> None:
    connection = sqlite3.connect(path)
    FRAME.to_sql("t", connection, index=False)
    connection.close()


def _endless(path: str) -> None:
    connection = sqlite3.connect(path)
    endless = "with recursive r(x) as (select 1 union all select x + 1 from r) select * from r"
    connection.execute(f"create view v as {endless}")
    connection.close()


def _ducks(path: str) -> None:
    import duckdb

    with duckdb.connect(path) as connection:
        connection.register("frame", FRAME)
        connection.execute("create table t as select * from frame")


def _stream(target: io.BytesIO) -> None:
    table = pa.Table.from_pandas(FRAME)
    with pa.ipc.new_stream(target, table.schema) as writer:
        writer.write_table(table)


def _zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    def fill(target: io.BytesIO) -> None:
        with zipfile.ZipFile(target, "w", method) as archive:
            for name, data in members.items():
                archive.writestr(name, data)

    return written(fill)


APART: dict[str, Callable[[], bytes]] = {
    "parquet": lambda: written(FRAME.to_parquet),
    "arrow": lambda: written(FRAME.to_feather),
    "stream": lambda: written(_stream),
    "orc": lambda: written(FRAME.to_orc),
    "xlsx": lambda: written(lambda target: FRAME.to_excel(target, index=False)),
    "sav": lambda: by_path(lambda path: pyreadstat.write_sav(FRAME[["n", "x"]], path)),
    "dta": lambda: written(lambda target: FRAME.to_stata(target, write_index=False)),
    "xpt": lambda: by_path(lambda path: pyreadstat.write_xport(FRAME[["n", "x"]], path)),
    "sqlite": lambda: by_path(_database),
    "duckdb": lambda: by_path(_ducks),
    "html": lambda: FRAME.to_html(index=False).encode(),
}
HERE: dict[str, Callable[[], bytes]] = {
    "json": lambda: FRAME.to_json(orient="records", date_format="iso").encode(),
    "lines": lambda: FRAME.to_json(orient="records", lines=True, date_format="iso").encode(),
    "xml": lambda: FRAME.to_xml(index=False).encode(),
    "csv": lambda: FRAME.to_csv(index=False).encode(),
    "gzip": lambda: gzip.compress(FRAME.to_csv(index=False).encode()),
    "bz2": lambda: bz2.compress(FRAME.to_csv(index=False).encode()),
    "xz": lambda: lzma.compress(FRAME.to_csv(index=False).encode()),
    "zst": lambda: pa.compress(FRAME.to_csv(index=False).encode(), codec="zstd", asbytes=True),
    "zip": lambda: _zipped({"a.csv": FRAME.to_csv(index=False).encode(), "b.json": b"[]"}),
}


def damaged(data: bytes, dice: random.Random) -> bytes:
    """Return a content that was cut, flipped, overwritten, doubled or moved in places."""
    broken = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 5, 20))):
        place = dice.randrange(len(broken)) if broken else 0
        way = dice.randrange(6)
        if way == 0 and dice.random() < 0.5:
            del broken[place:]
        elif way <= 2 and broken:
            broken[place] ^= 1 << dice.randrange(8)
        elif way == 3:
            broken[place : place + 4] = dice.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff"))
        elif way == 4:
            del broken[place : place + dice.randrange(1, 64)]
        else:
            broken[place:place] = broken[place : place + dice.randrange(1, 256)]
    return bytes(broken)


def fuzzed(writers: dict[str, Callable[[], bytes]], each: int, seed: int) -> Iterator[tuple[str, bytes]]:
    dice = random.Random(seed)
    for kind, write in writers.items():
        whole = write()
        for _ in range(each):
            yield kind, damaged(whole, dice)


def test_damaged_files_that_are_read_here_give_a_table_or_a_sentence() -> None:
    found = Counter(outcome(data) for _, data in fuzzed(HERE, 30, seed=1))

    assert found["table"] > 0
    assert found["DamagedFile"] > 0
    assert found["no hint"] == 0


def test_damaged_files_that_are_read_apart_give_a_table_or_a_sentence() -> None:
    found = Counter(outcome(data) for _, data in fuzzed(APART, 1, seed=2))

    assert found.total() == len(APART)


@pytest.mark.slow
def test_thousands_of_damaged_files_give_a_table_or_a_sentence() -> None:
    slowest = 0.0
    for kind, data in (*fuzzed(APART, 100, seed=3), *fuzzed(HERE, 300, seed=4)):
        begun = time.monotonic()
        outcome(data)
        slowest = max(slowest, time.monotonic() - begun)
        assert slowest < 30, kind


@pytest.mark.parametrize("kind", [*APART, *HERE])
def test_a_file_cut_in_half_is_named(kind: str) -> None:
    data = {**APART, **HERE}[kind]()
    half = data[: len(data) // 2]

    if kind in ("csv", "html", "lines", "stream"):  # what is left of these still is a table
        assert outcome(half) in ("table", "DamagedFile")
    else:
        assert outcome(half) in ("DamagedFile", "NotATable")


def poured(start: bytes, piece: bytes, total: int, end: bytes = b"") -> Iterator[bytes]:
    yield start
    block = piece * (MB // len(piece))
    for _ in range(total // len(block)):
        yield block
    yield end


def gzip_bomb(piece: bytes = b"1,2\n") -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(block) for block in poured(b"", piece, TOTAL)) + packer.flush()


def zip_bomb(name: str, pieces: Iterator[bytes], others: dict[str, bytes] | None = None) -> bytes:
    def fill(target: io.BytesIO) -> None:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for other, data in (others or {}).items():
                archive.writestr(other, data)
            with archive.open(name, "w", force_zip64=True) as member:
                for piece in pieces:
                    member.write(piece)

    return written(fill)


def workbook_bomb(piece: bytes) -> bytes:
    """Return a workbook of which one sheet is an endless XML."""
    with zipfile.ZipFile(io.BytesIO(APART["xlsx"]())) as whole:
        others = {name: whole.read(name) for name in whole.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    head = others.pop(sheet).split(b"<sheetData>")[0] + b"<sheetData>"
    return zip_bomb(sheet, poured(head, piece, TOTAL, b"</sheetData></worksheet>"), others)


def overlapping() -> bytes:
    """Return an archive whose directory names one member two hundred times."""
    data = _zipped({"a.csv": b"1,2\n" * 100_000})
    end = data.rfind(b"PK\5\6")
    (start,) = struct.unpack("<I", data[end + 16 : end + 20])
    entries = b"".join(data[start:end].replace(b"a.csv", b"%05d" % i) for i in range(200))
    return (
        data[:start] + entries + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 200, 200, len(entries), start, 0)
    )


def lying() -> bytes:
    """Return an archive that says of a member of 90 MB that it has ten bytes."""
    data = zip_bomb("a.csv", poured(b"", b"1,2\n", 90 * MB))
    end = data.rfind(b"PK\5\6")
    (start,) = struct.unpack("<I", data[end + 16 : end + 20])
    return data[: start + 24] + struct.pack("<I", 10) + data[start + 28 :]


def far_corner() -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"] = 1
    book.active["XFD1048576"] = 2
    return written(book.save)


def many_rows() -> bytes:
    table = pa.table({"a": pa.array([0], pa.int64()).take(pa.nulls(MB, pa.int8()).fill_null(0))})

    def fill(target: io.BytesIO) -> None:
        with pq.ParquetWriter(target, table.schema) as writer:
            for _ in range(20):
                writer.write_table(table)

    return written(fill)


def claimed_rows() -> bytes:
    def fill(target: io.BytesIO) -> None:
        table = pa.table({"a": pa.nulls(1 << 33)})
        with pa.ipc.new_file(target, table.schema) as writer:
            writer.write_table(table, max_chunksize=1 << 31)

    return written(fill)


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "lol">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9))
    + b"]><l><r>&j;</r><r>1</r></l>"
)
REPEATED = (
    b'<?xml version="1.0"?><office:document-content'
    b' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    b' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body><office:spreadsheet>'
    b'<table:table table:name="s"><table:table-row table:number-rows-repeated="1048576"><table:table-cell'
    b' office:value-type="float" office:value="1" table:number-columns-repeated="16384"/></table:table-row>'
    b"</table:table></office:spreadsheet></office:body></office:document-content>"
)

BOMBS: dict[str, Callable[[], bytes]] = {
    "gzip": gzip_bomb,
    "gzip of zeros": lambda: gzip_bomb(b"\0"),
    "gzip in gzip": lambda: gzip.compress(gzip_bomb()),
    "zip": lambda: zip_bomb("a.csv", poured(b"", b"1,2\n", TOTAL)),
    "zip in zip in zip": lambda: _zipped({"a.zip": _zipped({"b.zip": _zipped({"c.csv": b"a,b\n1,2\n"})})}),
    "overlapping members": overlapping,
    "lying directory": lying,
    "many members": lambda: _zipped({f"{i}.csv": b"" for i in range(11_000)}, zipfile.ZIP_STORED),
    "workbook of blanks": lambda: workbook_bomb(b" "),
    "workbook of rows": lambda: workbook_bomb(b"<row><c><v>1</v></c></row>"),
    "far corner": far_corner,
    "repeated cells": lambda: _zipped(
        {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": REPEATED},
        zipfile.ZIP_STORED,
    ),
    "laughs": lambda: LAUGHS,
    "entity of a file": lambda: b'<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><l><r>&a;</r></l>',
    "deep XML": lambda: b"<a>" * 100_000 + b"</a>" * 100_000,
    "many XML names": lambda: b"<l>" + b"".join(b"<r><a%d/></r>" % i for i in range(20_000)) + b"</l>",
    "wide page": lambda: b"<table><tr>" + b"<td colspan=1000>x" * 5_000 + b"</table>",
    "deep JSON": lambda: b"[" * 100_000,
    "deep objects": lambda: b'{"a":' * 900 + b"1" + b"}" * 900,
    "many JSON names": lambda: json.dumps([{f"k{i}": 1} for i in range(20_000)]).encode(),
    "many Parquet rows": many_rows,
    "endless view": lambda: by_path(_endless),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_a_bomb_is_refused_in_time(kind: str) -> None:
    data = BOMBS[kind]()
    assert len(data) < 4 * MB
    begun = time.process_time()
    with pytest.raises((TooLarge, DamagedFile, NotATable)) as caught:
        read_table(data)

    assert time.process_time() - begun < 5
    assert caught.value.hint is not None
    assert caught.value.render("fr") != caught.value.render("en")


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_is_named_and_never_loaded(protocol: int, tmp_path: Path) -> None:
    trace = tmp_path / "loaded"

    class Hostile:
        def __reduce__(self) -> tuple[object, ...]:
            return Path.touch, (trace,)

    path = tmp_path / "table.csv"
    for value in (Hostile(), [1, "a", {"b": 2.5}], FRAME):
        packed = pickle.dumps(value, protocol=protocol)
        for data in (packed, gzip.compress(packed), zlib.compress(packed), _zipped({"a.pkl": packed})):
            path.write_bytes(data)
            with pytest.raises(NotATable, match="pickle"):
                read_table(path)
    assert not trace.exists()


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"\x89HDF\r\n\x1a\n" + bytes(100), "HDF5"),
        (b"\x93NUMPY\x01\0" + bytes(100), "NumPy"),
        (b"RDX3\nX\n" + bytes(50), "R workspace"),
        (b"MZ\x90\0" + bytes(100), "program"),
        (b"\x7fELF" + bytes(100), "program"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3\n", "Git LFS"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le"), "Office"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "protected by a password",
        ),
        (b"\x09\x02\x06\x00" + bytes(60), "before 1995"),
        (_zipped({"[Content_Types].xml": b"x", "word/document.xml": b"x"}), "office document"),
        (_zipped({"a.npy": b"x"}), "NumPy"),
        (_zipped({}), "no file"),
        (b"<html><body><p>Not found</p></body></html>", "without a table"),
        (b"42", ""),
        (b'"text"', ""),
        (b"<a><b/></a>", "XML"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_everything_else_is_named(data: bytes, word: str) -> None:
    if not word:
        assert outcome(data) in ("table", "NotATable")
        return
    with pytest.raises(ReadError, match=word) as caught:
        read_table(data)
    assert caught.value.hint is not None


def test_an_archive_with_a_password_is_named() -> None:
    data = bytearray(_zipped({"a.csv": b"a,b\n1,2\n"}, zipfile.ZIP_STORED))
    data[6] |= 1
    data[data.rfind(b"PK\1\2") + 8] |= 1
    with pytest.raises(NotATable, match="password"):
        read_table(bytes(data))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[{"a": 1, "a": 2}]', {"a": [2]}),
        ('[{"a": "\\ud800x"}]', {"a": ["?x"]}),
        ('[{"a": 1e999}, {"a": -1e999}]', {"a": [float("inf"), float("-inf")]}),
        ('[{"": 1, " ": 2}]', {"column_1": [1], "column_2": [2]}),
        ('[{"a": true}, {"a": null}, {"a": false}]', None),
        ('[{"a": NaN}, {"a": Infinity}]', None),
        ('[{"a": ' + "9" * 10_000 + "}]", None),
        ('[{"a": 9223372036854775808}]', None),
        ("[[[[1]]], 2]", None),
        ('\ufeff{"a": 1}\r\n\r\n{"a": 2}\r\n', {"a": [1, 2]}),
        ('{"a": 1}{"a": 2}', {"a": [1, 2]}),
    ],
)
def test_odd_json_that_is_json_gives_a_table(text: str, expected: dict[str, list[object]] | None) -> None:
    table = read_table(text.encode())
    check(table)
    if expected is not None:
        assert table.frame.to_dict("list") == expected


@pytest.mark.parametrize("text", ['[{"a": 1}', '[{"a": 1,}]', '{"a": 1} x', '[{"a": tru}]', '["a"', "[1,,2]"])
def test_malformed_json_is_no_table_of_text(text: str) -> None:
    with pytest.raises(DamagedFile, match="JSON"):
        read_table(text.encode())


def test_the_reader_apart_sees_no_secret_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MLP_SECRET", "hidden")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    environment = apart._environment(tmp_path)
    read_table(APART["parquet"]())

    assert "hidden" not in environment.values()
    assert list(tmp_path.iterdir()) == []


class TestReaderThatMisbehaves:
    """The door's word holds even for a reader that hangs, crashes, fills the memory or leaves rubbish."""

    @pytest.fixture
    def child(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
        def replace(code: str) -> None:
            (tmp_path / "misbehaving.py").write_text(code)
            monkeypatch.setattr(apart, "_ROOT", tmp_path)
            monkeypatch.setattr(apart, "_CHILD", "misbehaving")

        return replace

    def test_it_hangs(self, child: Callable[[str], None]) -> None:
        child("import time; time.sleep(60)")
        with pytest.raises(TooLarge, match="longer than 1 seconds"):
            read_table(APART["parquet"](), settings=Settings(read_seconds=1))

    def test_it_crashes(self, child: Callable[[str], None]) -> None:
        child("import os; os.abort()")
        with pytest.raises(DamagedFile, match="Parquet"):
            read_table(APART["parquet"]())

    def test_it_is_killed(self, child: Callable[[str], None]) -> None:
        child("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
        with pytest.raises(TooLarge, match="memory"):
            read_table(APART["parquet"]())

    @pytest.mark.parametrize("answer", ["", "{}", "[]", '{"typed": true}', "\\x00"])
    def test_it_leaves_rubbish(self, child: Callable[[str], None], answer: str) -> None:
        child(f"open('answer.json', 'w').write('{answer}'); open('columns.arrow', 'w').write('x')")
        with pytest.raises(DamagedFile):
            read_table(APART["parquet"]())


def test_no_name_decides_what_a_file_is(tmp_path: Path) -> None:
    for kind, name in (("parquet", "a.csv"), ("csv", "a.xlsx"), ("xlsx", "a.json"), ("json", "a.parquet")):
        path = tmp_path / name
        path.write_bytes({**APART, **HERE}[kind]())
        assert len(read_table(path).frame) == 40


@pytest.mark.parametrize(
    "text",
    [
        "PAR1,PAR2\n1,2\n",
        "ORC\n1\n2\n",
        "ARROW1,b\n1,2\n",
        "BZh,b\n1,2\n",
        "name,b\nRIFF,2\n",
        "[id],[name]\n1,a\n2,b\n",
        "{id};name\n1;a\n2;b\n",
        "<5,>5\n1,2\n3,4\n",
        "Name,Value\nNone,1.\nIdea,2.\n",
        "MZ,b\n1,2\n",
    ],
)
def test_a_text_that_begins_like_something_else_stays_a_text(text: str) -> None:
    assert format_of(text.encode()) is FORMATS["delimited"]
    assert outcome(text.encode()) == "table"


def test_what_nobody_foresaw_is_logged_and_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("mlp_core.read.finish.delimited", fail)
    with pytest.raises(DamagedFile, match="could not be understood"):
        read_table(b"a,b\n1,2\n")
    assert "ZeroDivisionError" in caplog.text
