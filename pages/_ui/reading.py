"""How a file was read: what was found, one control to override each finding, and the samples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from mlp_core.kinds import LABELS
from mlp_core.project import Project
from mlp_core.read import ENCODINGS, SAMPLES, SEPARATORS, ReadOptions
from mlp_core.table import Table
from mlp_core.text import Text
from pages._ui import actions, shell, state
from pages._ui.i18n import md, n, pct, plain, t

if TYPE_CHECKING:
    import pandas as pd

    from mlp_core.profile import ColumnFacts, Profile

MARKERS: Final = ("?", "NA", "N/A", "-", ".", "unknown", "none", "null", "-999", "-1", "0")


def samples() -> None:
    """Draw a card for each built-in sample."""
    with st.grid(3):
        for sample in SAMPLES:
            with st.container(border=True, height="stretch"):
                st.markdown(f"**{md(sample.label)}**")
                st.caption(t(sample.story))
                if st.button(t("Open this sample"), key=f"upload.sample.{sample.id}"):
                    actions.open_sample(sample.id)
                    st.rerun()


def glance(table: Table, facts: Profile) -> None:
    """Draw rows, columns, missing cells, duplicate rows and memory."""
    cells = max(1, facts.rows * len(facts.columns))
    shell.facts(
        [
            (t("Rows"), n(facts.rows)),
            (t("Columns"), n(len(facts.columns))),
            (t("Missing values"), f"{n(facts.missing_cells)} ({pct(facts.missing_cells / cells)})"),
            (t("Duplicate rows"), n(facts.duplicate_rows)),
        ]
    )


def report(project: Project, table: Table) -> None:
    """Draw what was decided about the file, and a control that overrides each decision."""
    assert project.source is not None
    # The table is shared by its content; how it came to be read is the project's own.
    found = project.source.report
    for note in found.notes:
        st.info(md(note), icon=":material/info:")
    if not found.encoding:
        return
    separator = t(SEPARATORS[found.separator]) if found.separator in SEPARATORS else repr(found.separator)
    summary = t(
        "Read as {encoding}, separated by: {separator}; {header}; decimal mark “{decimal}”; "
        "missing values: {missing}.",
        encoding=found.encoding,
        separator=separator.lower(),
        header=Text("names in the first line") if found.has_header else Text("no line of names"),
        decimal=found.decimal,
        missing=Text("empty cells{more}", more="".join(f", {m}" for m in found.missing)),
    )
    st.caption(f":material/task_alt: {plain(summary)}")
    if project.has_original:
        nameless = not found.has_header and all(name.startswith("column_") for name in table.kinds)
        if nameless:
            st.info(
                t("No line of the file names its columns. You can name them here."), icon=":material/edit:"
            )
        with st.expander(
            t("It was read wrong? Say how it is written"),
            key="upload.reading",
            icon=":material/tune:",
            expanded=nameless,
        ):
            _options(project, table)


def alerts(facts: Profile) -> None:
    """Draw what deserves a look before modelling."""
    if facts.alerts:
        with st.expander(
            t("{count:n} {count|thing|things} to look at", count=len(facts.alerts)),
            icon=":material/visibility:",
        ):
            for alert in facts.alerts:
                st.markdown(f"- {md(alert.message)}")


def columns(facts: Profile) -> pd.DataFrame:
    """Return the facts of every column as a table of shape (n_columns, 9)."""
    import pandas as pd

    rows = [
        {
            t("Column"): column.name,
            t("Kind"): t(LABELS[column.kind]),
            t("Missing"): f"{n(column.missing)} ({pct(column.share_missing)})",
            t("Different values"): n(column.distinct),
            t("Lowest"): _bound(column.minimum, column.earliest),
            t("Mean"): _bound(column.mean),
            t("Median"): _bound(dict(column.quantiles).get(0.5)),
            t("Highest"): _bound(column.maximum, column.latest),
            t("Most frequent, or examples"): _examples(column),
        }
        for column in facts.columns
    ]
    return pd.DataFrame(rows)


def _options(project: Project, table: Table) -> None:
    assert project.source is not None
    found, given = project.source.report, ReadOptions.from_json(project.source.options)
    key = f"upload.options.{state.recall('upload.turn', 0)}"
    left, middle, right = st.columns(3)
    encoding = _found_or(left, t("Encoding"), ENCODINGS, given.encoding, found.encoding, f"{key}.encoding")
    separator = _found_or(
        middle, t("Separator"), tuple(SEPARATORS), given.separator, found.separator, f"{key}.separator"
    )
    decimal = _found_or(right, t("Decimal mark"), (".", ","), given.decimal, found.decimal, f"{key}.decimal")
    header = _found_or(
        left,
        t("First line"),
        ("names", "values"),
        None if given.header is None else ("names" if given.header else "values"),
        "names" if found.has_header else "values",
        f"{key}.header",
    )
    missing = middle.multiselect(
        t("Texts that mean “missing”"),
        sorted({*MARKERS, *found.missing, *(given.missing or ())}),
        list(found.missing),
        key=f"{key}.missing",
        placeholder=t("Only empty cells"),
        accept_new_options=True,
    )
    names = given.names
    if not found.has_header:
        written = st.text_input(
            t("Names of the columns, in order, separated by commas"),
            ", ".join(given.names or ()),
            key=f"{key}.names",
            placeholder=", ".join(table.kinds),
        )
        names = tuple(name.strip() for name in written.split(",")) if written.strip() else None
    options = ReadOptions(
        encoding=encoding,
        separator=separator,
        decimal=decimal,
        header=None if header is None else header == "names",
        missing=given.missing if set(missing) == set(found.missing) else tuple(missing),
        names=names,
    )
    if options != given and state.first_time("upload.options", options):
        with shell.showing_errors():
            actions.read_again(options)
            st.rerun()


def _found_or(
    where: st.delta_generator.DeltaGenerator,
    label: str,
    choices: tuple[str, ...],
    given: str | None,
    found: str,
    key: str,
) -> str | None:
    """Ask for one of ``choices``, or for what was found; None means what was found."""
    names = {
        **SEPARATORS,
        "names": Text("Names of the columns"),
        "values": Text("A row like the others"),
    }

    def name(choice: str) -> str:
        return t(names[choice]) if choice in names else choice

    options = [None, *choices, *([given] if given and given not in choices else [])]
    # Where the person has decided, what would be found is not known until they give it back.
    as_found = t("As found: {found}", found=name(found)) if given is None else t("As found")
    shown = {o: as_found if o is None else name(o) for o in options}
    return where.selectbox(
        label,
        options,
        options.index(given),
        format_func=shown.__getitem__,
        key=key,
    )


def _bound(value: float | None, date: str | None = None) -> str:
    return date[:10] if date else "" if value is None else n(float(f"{value:.4g}"))


def _examples(column: ColumnFacts) -> str:
    if column.top and column.top[0][1] > 1:
        return ", ".join(f"{value} ({n(count)})" for value, count in column.top[:3])
    return ", ".join(column.examples)
