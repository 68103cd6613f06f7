"""Text comes out the same whatever it was written in; what is broken gets a sentence."""

from __future__ import annotations

import pytest

from mlp_core.errors import DamagedFile, InvalidParameter
from mlp_core.read import ReadOptions, read_table

FRENCH = "prénom;âge;œuvre\nÉlise;31;Noël\nZoë;44;Forêt à l’été\n"


@pytest.mark.parametrize(
    ("codec", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("cp1252", "cp1252"),
        ("mac_roman", "mac_roman"),
    ],
)
def test_the_encoding_is_found_and_named(codec: str, found: str) -> None:
    table = read_table(FRENCH.encode(codec))
    assert table.report.encoding == found
    assert list(table.frame.columns) == ["prénom", "âge", "œuvre"]
    assert table.frame["œuvre"].tolist() == ["Noël", "Forêt à l’été"]


def test_a_chosen_encoding_is_taken() -> None:
    data = "ville;n\nŁódź;1\nKraków;2\n".encode("cp1250")
    table = read_table(data, ReadOptions(encoding="cp1250"))
    assert table.frame["ville"].tolist() == ["Łódź", "Kraków"]


def test_a_utf16_file_cut_off_is_damaged_not_garbage() -> None:
    with pytest.raises(DamagedFile) as caught:
        read_table(FRENCH.encode("utf-16")[:-1])
    assert "cut off" in caught.value.render("en")
    assert "coupé" in caught.value.render("fr")


def test_a_utf8_file_cut_off_in_a_letter_is_damaged() -> None:
    with pytest.raises(DamagedFile):
        read_table("ville\nOrléans\nForêt\nNîmes é".encode()[:-1])


def test_a_last_accent_in_an_old_encoding_is_no_damage() -> None:
    table = read_table("ville;n\nNice;1\nParis;café".encode("cp1252"))
    assert table.frame["n"].tolist() == ["1", "café"]


def test_one_wrong_byte_among_many_letters_keeps_the_rest() -> None:
    good = "é,1\n" * 60
    table = read_table(b"lettre,n\n" + good.encode() + b"\xe9,2\n" + good.encode())
    assert table.frame["lettre"].value_counts()["é"] == 120
    assert "line 62" in str(table.report.notes[0])


def test_a_chosen_encoding_that_does_not_fit_is_refused() -> None:
    with pytest.raises(DamagedFile, match="UTF-8"):
        read_table(FRENCH.encode("cp1252"), ReadOptions(encoding="utf-8"))


def test_codecs_that_do_more_than_decode_cannot_be_chosen() -> None:
    with pytest.raises(InvalidParameter):
        ReadOptions(encoding="punycode")


def test_a_stray_nul_is_removed_and_told() -> None:
    table = read_table(b"a,b\n1,x\0y\n2,z\n")
    assert table.frame["b"].tolist() == ["xy", "z"]
    assert "NUL" in str(table.report.notes[0])


@pytest.mark.parametrize(
    ("content", "least", "most"),
    [
        (b"a;b\n1;2\n", 1.0, 1.0),
        ("\ufeffcafé;b\n1;2\n".encode(), 1.0, 1.0),
        ("café;b\n1;2\n".encode(), 0.95, 1.0),
        ("café;b\nété;2\n".encode("cp1252"), 0.3, 0.8),
        ("a;b\n1;2\n".encode("utf-16-le"), 0.8, 0.95),
    ],
    ids=["ascii", "marked", "utf-8", "guessed", "wide"],
)
def test_how_sure_the_encoding_is_follows_from_what_tells_it(
    content: bytes, least: float, most: float
) -> None:
    decision = next(one for one in read_table(content).report.decisions if one.what == "encoding")

    assert least <= decision.sure <= most
    assert content.isascii() or decision.why is not None


WORDS = ("FRANÇAIS", "São Paulo", "Straße", "“Bonjour”", "l’été", "Málaga", "né")
SIGNS = ("prix €", "temp °C", "®", "5 µm", "m²", "12 £", "Ø")


@pytest.mark.parametrize(
    ("codec", "text"),
    [(codec, text) for codec in ("cp1252", "mac_roman") for text in WORDS]
    + [("cp1252", text) for text in SIGNS],
)
def test_capitals_signs_and_quotes_do_not_mislead_the_guess(codec: str, text: str) -> None:
    data = ("k;v\n" + "".join(f"{n};{text}\n" for n in range(30))).encode(codec)

    assert set(read_table(data, as_text=True).frame["v"]) == {text}


@pytest.mark.parametrize("codec", ["cp1252", "mac_roman", "cp850"])
@pytest.mark.parametrize("separator", [";", "^", "$", "\x1f"])
def test_the_separator_does_not_mislead_the_guess(codec: str, separator: str) -> None:
    towns = ("Orléans", "Besançon", "Nîmes", "Saint-Étienne")
    lines = [separator.join((str(n), towns[n % 4], f"{n}.5")) for n in range(30)]
    data = "\n".join([separator.join(("n", "ville", "x")), *lines]).encode(codec)

    assert read_table(data, as_text=True).frame["ville"].tolist()[:4] == list(towns)


@pytest.mark.parametrize(
    ("codec", "towns"),
    [
        ("cp1251", ("Москва", "Санкт-Петербург", "Казань", "Омск")),
        ("koi8-r", ("Москва", "Санкт-Петербург", "Казань", "Омск")),
        ("cp1253", ("Αθήνα", "Θεσσαλονίκη", "Πάτρα", "Λάρισα")),
        ("gb18030", ("北京", "上海", "广州", "深圳")),
        ("shift_jis", ("東京", "大阪", "カタカナ", "ひらがな")),
        ("euc_kr", ("서울", "부산", "대구", "인천")),
    ],
)
def test_text_of_other_scripts_is_told_from_a_run_of_accents(codec: str, towns: tuple[str, ...]) -> None:
    data = ("id,city\n" + "".join(f"{n},{towns[n % 4]}\n" for n in range(30))).encode(codec)
    table = read_table(data, as_text=True)

    assert table.report.encoding == codec
    assert table.frame["city"].tolist()[:4] == list(towns)
