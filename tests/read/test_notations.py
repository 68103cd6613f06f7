"""Numbers, dates and durations are written out in many notations and must come back as they were."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from mlp_core.kinds import Kind
from mlp_core.read import ReadOptions, read_table
from mlp_core.read.columns import Findings, Rules, settle
from mlp_core.table import Decision

RAN = np.random.default_rng(11)
AMOUNTS = np.round(RAN.normal(0, 40_000, 400), 2)
WHOLES = RAN.integers(-9_999_999, 9_999_999, 400)
DAYS = pd.Series(pd.date_range("1971-01-03", periods=400, freq="11D"))
MOMENTS = pd.Series(pd.to_datetime(RAN.integers(0, 1_900_000_000, 400), unit="s")).astype("datetime64[us]")
MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]


def read(
    *columns: list[str], names: tuple[str, ...] = (), decimal: str = ".", **options: object
) -> tuple[pd.DataFrame, Findings]:
    """Return columns of text as they are settled, and what was found."""
    cells = pa.table({str(i): pa.array(column, pa.string()) for i, column in enumerate(columns)})
    rules = Rules.of(ReadOptions(**options), decimal)  # type: ignore[arg-type]
    settled, found = settle(cells, cells.select, rules, has_codes=True, names=names)
    return settled.to_pandas(), found


def decided(found: Findings, what: str, columns: int = 1) -> list[Decision]:
    return [one for one in found.decisions([f"c{i}" for i in range(columns)]) if one.what == what]


def grouped(value: float, mark: str, decimal: str, digits: int) -> str:
    return f"{value:,.{digits}f}".replace(",", "\0").replace(".", decimal).replace("\0", mark)


def accounted(value: float) -> str:
    return f"({abs(value):,.2f})" if value < 0 else f"{value:,.2f}"


NUMBERS: dict[str, Callable[[float], str]] = {
    "English": lambda v: grouped(v, ",", ".", 2),
    "German": lambda v: grouped(v, ".", ",", 2),
    "French": lambda v: grouped(v, "\u202f", ",", 2),
    "no-break space": lambda v: grouped(v, "\u00a0", ",", 2),
    "space and point": lambda v: grouped(v, " ", ".", 2),
    "Swiss": lambda v: grouped(v, "'", ".", 2),
    "curled apostrophe": lambda v: grouped(v, "’", ".", 2),
    "comma": lambda v: grouped(v, "", ",", 2),
    "plain": lambda v: f"{v:.2f}",
    "true minus": lambda v: f"{v:.2f}".replace("-", "\u2212"),
    "minus behind": lambda v: f"{abs(v):.2f}{'-' if v < 0 else ''}",
    "parentheses": accounted,
    "plus": lambda v: f"{v:+.2f}",
    "exponent": lambda v: f"{v:.12e}",
    "exponent with a comma": lambda v: f"{v:.12E}".replace(".", ","),
    "euro behind": lambda v: grouped(v, " ", ",", 2) + " €",
    "dollar before": lambda v: ("-" if v < 0 else "") + f"${abs(v):,.2f}",
    "dollar in parentheses": lambda v: f"(${abs(v):,.2f})" if v < 0 else f"${v:,.2f}",
    "francs": lambda v: "CHF " + grouped(v, "'", ".", 2),
    "code of a currency": lambda v: f"{v:.2f} USD",
    "percent": lambda v: f"{v:.2f} %",
    "percent without a blank": lambda v: f"{v:.2f}%",
    "kilograms": lambda v: f"{v:.2f} kg",
    "speed": lambda v: f"{v:.2f}km/h",
    "degrees": lambda v: f"{v:.2f}°C",
    "any word": lambda v: f"{v:.2f} chambres",
    "padded": lambda v: f"  {v:.2f} ",
}


@pytest.mark.parametrize("notation", NUMBERS)
def test_decimals_come_back_from_every_notation(notation: str) -> None:
    frame, found = read([NUMBERS[notation](value) for value in AMOUNTS.tolist()])
    np.testing.assert_array_equal(frame["0"].to_numpy(), AMOUNTS)
    assert not found.unfit


@pytest.mark.parametrize("mark", [",", ".", " ", "\u202f", "'"])
def test_whole_numbers_with_marks_between_thousands_come_back_whole(mark: str) -> None:
    frame, found = read([f"{value:,}".replace(",", mark) for value in WHOLES.tolist()])
    assert frame["0"].tolist() == WHOLES.tolist()
    (thousands,) = decided(found, "thousands")
    assert thousands.columns == ("c0",)


def test_indian_groups_are_thousands() -> None:
    assert read(["12,34,567.50", "1,234", "99"])[0]["0"].tolist() == [1_234_567.5, 1234, 99]


@pytest.mark.parametrize(
    ("value", "what", "said"),
    [("12 %", "percent", "12 % is read as 12"), ("3 €", "currency", "EUR"), ("5 km/h", "unit", "km/h")],
)
def test_what_stands_beside_a_number_is_kept_in_a_decision(value: str, what: str, said: str) -> None:
    (decision,) = decided(read([value, value.replace(value[0], "7")])[1], what)
    assert str(decision.value) == said


def test_several_units_stay_text_and_are_told() -> None:
    frame, found = read(["12 kg", "3 lb", "4 kg"])
    assert frame["0"].tolist() == ["12 kg", "3 lb", "4 kg"]
    (decision,) = decided(found, "unit")
    assert "kg, lb" in str(decision.value)


def test_a_number_without_the_unit_of_the_others_is_not_taken_for_one_with_it() -> None:
    texts = ["12 %", "0.4", "3 %"]
    assert read(texts)[0]["0"].tolist() == texts
    assert read(["12 %", "0", "3 %"])[0]["0"].tolist() == [12, 0, 3]


def test_thousands_or_decimals_are_told_by_the_other_numbers_of_the_column() -> None:
    assert read(["1,234", "999", "12", "5"])[0]["0"].tolist() == [1234, 999, 12, 5]
    assert read(["1,234", "1999"])[0]["0"].tolist() == [1.234, 1999]
    assert read(["1,234", "0,500"])[0]["0"].tolist() == [1.234, 0.5]


def test_thousands_or_decimals_are_told_by_the_other_columns() -> None:
    open_ = ["1,234", "5,678"]
    frame, found = read(open_, ["1,5", "2,75"])
    assert frame["0"].tolist() == [1.234, 5.678]
    frame, found = read(open_, ["1,234.5", "2.75"], decimal=",")
    assert frame["0"].tolist() == [1234, 5678]
    (thousands,) = [one for one in decided(found, "thousands", 2) if one.columns == ("c0",)]
    assert 0.8 < thousands.sure < 1


def test_a_guess_is_said_to_be_one_and_a_person_may_say_otherwise() -> None:
    open_ = ["1,234", "5,678"]
    frame, found = read(open_)
    assert frame["0"].tolist() == [1234, 5678]
    assert decided(found, "thousands")[0].sure < 0.7
    assert read(open_, decimal=",")[0]["0"].tolist() == [1.234, 5.678]
    assert read(open_, thousands="")[0]["0"].tolist() == [1.234, 5.678]
    assert read(["1.234", "5.678"], thousands=".")[0]["0"].tolist() == [1234, 5678]


def test_numbers_arrow_took_for_decimals_are_read_again_where_the_file_says_thousands() -> None:
    cells = pa.table({"0": [1.234, 5.678], "1": ["1.234,50", "99,5"]})
    texts = pa.table({"0": ["1.234", "5.678"], "1": ["1.234,50", "99,5"]})
    settled, _ = settle(cells, texts.select, Rules(), has_codes=False)
    assert settled["0"].to_pylist() == [1234, 5678]


def test_numbers_of_several_notations_are_read_each_by_its_own_marks() -> None:
    frame, found = read(["1,234.5", "1.234,5", "1 234,5", "1234.5"])
    assert frame["0"].tolist() == [1234.5] * 4
    assert decided(found, "decimal")[0].sure < 1


DATES: dict[str, Callable[[pd.Timestamp], str]] = {
    "ISO": lambda d: d.strftime("%Y-%m-%d"),
    "year first, slashes": lambda d: f"{d.year}/{d.month}/{d.day}",
    "year first, points": lambda d: d.strftime("%Y.%m.%d"),
    "day first": lambda d: d.strftime("%d/%m/%Y"),
    "day first, no zeros": lambda d: f"{d.day}/{d.month}/{d.year}",
    "day first, points": lambda d: d.strftime("%d.%m.%Y"),
    "day first, two digits": lambda d: d.strftime("%d-%m-%y"),
    "month first": lambda d: d.strftime("%m/%d/%Y"),
    "month first, two digits": lambda d: f"{d.month}/{d.day}/{d.year % 100:02}",
    "French": lambda d: f"{d.day} {MONTHS[d.month - 1]} {d.year}",
    "French, first of the month": lambda d: (
        f"{d.day}{'er' if d.day == 1 else ''} {MONTHS[d.month - 1]} {d.year}"
    ),
    "English": lambda d: d.strftime("%B %d, %Y"),
    "English, short": lambda d: d.strftime("%d-%b-%Y"),
    "English, short, two digits": lambda d: d.strftime("%d %b %y"),
    "English, week": lambda d: d.strftime("%A, %d %B %Y"),
    "English, ordinals": lambda d: f"{d:%b} {d.day}{'st' if d.day == 1 else 'th'}, {d.year}",
    "with a time of nought": lambda d: d.strftime("%Y-%m-%d 00:00:00"),
}

TIMES: dict[str, Callable[[pd.Timestamp], str]] = {
    "ISO": lambda d: d.strftime("%Y-%m-%dT%H:%M:%S"),
    "fraction": lambda d: d.strftime("%Y-%m-%d %H:%M:%S.%f"),
    "fraction of three": lambda d: d.strftime("%Y-%m-%dT%H:%M:%S.000"),
    "zone": lambda d: (d + pd.Timedelta(hours=5, minutes=30)).strftime("%Y-%m-%dT%H:%M:%S+05:30"),
    "Zulu": lambda d: (
        d.strftime("%Y%m%d ").replace(d.strftime("%Y%m%d"), d.strftime("%Y-%m-%d")) + f"{d:%H:%M:%S}Z"
    ),
    "day first": lambda d: d.strftime("%d/%m/%Y %H:%M:%S"),
    "half of the day": lambda d: d.strftime("%m/%d/%Y %I:%M:%S %p"),
    "mail": lambda d: d.strftime("%a, %d %b %Y %H:%M:%S GMT"),
}


@pytest.mark.parametrize("notation", DATES)
def test_days_come_back_from_every_notation(notation: str) -> None:
    frame, _ = read([DATES[notation](day) for day in DAYS])
    assert frame["0"].tolist() == DAYS.tolist()


@pytest.mark.parametrize("notation", TIMES)
def test_moments_come_back_from_every_notation(notation: str) -> None:
    frame, found = read([TIMES[notation](moment) for moment in MOMENTS])
    assert frame["0"].tolist() == MOMENTS.tolist()
    assert bool(found.zoned) == (notation in ("zone", "Zulu", "mail"))


def test_the_order_of_day_and_month_is_told_with_its_sureness() -> None:
    _, found = read(["25/12/2023", "03/02/2023"], ["03/02/2023", "04/05/2023"])
    first, second = sorted(decided(found, "day_first", 2), key=lambda one: one.columns)
    assert (first.columns, second.columns) == (("c0",), ("c1",))
    assert first.sure > second.sure > 0.5
    frame, found = read(["03/02/2023", "04/05/2023"])
    assert frame["0"].tolist() == ["03/02/2023", "04/05/2023"]
    assert decided(found, "day_first")[0].sure == 0


@pytest.mark.parametrize(("day_first", "month"), [(True, 2), (False, 3)])
def test_a_person_may_say_the_order(day_first: bool, month: int) -> None:
    frame, _ = read(["03/02/2023", "04/05/2023"], day_first=day_first)
    assert frame["0"][0] == pd.Timestamp(2023, month, 5 - month)


def test_compact_days_need_a_name_that_says_so() -> None:
    texts = ["20200312", "20191231"]
    frame, _ = read(texts, texts, names=("order_date", "amount"))
    assert frame["0"].tolist() == [pd.Timestamp(2020, 3, 12), pd.Timestamp(2019, 12, 31)]
    assert frame["1"].tolist() == [20200312, 20191231]
    gap = read([*texts, "NA"], names=("date",))[0]["0"]
    assert gap.tolist()[:2] == frame["0"].tolist()
    assert gap.isna().sum() == 1
    assert read([*texts, "20200231"], names=("date",))[0]["0"].dtype == "int64"


def test_months_and_seasons_are_told_apart() -> None:
    assert read(["2020-03", "2020-12"])[0]["0"].tolist() == [
        pd.Timestamp(2020, 3, 1),
        pd.Timestamp(2020, 12, 1),
    ]
    seasons = ["2009-10", "2010-11", "2011-12"]
    assert read(seasons)[0]["0"].tolist() == seasons


def test_one_impossible_day_among_thousands_is_emptied_and_told() -> None:
    texts = [day.strftime("%d/%m/%Y") for day in DAYS] * 3
    frame, found = read([*texts, "31/02/2020"])
    assert frame["0"].isna().sum() == 1
    assert "31/02/2020" in str(found.notes(["day"]))


def test_one_word_among_thousands_of_dates_keeps_them_text_and_is_told() -> None:
    texts = [day.strftime("%d/%m/%Y") for day in DAYS] * 3
    frame, found = read([*texts, "next week"])
    assert str(frame["0"].dtype) == "str"
    assert "next week" in str(found.notes(["day"]))
    assert decided(found, "kind")[0].value == found.decisions(["day"])[-1].value


def test_words_for_missing_are_missing_between_numbers_and_dates_only() -> None:
    frame, found = read(["1.5", "unknown", "-"], ["2020-01-02", "N.C.", "0000-00-00"], ["a", "unknown", "-"])
    assert frame.isna().sum().tolist() == [2, 2, 0]
    assert found.missing == {"unknown", "-", "N.C.", "0000-00-00"}


DURATIONS: dict[str, Callable[[int], str]] = {
    "clock": lambda s: f"{s // 3600}:{s // 60 % 60:02}:{s % 60:02}",
    "days and clock": lambda s: str(pd.Timedelta(seconds=s)),
    "Python": lambda s: str(pd.Timedelta(seconds=s).to_pytimedelta()),
    "ISO": lambda s: pd.Timedelta(seconds=s).isoformat(),
    "short": lambda s: f"{s // 3600}h {s // 60 % 60}min {s % 60}s",
    "long": lambda s: f"{s // 3600} hours, {s // 60 % 60} minutes and {s % 60} seconds",
    "French": lambda s: (
        f"{s // 86400} jours {s // 3600 % 24} heures {s // 60 % 60} minutes {s % 60} secondes"
    ),
}


@pytest.mark.parametrize("notation", DURATIONS)
def test_durations_come_back_from_every_notation(notation: str) -> None:
    seconds = RAN.integers(0, 400_000, 200)
    frame, _ = read([DURATIONS[notation](int(value)) for value in seconds])
    assert frame["0"].dt.total_seconds().tolist() == seconds.tolist()


def test_times_of_day_are_one_value_in_every_notation() -> None:
    frame, _ = read(["14:30", "2:30 PM", "14:30:00"], ["9h05", "9 h 05", "09h05"])
    assert frame["0"].nunique() == frame["1"].nunique() == 1


def test_one_short_unit_of_time_stays_a_number() -> None:
    frame, found = read(["12 min", "3 min"])
    assert frame["0"].tolist() == [12, 3]
    assert decided(found, "unit")[0].value == "min"


def test_every_decision_is_plain_json_and_in_both_languages() -> None:
    columns = [list(map(NUMBERS[name], AMOUNTS[:5].tolist())) for name in NUMBERS]
    columns += [list(map(DATES[name], DAYS[:5])) for name in DATES]
    _, found = read(*columns)
    decisions = found.decisions([f"c{i}" for i in range(len(columns))])
    assert decisions
    for one in decisions:
        assert Decision.from_json(one.to_json()) == one
        assert 0 <= one.sure <= 1


def test_a_kind_told_in_a_decision_has_a_name() -> None:
    _, found = read([*map(str, range(20)), "many"])
    assert found.unfit[0].kind is Kind.NUMBER
    assert found.unfit[0].examples == ("many",)


def test_a_series_of_months_or_of_days_tells_the_order_by_itself() -> None:
    months = pd.Series(pd.date_range("2019-01-01", "2021-12-01", freq="MS"))
    for notation in ("day first", "month first"):
        frame, found = read([DATES[notation](day) for day in months])
        assert frame["0"].tolist() == months.tolist()
        assert 0.5 < decided(found, "day_first")[0].sure < 1
    few = pd.to_datetime(["2021-01-07", "2021-02-03", "2021-02-11", "2021-03-01", "2021-05-09", "2021-07-02"])
    for notation in ("day first", "month first"):
        assert read([DATES[notation](day) for day in few])[0]["0"].tolist() == few.tolist()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("number", "mark", "day"),
    [
        ("English", ",", "month first"),
        ("German", ".", "day first, points"),
        ("French", "\u202f", "French"),
        ("Swiss", "'", "day first"),
        ("euro behind", " ", "ISO"),
        ("dollar before", ",", "English"),
        ("true minus", "", "English, short"),
    ],
)
def test_a_whole_file_comes_back_from_every_notation(
    separator: str, number: str, mark: str, day: str
) -> None:
    clean = pd.DataFrame(
        {
            "day": DAYS[:200].astype("datetime64[us]"),
            "amount": AMOUNTS[:200],
            "pieces": np.abs(WHOLES[:200]),
            "share": np.round(AMOUNTS[200:] / 1e6, 3),
            "place": np.array(["Paris", "Nîmes", "Oslo"])[np.arange(200) % 3],
        }
    )
    decimal = NUMBERS[number](0.5).strip("€$ ")[1]
    written = pd.DataFrame(
        {
            "day": clean["day"].map(DATES[day]),
            "amount": clean["amount"].map(NUMBERS[number]),
            "pieces": clean["pieces"].map(lambda value: f"{value:,}".replace(",", mark)),
            "share": clean["share"].map(lambda value: f"{value:.3f}".replace(".", decimal)),
            "place": clean["place"],
        }
    )
    frame = read_table(written.to_csv(sep=separator, index=False).encode()).frame
    pd.testing.assert_frame_equal(frame, clean.astype({"place": "str"}))
