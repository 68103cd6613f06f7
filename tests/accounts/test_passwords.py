"""Passwords that are tried first are refused, also disguised; those that people may well choose are not."""

from __future__ import annotations

import pytest

from mlp_core.accounts.passwords import require_strong
from mlp_core.accounts.well_known import is_well_known
from mlp_core.errors import WeakPassword

# Of at least eight characters, from the yearly lists of leaked passwords that newspapers print.
_LEAKED = """
123456789 12345678 1234567890 123123123 987654321 11111111 00000000 123321123 password password1 Password1
passw0rd P@ssw0rd Password123 qwerty123 qwertyuiop 1q2w3e4r 1qaz2wsx zaq12wsx qwerty1234 asdfghjkl iloveyou
iloveyou1 princess1 sunshine sunshine1 football football1 baseball superman superman1 starwars trustno1
abc12345 abcd1234 abcdefgh a1234567 welcome1 welcome123 administrator changeme charlie1 jennifer michelle
jessica1 computer internet whatever butterfly liverpool chelsea1 minecraft pokemon123 dragon123 monkey123
shadow123 azertyuiop azerty123 motdepasse motdepasse1 doudou123 loulou123 marseille jetaime123 chouchou
bonjour1 soleil123 camille1 nicolas1 chocolat princesse 1234qwer asdf1234 qwer1234 aa12345678 11223344
12341234 147258369 789456123 abababab passwordpassword qweasdzxc
"""

# Four random words, phrases with accents, generated passwords, and words that only begin like known ones.
CHOSEN = [
    *(
        "correct horse battery staple",
        "l’été à Saint-Malo",
        "three blue herons",
        "x7#Kq9!vLz2p",
        "tr0ub4dor&3",
    ),
    *(
        "sunshine over the moor",
        "passwordless login",
        "dragonflies in May",
        "qwertz is a layout",
        "1789-07-14 dawn",
    ),
    *(
        "моя бабушка печёт",
        "春はあけぼのようよう",
        "82734619502",
        "footballers anonymous",
        "chat chat souris",
    ),
]


@pytest.mark.parametrize("password", _LEAKED.split())
def test_a_leaked_password_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        require_strong(password)


@pytest.mark.parametrize("password", CHOSEN)
def test_a_password_that_somebody_thought_of_is_taken(password: str) -> None:
    require_strong(password, email="marie.curie@example.org", name="Marie Curie")


@pytest.mark.parametrize(
    "password", ["Sunshine!", "$unsh1ne99", "DRAGON2024", "!!monkey!!", "Février2024", "fevrier 2024"]
)
def test_a_disguise_does_not_help(password: str) -> None:
    assert is_well_known(password)


@pytest.mark.parametrize(
    ("password", "email", "name"),
    [
        ("marie.curie@example.org", "marie.curie@example.org", ""),
        ("Marie.Curie", "marie.curie@example.org", ""),
        ("marie.curie1867", "marie.curie@example.org", ""),
        ("MARIE CURIE", "", "Marie Curie"),
        ("zoe angstrom", "", "Zoë Ångström"),
        ("Zoë Ångström!", "", "zoe angstrom"),
    ],
)
def test_one_s_own_name_and_address_are_refused(password: str, email: str, name: str) -> None:
    with pytest.raises(WeakPassword):
        require_strong(password, email=email, name=name)


@pytest.mark.parametrize(
    ("password", "taken"), [("é" * 7, False), ("🐘🌵🎻🛶🧵🪁🥁🔔", True), ("heron " * 42 + "blue", True)]
)
def test_the_length_is_counted_in_characters(password: str, taken: bool) -> None:
    if taken:
        require_strong(password)
        return
    with pytest.raises(WeakPassword):
        require_strong(password)


def test_a_password_of_256_characters_is_taken_and_of_257_is_not() -> None:
    longest = ("the quick brown fox jumps over a lazy dog, " * 6)[:256]
    require_strong(longest)

    with pytest.raises(WeakPassword, match="256"):
        require_strong(longest + "x")
