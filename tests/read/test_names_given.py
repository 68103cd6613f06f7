"""Names that a person gives to columns that no line of the file names."""

from mlp_core.read import ReadOptions, read_table

NAMELESS = b"31;4\n44;5\n52;6\n"


def test_given_names_are_taken_in_order_and_stay_unique() -> None:
    assert list(read_table(NAMELESS, ReadOptions(names=("age", "size"))).frame) == ["age", "size"]
    assert list(read_table(NAMELESS, ReadOptions(names=("age", "age"))).frame) == ["age", "age (2)"]


def test_too_few_names_leave_the_others_as_found_and_too_many_are_no_error() -> None:
    assert list(read_table(NAMELESS, ReadOptions(names=("age",))).frame) == ["age", "column_2"]
    assert list(read_table(NAMELESS, ReadOptions(names=("a", "b", "c"))).frame) == ["a", "b"]


def test_names_do_not_replace_those_of_the_file() -> None:
    named = b"age;size\n31;4\n44;5\n"
    assert list(read_table(named, ReadOptions(names=("x", "y"))).frame) == ["age", "size"]


def test_names_survive_json() -> None:
    options = ReadOptions(names=("age", "size"), missing=("?",))
    assert ReadOptions.from_json(options.to_json()) == options
