"""The whole report as one HTML file: no script, no picture and no style that is fetched from elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from mlp_core.errors import InvalidParameter
from mlp_core.kinds import LABELS
from mlp_core.profile.alerts import Alert, Severity
from mlp_core.profile.measures import MEASURES
from mlp_core.profile.report.cards import cards
from mlp_core.profile.report.markup import Writer, escaped, ruled, section, tag
from mlp_core.profile.report.pairs import pairs
from mlp_core.profile.report.style import CSS
from mlp_core.profile.together import Missing
from mlp_core.text import LANGUAGES, Text

if TYPE_CHECKING:
    from mlp_core.profile.profile import Profile

THEMES: Final = ("auto", "light", "dark")

MOST_ALERTS: Final = 100
_MOST_TOGETHER: Final = 12
_MOST_PER_ROW: Final = 12

_SEVERITIES: Final = {
    Severity.SERIOUS: Text("Serious"),
    Severity.WARNING: Text("To look at"),
    Severity.INFO: Text("To know"),
}

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"


def to_html(
    profile: Profile,
    language: str = "en",
    theme: str = "auto",
    steps: Mapping[str, Text] | None = None,
) -> str:
    """Return a profile as one HTML page that stands alone.

    Parameters
    ----------
    profile : Profile
        What is known of a table.
    language : str
        ``"en"`` or ``"fr"``.
    theme : str
        ``"light"``, ``"dark"``, or ``"auto"``: as the reader's system is. On paper it is always light.
    steps : mapping of str to Text, optional
        Names of the steps that alerts propose, by id; without it only their hints are shown.

    Returns
    -------
    str
        Write it as UTF-8.

    Raises
    ------
    InvalidParameter
        There is no such language or theme.
    """
    if language not in LANGUAGES or theme not in THEMES:
        raise InvalidParameter(
            Text("A report has no language {language} or theme {theme}.", language=language, theme=theme),
            hint=Text("Known are: {ids:list}.", ids=[*LANGUAGES, *THEMES]),
        )
    write = Writer(language)
    parts = [
        _head(profile, write),
        _alerts(profile.alerts, write, steps or {}),
        cards(profile.columns, write, profile.target),
        pairs(profile.associations, write, profile.target),
        _missing(profile.missing, profile.rows, write),
        _foot(profile, write),
    ]
    title = escaped(_title(profile).render(language))
    head = tag(
        "head",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{escaped(_POLICY)}">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        tag("title", title),
        tag("style", CSS),
    )
    chosen = None if theme == "auto" else theme
    return "<!doctype html>\n" + tag("html", head, tag("body", *parts), lang=language, data_theme=chosen)


def _title(profile: Profile) -> Text:
    return Text("Profile of {name}", name=profile.name) if profile.name else Text("Profile of the table")


def _head(profile: Profile, write: Writer) -> str:
    kinds = Counter(facts.kind for facts in profile.columns)
    chips = [
        tag("span", f"{write.say(LABELS[kind])} <b>{write.number(count)}</b>", class_="chip")
        for kind, count in kinds.most_common()
    ]
    if profile.target is not None:
        target = tag("span", write.say(Text("Target: {name}", name=profile.target)), class_="chip target")
        chips = [target, *chips]
    rows, cells = profile.rows, profile.rows * len(profile.columns)
    numbers = (
        (Text("Rows"), write.number(rows), ""),
        (Text("Columns"), write.number(len(profile.columns)), ""),
        (Text("Missing values"), *_counted(profile.missing_cells, cells, write)),
        (Text("Complete rows"), *_counted(profile.complete_rows, rows, write)),
        (Text("Duplicate rows"), *_counted(profile.duplicate_rows, rows, write)),
        (Text("In memory"), write.say(_size(profile.memory_bytes, write)), ""),
    )
    tiles = [
        tag("div", tag("b", value), tag("span", write.say(label)), share, class_="tile")
        for label, value, share in numbers
    ]
    brand = tag("div", "Pythie", class_="brand")
    title = tag("h1", write.say(_title(profile)))
    return tag("header", brand, title, tag("div", *chips, class_="chips")) + tag(
        "div", *tiles, class_="tiles"
    )


def _counted(count: int, of: int, write: Writer) -> tuple[str, str]:
    return write.number(count), tag("small", write.percent(count / of)) if count and of else ""


def _size(size: int, write: Writer) -> Text:
    if size < 1_000_000:
        return Text("{size} kB", size=write.figure(round(size / 1e3, 1)))
    return Text("{size} MB", size=write.figure(round(size / 1e6, 1)))


def _alerts(alerts: tuple[Alert, ...], write: Writer, steps: Mapping[str, Text]) -> str:
    title = write.say(Text("What to look at first"))
    if not alerts:
        return section(title, tag("p", write.say(Text("Nothing stands out."))))
    order = list(_SEVERITIES)
    ranked = sorted(alerts, key=lambda alert: order.index(alert.severity))
    drawn = [_alert(alert, write, steps) for alert in ranked[:MOST_ALERTS]]
    if len(ranked) > MOST_ALERTS:
        more = Text("{n:n} more are in the app.", n=len(ranked) - MOST_ALERTS)
        drawn.append(tag("p", write.say(more), class_="lead"))
    return section(title, *drawn)


def _alert(alert: Alert, write: Writer, steps: Mapping[str, Text]) -> str:
    lines = [
        tag("span", write.say(_SEVERITIES[alert.severity]), class_="badge"),
        tag("p", write.say(alert.message), class_="what"),
    ]
    if alert.evidence is not None:
        lines.append(tag("p", tag("small", write.say(alert.evidence))))
    lines.append(tag("p", write.say(alert.hint), class_="do"))
    label = steps.get(str(alert.fix.get("id"))) if alert.fix is not None else None
    if label is not None:
        proposed = Text("Proposed step: {step}", step=label)
        lines.append(tag("p", tag("span", write.say(proposed), class_="chip")))
    return tag("div", *lines, class_=f"alert {alert.severity.value}")


def _missing(missing: Missing, rows: int, write: Writer) -> str:
    if not missing.cells or not rows:
        return ""
    most = max(count for _, count in missing.per_row)
    per_row = [
        [
            write.say(Text("{n:n} {n|value|values}", n=number)),
            tag(
                "div", tag("i", class_="meter flat", style=f"width:{100 * count / most:.0f}%"), class_="track"
            ),
            write.count(count, rows),
        ]
        for number, count in missing.per_row[:_MOST_PER_ROW]
    ]
    heads = [Text("Missing in a row"), Text("Share"), Text("Rows")]
    content = [ruled([write.say(head) for head in heads], per_row)]
    if len(missing.per_row) > _MOST_PER_ROW:
        beyond = sum(count for _, count in missing.per_row[_MOST_PER_ROW:])
        content.append(
            tag("p", write.say(Text("{n:n} {n|row misses|rows miss} more.", n=beyond)), class_="lead")
        )
    if missing.together:
        content += [tag("h3", write.say(Text("Missing in the same rows"))), _together(missing, write)]
    return section(write.say(Text("What is missing")), *content)


def _together(missing: Missing, write: Writer) -> str:
    heads = [
        Text("Columns"),
        Text("Rows that miss both"),
        Text("Of the rows that miss one or both"),
        Text("Agreement φ"),
    ]
    rows = [
        [
            f"{write.name(pair.left, 40)} · {write.name(pair.right, 40)}",
            write.number(pair.count),
            write.percent(pair.share),
            write.number(round(pair.phi, 2), 2),
        ]
        for pair in missing.together[:_MOST_TOGETHER]
    ]
    return ruled([write.say(head) for head in heads], rows)


def _foot(profile: Profile, write: Writer) -> str:
    used = {pair.measure for pair in profile.associations.pairs}
    lines = [
        Text("{label}: {help}", label=measure.label, help=measure.help)
        for key, measure in MEASURES.items()
        if key in used
    ]
    lines.append(
        Text(
            "Far from the others: more than one and a half times the distance between the quartiles beyond "
            "them (Tukey). A pale bar gathers what lies far out."
        )
    )
    lines.append(Text("Counts, quantiles and histograms are exact, of all rows."))
    return tag("footer", *(tag("p", write.say(line)) for line in lines))
