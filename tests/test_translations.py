"""French and English are equal: every sentence has its French, and the French is well set."""

from __future__ import annotations

import pytest
from house_rules import Module
from sentences import all_found, catalogues, disagreements, faults, found_in

FOUND = all_found()
FILES = catalogues()
FRENCH = {english: french for catalogue in FILES.values() for english, french in catalogue.items()}


def test_every_sentence_is_a_literal_that_a_translator_can_find() -> None:
    assert not FOUND.breaches, "\n".join(FOUND.breaches)


def test_every_sentence_has_its_french() -> None:
    missing = [f"{places[0]}: {text!r}" for text, places in FOUND.sentences.items() if text not in FRENCH]

    assert not missing, "\n".join(missing)


def test_no_french_is_left_without_its_sentence() -> None:
    unused = [
        f"{name}: {text!r}" for name, file in FILES.items() for text in file if text not in FOUND.sentences
    ]

    assert not unused, "\n".join(unused)


def test_a_sentence_has_one_french() -> None:
    assert not disagreements(FILES)


def test_the_french_keeps_the_values_and_is_well_set() -> None:
    wrong = [
        f"{english!r} → {french!r}: {fault}"
        for english, french in FRENCH.items()
        for fault in faults(english, french)
    ]

    assert not wrong, "\n".join(wrong)


def test_nothing_is_shouted() -> None:
    loud = [text for text in [*FOUND.sentences, *FRENCH.values()] if "!" in text or "oops" in text.lower()]

    assert not loud, "\n".join(loud)


# Each of these checks is seen to fail on a planted example.


def of(source: str, name: str = "pages.Upload") -> list[str]:
    return found_in([Module.of(name, source)]).breaches


@pytest.mark.parametrize(
    "source",
    [
        'Text(f"{name} is bad")',
        "Text(message)",
        't(f"Hello {name}")',
        'md("Hello " + name)',
        'Text("a" if x else y)',
    ],
)
def test_a_sentence_that_is_put_together_is_found(source: str) -> None:
    assert of(source)


@pytest.mark.parametrize(
    "source",
    [
        'st.button("Train")',
        'st.write(f"Hello {name}")',
        'column.caption("Some words")',
        'st.button(t("Go"), help="Now")',
    ],
)
def test_words_that_skip_the_catalogue_are_found(source: str) -> None:
    assert of(source)


@pytest.mark.parametrize(
    "source",
    [
        't("Hello {name}", name=name)',
        "t(step.title)",
        'st.button(t("Go"), key="a.b", icon=":material/bolt:")',
        'st.markdown(f"**{name}** · {words}")',
        'st.html("<p class=lead>")',
        'st.page_link("pages/Start.py", label=t("Home"), icon=f":material/{icon}:")',
    ],
)
def test_sentences_in_the_way_of_the_house_pass(source: str) -> None:
    assert not of(source)


def test_both_branches_of_a_choice_are_sentences() -> None:
    found = found_in([Module.of("mlp_core.read", 'Text("One" if x else "Many")')])

    assert set(found.sentences) == {"One", "Many"}


def test_the_first_line_of_a_registered_class_is_a_sentence() -> None:
    source = '@OPERATIONS.add\n@dataclass(frozen=True)\nclass A:\n    """Drop rows.\n\n    More.\n    """\n'

    assert set(found_in([Module.of("mlp_core.clean", source)]).sentences) == {"Drop rows."}
    assert of("@OPERATIONS.add\nclass A:\n    x = 1")


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("{n:n} rows", "{m:n} lignes"),
        ("{n:n} rows", "des lignes"),
        ("{n|row|rows}", "{n|ligne|lignes"),
        ("The file", "Le fichier d'origine"),
        ("Why?", "Pourquoi?"),
        ("Why?", "Pourquoi ?"),
        ("Found: {x}", "Trouvé : {x}"),
        ("Say “yes”", "Dites «oui»"),
        ("Say “yes”", 'Dites "oui"'),
        ("Wait…", "Attendez..."),
        ("20% test", "20 % de test"),
    ],
)
def test_a_faulty_translation_is_found(english: str, french: str) -> None:
    assert list(faults(english, french))


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("{n:n} {n|row|rows}", "{n:n} {n|ligne|lignes}"),
        ("Found: {x}. Why?", "Trouvé\u202f: {x}. Pourquoi\u202f?"),
        ("Say “yes”", "Dites «\u202foui\u202f»"),
        ("It is 12:30 :material/check:", "Il est 12:30 :material/check:"),
        ("It is", "C’est `a'b: c`"),
        ("Semicolon (;)", "Point-virgule (;)"),
    ],
)
def test_a_sound_translation_passes(english: str, french: str) -> None:
    assert not list(faults(english, french))


def test_two_french_sentences_for_one_english_are_found() -> None:
    assert disagreements({"a.json": {"Age": "Âge"}, "b.json": {"Age": "Ancienneté"}})
    assert not disagreements({"a.json": {"Age": "Âge"}, "b.json": {"Age": "Âge"}})
