"""Keys between tables: which are proposed, what is counted over them, and how they are told."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from credit import Bank, bank

from mlp_core.errors import StorageError
from mlp_core.read.likeness import likeness
from mlp_core.read.relate import Relation, RelationKind, relate, relation_of
from mlp_core.read.sql import TableFile, arrow_of
from mlp_core.storage.blobs import write_arrow
from mlp_core.table import Table


@pytest.fixture(scope="module")
def of_bank() -> Bank:
    return bank()


def of(name: str = "t", **columns: object) -> Table:
    return Table.of(pd.DataFrame(columns), name=name)


def counted(left: pd.DataFrame, right: pd.DataFrame, on: list[str], to: list[str]) -> dict[str, float]:
    """Return what pandas finds by merging."""
    merged = left.merge(right, left_on=on, right_on=to, how="left", indicator="met")
    here = left.merge(right[to].drop_duplicates(), left_on=on, right_on=to, how="left", indicator="met")
    there = right.merge(left[on].drop_duplicates(), left_on=to, right_on=on, how="left", indicator="met")
    return {
        "rows_joined": len(merged),
        "orphans_left": int((here["met"] == "left_only").sum()),
        "orphans_right": int((there["met"] == "left_only").sum()),
        "mean": float((merged["met"] == "both").sum() / max(1, (here["met"] == "both").sum())),
    }


def agrees(relation: Relation, expected: dict[str, float]) -> None:
    assert relation.rows_joined == expected["rows_joined"]
    assert relation.orphans_left == expected["orphans_left"]
    assert relation.orphans_right == expected["orphans_right"]
    assert relation.rows_per_key == pytest.approx(expected["mean"], abs=1e-4)


def test_one_to_many_is_found_by_name_whatever_its_case_and_counted_as_pandas_does(of_bank: Bank) -> None:
    found = relate(of_bank.applications, of_bank.bureau)[0]
    assert (found.left_columns, found.right_columns) == (("SK_ID_CURR",), ("sk_id_curr",))
    assert found.kind is RelationKind.ONE_TO_MANY
    assert found.sure > 0.9
    left, right = of_bank.applications.frame, of_bank.bureau.frame
    agrees(found, counted(left, right, ["SK_ID_CURR"], ["sk_id_curr"]))
    assert found.most_rows_per_key == right["sk_id_curr"].value_counts().max()
    assert found.matched_left == pytest.approx(left["SK_ID_CURR"].isin(right["sk_id_curr"]).mean())
    assert found.matched_right == pytest.approx(right["sk_id_curr"].isin(left["SK_ID_CURR"]).mean())
    assert found.multiplies


def test_the_same_relation_from_the_other_side(of_bank: Bank) -> None:
    found = relate(of_bank.bureau, of_bank.applications)[0]
    assert found.kind is RelationKind.MANY_TO_ONE
    assert not found.multiplies
    assert found.rows_joined == len(of_bank.bureau.frame)


def test_a_key_with_another_name_is_found_by_its_values(of_bank: Bank) -> None:
    found = relate(of_bank.applications, of_bank.branches)[0]
    assert (found.left_columns, found.right_columns) == (("branch",), ("code",))
    assert found.kind is RelationKind.MANY_TO_ONE
    assert found.orphans_left == 1, "a row without a key belongs to nothing"


def test_two_columns_together_are_proposed_where_one_numbers_nothing(of_bank: Bank) -> None:
    balance = of_bank.payments.frame.drop(columns="paid").iloc[::2].assign(balance=1.5)
    other = Table.of(balance, name="balance")
    found = relate(of_bank.payments, other)[0]
    assert set(found.left_columns) == {"SK_ID_BUREAU", "MONTHS_BALANCE"}
    assert found.kind is RelationKind.ONE_TO_ONE
    on = list(found.left_columns)
    agrees(found, counted(of_bank.payments.frame, balance, on, on))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ([7, 8, 9] * 5, ["7", "8", "9"] * 5),
        ([7.0, 8.0, None] * 5, [7, 8, 9] * 5),
        (pd.array([7, None, 9] * 5, dtype="Int64"), ["7", "9", "x"] * 5),
    ],
)
def test_numbers_and_their_text_are_one_key(left: object, right: object) -> None:
    found = relation_of(of(a=left), of(b=right), ["a"], ["b"])
    assert found.matched_left >= 10 / 15 - 1e-9
    assert relation_of(of(a=["007"]), of(b=[7]), ["a"], ["b"]).matched_left == 0


def test_nothing_in_common_is_no_relation() -> None:
    numbers, words = np.arange(30), [f"w{n}" for n in range(30)]
    assert relate(of(id=numbers, x=numbers * 0.5), of(id=numbers + 1000)) == ()
    assert relate(of(when=pd.date_range("2020-01-01", periods=30)), of(id=words)) == ()
    assert relate(of(), of(a=numbers)) == ()
    assert relate(of(a=[]), of(a=[])) == ()
    assert relate(of(a=[None, None]), of(a=[None, 1])) == ()


def test_two_counters_that_only_look_alike_are_less_sure_than_a_named_key() -> None:
    people = of("people", person_id=np.arange(1, 200), age=np.arange(1, 200) % 60)
    visits = of("visits", n=np.arange(1, 400), person=np.arange(1, 400) % 199 + 1)
    found = relate(people, visits)
    assert found[0].right_columns == ("person",)
    assert found[0].sure > 0.8
    assert all(other.sure < 0.6 for other in found[1:])


def test_names_that_sql_would_choke_on() -> None:
    name = 'a "b"; DROP TABLE t; --\n🙂'
    left = of('x"y', **{name: list(range(20)), "A": [1] * 20, "a": [2] * 20})
    right = of("z", **{name: list(range(20)) * 2})
    assert relate(left, right)[0].left_columns == (name,)


@pytest.mark.parametrize(
    ("kind", "left", "right"),
    [
        (RelationKind.ONE_TO_ONE, range(12), range(12)),
        (RelationKind.MANY_TO_ONE, [*range(12), *range(12)], range(14)),
        (RelationKind.ONE_TO_MANY, range(13), [*range(12), *range(12)]),
        (RelationKind.MANY_TO_MANY, [*range(12), *range(12)], [*range(11), *range(11)]),
    ],
)
def test_each_kind_has_its_sentence_in_both_languages(kind: RelationKind, left: list, right: list) -> None:
    found = relate(of("Kunden", id_kunde=list(left)), of("Käufe", id_kunde=list(right)))[0]
    assert found.kind is kind
    english, french = found.sentence.render("en"), found.sentence.render("fr")
    assert "Kunden" in english
    assert "Käufe" in french
    assert english != french


@pytest.mark.parametrize(
    ("left", "right", "least", "most"),
    [
        ("SK_ID_CURR", "sk_id_curr", 1.0, 1.0),
        ("customerId", "CUSTOMER_ID", 1.0, 1.0),
        ("client", "customer no", 0.9, 0.9),
        ("N° client", "id_client", 0.9, 0.9),
        ("département", "departement", 1.0, 1.0),
        ("store", "store_region", 0.6, 0.6),
        ("price", "city", 0.0, 0.0),
        ("id", "price", 0.0, 0.0),
    ],
)
def test_likeness_of_names(left: str, right: str, least: float, most: float) -> None:
    assert least <= likeness(left, right) <= most
    assert likeness(left, right) == likeness(right, left)


def test_a_bare_id_names_its_table() -> None:
    assert likeness("customer_id", "id", "orders", "customers.csv") == 0.9
    assert likeness("id", "id", "orders", "customers") < 0.9


def test_a_table_in_its_file_is_counted_alike_and_a_damaged_one_is_refused(of_bank: Bank, tmp_path) -> None:
    path = tmp_path / "b.arrow"
    checksum = write_arrow(path, of_bank.bureau.frame)
    bureau = of_bank.bureau
    file = TableFile(
        path=path, name=bureau.name, fingerprint=bureau.fingerprint, kinds=bureau.kinds, checksum=checksum
    )
    assert relate(of_bank.applications, file) == relate(of_bank.applications, bureau)
    assert TableFile.from_json(file.to_json()) == file
    path.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(StorageError, match="damaged"):
        arrow_of(file, ["debt"])


@pytest.mark.slow
def test_a_million_rows_are_related_in_a_few_seconds() -> None:
    generator = np.random.default_rng(0)
    left = of(
        "l",
        SK_ID=generator.permutation(300_000),
        **{f"x{n}": generator.normal(size=300_000) for n in range(8)},
    )
    right = of(
        "r",
        sk_id=generator.integers(0, 310_000, 1_000_000),
        **{f"y{n}": generator.normal(size=1_000_000) for n in range(18)},
    )
    started = time.process_time()
    assert relate(left, right)[0].kind is RelationKind.ONE_TO_MANY
    assert time.process_time() - started < 8
