"""What every provider of accounts promises, whoever keeps them."""

from __future__ import annotations

import json
import re
import threading
import traceback
from collections.abc import Callable
from dataclasses import replace

import pytest
from accounts.providers import Place

from mlp_core.accounts import Credential
from mlp_core.errors import (
    AccountError,
    EmailTaken,
    InvalidCode,
    InvalidEmail,
    SignedOut,
    TooManyAttempts,
    WeakPassword,
    WrongCredentials,
)

EMAIL = "marie.curie@example.org"
PASSWORD = "radium glows at night"
SECOND = "polonium comes before"
THIRD = "a third sentence, 1911"


@pytest.fixture
def person(place: Place) -> Credential:
    return place.provider.sign_up("Marie Curie", EMAIL, PASSWORD)


def refusal(kind: type[AccountError], act: Callable[..., object], *given: object) -> AccountError:
    """Return the refusal, once seen that neither it nor what it comes from quotes what was given."""
    with pytest.raises(kind) as caught:
        act(*given)
    assert type(caught.value) is kind
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value.to_json())
    for value in given:
        secrets = [value.account.email, value.id_token] if isinstance(value, Credential) else [value]
        # Some are words that a sentence needs, and too short to be anybody's.
        assert not [secret for secret in secrets if len(secret) > 8 and secret in told]
    return caught.value


# Signing up and in


def test_who_signs_up_has_an_account_and_a_proof(place: Place, person: Credential) -> None:
    account = person.account

    assert re.fullmatch("[0-9a-f]{32}", account.id)
    assert (account.name, account.email) == ("Marie Curie", EMAIL)
    assert account.verified is not place.provider.sends_mail
    assert place.provider.fresh(person).account == account


def test_who_signs_in_has_the_same_account(place: Place, person: Credential) -> None:
    assert place.provider.sign_in(EMAIL, PASSWORD).account.id == person.account.id


def test_two_people_have_two_accounts(place: Place, person: Credential) -> None:
    other = place.provider.sign_up("Pierre", "pierre.curie@example.org", PASSWORD)

    assert other.account.id != person.account.id
    assert place.provider.reload(person).account.name == "Marie Curie"


def test_an_address_counts_once_whatever_its_case_and_the_blanks_around_it(
    place: Place, person: Credential
) -> None:
    refusal(EmailTaken, place.provider.sign_up, "Another", f"  {EMAIL.upper()}\n", SECOND)

    assert place.provider.sign_in(f" {EMAIL.title()}\t", PASSWORD).account.id == person.account.id


def test_a_wrong_password_and_an_unknown_address_get_one_answer(place: Place, person: Credential) -> None:
    sign_in = place.provider.sign_in
    answers = {
        refusal(WrongCredentials, sign_in, email, given).render()
        for email, given in [
            (EMAIL, SECOND),
            ("nobody@example.org", PASSWORD),
            (EMAIL, PASSWORD.upper()),
            (EMAIL, PASSWORD + " "),
            ("no address", PASSWORD),
            ("", ""),
        ]
    }

    assert len(answers) == 1


@pytest.mark.parametrize(
    "email",
    [
        *("", " ", "marie", "@", "marie@", "@lab.example", "marie@example", "marie@@example.org"),
        *("marie@example..org", "marie@.org", ".marie@example.org", "marie curie@example.org"),
        *("marie@exam ple.org", "marie@example.org\nBcc: all@example.org", "marie@example.org\0"),
        *("<script>alert(1)</script>@example.org", '"marie"@example.org', "marie@example.org, x@example.org"),
        *("marie@example.org/../../etc", "../../etc/passwd", "CON", "\ud800@example.org"),
        *("m" * 65 + "@example.org", "marie@" + "e" * 250 + ".org", "m" * 10_000, "é" * 10_000 + "@a.org"),
    ],
)
def test_what_is_no_address_makes_no_account(place: Place, email: str) -> None:
    refusal(InvalidEmail, place.provider.sign_up, "Marie", email, PASSWORD)


@pytest.mark.parametrize(
    "password",
    [
        *("", "short 1", "1234567", "é" * 7, "x" * 257, "long " * 2_000),
        *(
            "password",
            "Passw0rd",
            "12345678",
            "motdepasse",
            "azertyuiop",
            "qwerty123",
            "aaaaaaaa",
            "iloveyou",
        ),
        *(EMAIL, EMAIL.upper(), "marie.curie", "MarieCurie", "marie curie 1"),
    ],
)
def test_a_password_that_would_be_guessed_is_refused(place: Place, password: str) -> None:
    refusal(WeakPassword, place.provider.sign_up, "Marie Curie", EMAIL, password)
    refusal(WrongCredentials, place.provider.sign_in, EMAIL, password)


@pytest.mark.parametrize(
    "password",
    [
        *(
            "eight ch",
            "x" * 31 + "Y" * 33,
            "  blanks around  ",
            "пароль из слов",
            "密码不要太短了吧",
            "🔥🐘🎻🌵🛶🧵🪁🥁",
        ),
        *("'; DROP TABLE accounts; --", "<b>bold</b>{x}%s", "back\\slash\ttab", "herons " * 36 + "blue"),
    ],
)
def test_any_long_password_is_taken_as_it_stands(place: Place, password: str) -> None:
    made = place.provider.sign_up("Marie", EMAIL, password)

    assert place.provider.sign_in(EMAIL, password).account.id == made.account.id
    refusal(WrongCredentials, place.provider.sign_in, EMAIL, password[:-1])


def test_an_accent_is_the_same_however_the_keyboard_writes_it(place: Place) -> None:
    place.provider.sign_up("Zoë", EMAIL, "une ph\u0072ase accentue\u0301e")

    assert place.provider.sign_in(EMAIL, "une phrase accentu\u00e9e").account.email == EMAIL


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Zoë Ångström", "Zoë Ångström"),
        ("居里夫人", "居里夫人"),
        ("ماري كوري", "ماري كوري"),
        ("👩‍🔬 Marie", "👩‍🔬 Marie"),
        ("  two\n\tlines ", "two lines"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("../../etc/passwd", "../../etc/passwd"),
        ("Robert'); DROP TABLE accounts;--", "Robert'); DROP TABLE accounts;--"),
        ("evil\u202egnp.exe", "evilgnp.exe"),
        ("nul\0byte", "nul byte"),
        ("x" * 10_000, "x" * 80),
        (" ", "marie.curie"),
        ("\ud800", "marie.curie"),
    ],
)
def test_a_name_is_text_of_one_line(place: Place, given: str, kept: str) -> None:
    made = place.provider.sign_up(given, EMAIL, PASSWORD)

    assert made.account.name == kept
    assert place.provider.sign_in(EMAIL, PASSWORD).account.name == kept
    assert place.provider.rename(made, given).account.name == kept


# Proofs


def test_nothing_secret_is_in_a_representation(place: Place, person: Credential) -> None:
    shown = f"{person} {person!r} {person.account} {place.provider!r}"

    for secret in (EMAIL, PASSWORD, person.id_token, person.refresh_token):
        assert not secret or secret not in shown


def test_a_proof_survives_being_sealed_and_opened(place: Place, person: Credential) -> None:
    opened = Credential.from_json(json.loads(json.dumps(person.to_json())))

    assert opened == person
    assert place.provider.reload(opened).account == person.account


def test_a_proof_that_nobody_gave_is_refused(place: Place, person: Credential) -> None:
    forged = [
        replace(person, id_token="", refresh_token=""),
        replace(person, id_token="x" * 40, refresh_token="x" * 40),
        replace(person, id_token="é\0", refresh_token="é\0"),
    ]

    for proof in forged:
        refusal(SignedOut, place.provider.reload, proof)


def test_a_proof_near_its_end_is_renewed(place: Place, person: Credential) -> None:
    renewed = place.provider.fresh(replace(person, expires=0.0))

    assert renewed.account == person.account
    assert renewed.expires >= person.expires
    assert place.provider.reload(renewed).account == person.account


def test_a_verified_address_shows_after_a_reload(place: Place, person: Credential) -> None:
    place.provider.send_verification(person)
    place.verify(person)

    assert place.provider.reload(person).account.verified
    assert place.provider.sign_in(EMAIL, PASSWORD).account.verified


# Changes


def test_a_new_name_is_seen_from_everywhere(place: Place, person: Credential) -> None:
    elsewhere = place.provider.sign_in(EMAIL, PASSWORD)
    renamed = place.provider.rename(person, "Maria Skłodowska")

    assert renewed_name(place, renamed) == renewed_name(place, elsewhere) == "Maria Skłodowska"
    assert renamed.account.id == person.account.id


def renewed_name(place: Place, proof: Credential) -> str:
    return place.provider.reload(proof).account.name


def test_a_new_password_ends_every_other_proof(place: Place, person: Credential) -> None:
    elsewhere = place.provider.sign_in(EMAIL, PASSWORD)
    place.settle()
    changed = place.provider.change_password(person, PASSWORD, SECOND)

    assert place.provider.reload(changed).account == person.account
    if place.revokes:
        refusal(SignedOut, place.provider.reload, elsewhere)
        refusal(SignedOut, place.provider.fresh, replace(elsewhere, expires=0.0))
    refusal(WrongCredentials, place.provider.sign_in, EMAIL, PASSWORD)
    assert place.provider.sign_in(EMAIL, SECOND).account.id == person.account.id


def test_a_change_asks_for_the_present_password(place: Place, person: Credential) -> None:
    provider = place.provider
    refusal(WrongCredentials, provider.change_password, person, SECOND, THIRD)
    refusal(WrongCredentials, provider.change_email, person, SECOND, "new@example.org")
    refusal(WrongCredentials, provider.delete, person, SECOND)

    assert provider.sign_in(EMAIL, PASSWORD).account == person.account
    refusal(WrongCredentials, provider.sign_in, "new@example.org", PASSWORD)


def test_who_is_signed_in_confirms_it_whoever_tries_to_sign_in_meanwhile(
    place: Place, person: Credential
) -> None:
    for _ in range(6):
        with pytest.raises((WrongCredentials, TooManyAttempts)):
            place.provider.sign_in(EMAIL, SECOND)

    refusal(WrongCredentials, place.provider.confirm, person, SECOND)
    assert place.provider.confirm(person, PASSWORD).account == person.account


def test_a_new_password_is_held_to_the_same_rules(place: Place, person: Credential) -> None:
    for weak in ("short", "password123", EMAIL):
        refusal(WeakPassword, place.provider.change_password, person, PASSWORD, weak)

    assert place.provider.sign_in(EMAIL, PASSWORD).account == person.account


def test_the_account_is_deleted_and_its_address_is_free_again(place: Place, person: Credential) -> None:
    place.settle()
    place.provider.delete(person, PASSWORD)

    refusal(SignedOut, place.provider.reload, person)
    refusal(SignedOut, place.provider.fresh, replace(person, expires=0.0))
    refusal(WrongCredentials, place.provider.sign_in, EMAIL, PASSWORD)
    again = place.provider.sign_up("Marie", EMAIL, SECOND)
    assert again.account.id != person.account.id
    refusal(SignedOut, place.provider.reload, person)


def test_nothing_is_changed_through_a_proof_that_has_ended(place: Place, person: Credential) -> None:
    place.settle()
    place.provider.change_password(place.provider.sign_in(EMAIL, PASSWORD), PASSWORD, SECOND)

    refusal(SignedOut, place.provider.rename, person, "Mallory")
    assert place.provider.sign_in(EMAIL, SECOND).account.name == "Marie Curie"


# A forgotten password


def test_a_code_sets_a_new_password_once(place: Place, person: Credential) -> None:
    place.provider.request_reset(EMAIL)
    code = place.reset_code(EMAIL)
    place.settle()
    place.provider.confirm_reset(code, SECOND)

    refusal(InvalidCode, place.provider.confirm_reset, code, THIRD)
    if place.revokes:
        refusal(SignedOut, place.provider.reload, person)
    refusal(WrongCredentials, place.provider.sign_in, EMAIL, PASSWORD)
    assert place.provider.sign_in(EMAIL, SECOND).account.id == person.account.id


def test_a_reset_says_nothing_of_whether_an_address_is_known(place: Place, person: Credential) -> None:
    assert place.provider.request_reset("nobody@example.org") is None
    assert place.provider.request_reset(EMAIL) is None


@pytest.mark.parametrize(
    "code", ["", "x", "0000-0000-0000-0000-0000-0000-0000", "é" * 40, "' OR 1=1 --", "\0"]
)
def test_a_code_that_nobody_gave_is_refused(place: Place, person: Credential, code: str) -> None:
    place.provider.request_reset(EMAIL)
    place.reset_code(EMAIL)

    refusal(InvalidCode, place.provider.confirm_reset, code, SECOND)
    assert place.provider.sign_in(EMAIL, PASSWORD).account == person.account


def test_a_code_survives_a_password_that_is_refused(place: Place, person: Credential) -> None:
    place.provider.request_reset(EMAIL)
    code = place.reset_code(EMAIL)

    refusal(WeakPassword, place.provider.confirm_reset, code, "short")
    place.provider.confirm_reset(code, SECOND)
    assert place.provider.sign_in(EMAIL, SECOND).account.id == person.account.id


# Many tries, many at once


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.org"])
def test_wrong_tries_in_a_row_are_slowed_for_known_and_unknown_addresses_alike(
    place: Place, person: Credential, email: str
) -> None:
    answers = []
    for number in range(10):
        with pytest.raises((WrongCredentials, TooManyAttempts)) as caught:
            place.provider.sign_in(email, f"guess number {number}")
        answers.append(type(caught.value))

    assert answers == [WrongCredentials] * 5 + [TooManyAttempts] * 5
    told = refusal(TooManyAttempts, place.provider.sign_in, email, PASSWORD)
    assert re.search(r"\d", told.render("en"))
    assert place.provider.reload(person).account == person.account


def test_two_people_take_one_address_at_once_and_one_gets_it(place: Place) -> None:
    made, refused = [], []
    gate = threading.Barrier(2)

    def sign_up(name: str) -> None:
        gate.wait()
        try:
            made.append(place.provider.sign_up(name, EMAIL, PASSWORD))
        except EmailTaken as error:
            refused.append(error)

    at_once([lambda: sign_up("one"), lambda: sign_up("two")])

    assert (len(made), len(refused)) == (1, 1)
    assert place.provider.sign_in(EMAIL, PASSWORD).account == made[0].account


def test_two_people_sign_in_at_once_and_each_gets_their_own(place: Place, person: Credential) -> None:
    other = place.provider.sign_up("Pierre", "pierre.curie@example.org", SECOND)
    found: list[tuple[str, str]] = []

    def sign_in(proof: Credential, password: str) -> None:
        for _ in range(4):
            again = place.provider.sign_in(proof.account.email, password)
            found.append((proof.account.id, place.provider.reload(again).account.id))

    at_once([lambda: sign_in(person, PASSWORD), lambda: sign_in(other, SECOND)])

    assert len(found) == 8
    assert all(asked == answered for asked, answered in found)


def at_once(acts: list[Callable[[], object]]) -> None:
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert not any(thread.is_alive() for thread in threads)
