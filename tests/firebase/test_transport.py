"""What leaves this server for Firebase, where it goes, and what stays behind: nothing secret."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import traceback
from dataclasses import replace
from pathlib import Path

import pytest
from firebase.actions import ACTIONS, CODE, NEW_EMAIL, NEW_PASSWORD, NEWCOMER, Person, put
from firebase.double import Double, running
from firebase.double_identity import API_KEY
from firebase.places import PASSWORD

from mlp_core.accounts.account import Owner
from mlp_core.accounts.firebase import FirebaseAccounts
from mlp_core.errors import (
    InvalidParameter,
    MLPError,
    NotFound,
    NotVerified,
    ServiceUnavailable,
    StorageError,
)
from mlp_core.firebase import Firebase, FirebaseConfig, Refused
from mlp_core.firebase.transport import Emulators
from mlp_core.storage.artifacts.firebase import FirebaseArtifacts

ROOT = Path(__file__).resolve().parents[2]
TABLE = {
    "apiKey": "planted-key",
    "authDomain": "pythie.firebaseapp.com",
    "databaseURL": "https://pythie-default-rtdb.europe-west1.firebasedatabase.app",
    "storageBucket": "pythie.firebasestorage.app",
    "projectId": "pythie",
    "messagingSenderId": "1",
    "appId": "2",
}


def test_the_table_that_the_console_gives_is_taken() -> None:
    config = FirebaseConfig.from_mapping(TABLE)

    assert (config.api_key, config.project_id) == ("planted-key", "pythie")
    assert "planted-key" not in repr(config)


@pytest.mark.parametrize("missing", ["apiKey", "authDomain", "databaseURL", "storageBucket", "projectId"])
@pytest.mark.parametrize("value", [None, "", "  ", 3])
def test_what_is_missing_is_named(missing: str, value: object) -> None:
    with pytest.raises(InvalidParameter) as refused:
        FirebaseConfig.from_mapping({**TABLE, missing: value})

    assert missing in refused.value.render("fr")
    assert "planted-key" not in refused.value.render("fr")


def test_a_service_account_is_refused() -> None:
    with pytest.raises(InvalidParameter, match="service account"):
        FirebaseConfig.from_mapping({**TABLE, "serviceAccount": {"private_key": "planted"}})


@pytest.mark.parametrize(
    "url",
    [
        *("http://pythie.firebaseio.com", "pythie.firebaseio.com", "https://", "file:///etc/passwd"),
        *("https://evil@pythie.firebaseio.com", "https://pythie.firebaseio.com/users", "https://[::1"),
        *("https://pythie.firebaseio.com/?auth=x", "https://pythie.firebaseio.com#x"),
    ],
)
def test_an_address_without_https_or_with_more_than_a_host_is_refused(url: str) -> None:
    with pytest.raises(InvalidParameter, match="databaseURL"):
        FirebaseConfig.from_mapping({**TABLE, "databaseURL": url})


def test_emulators_stand_in_for_demonstration_projects_only() -> None:
    environment = {"FIREBASE_AUTH_EMULATOR_HOST": "a:1", "FIREBASE_STORAGE_EMULATOR_HOST": "b:2"}
    google = "https://identitytoolkit.googleapis.com/v1/accounts:update?key=k"
    real = Emulators.of(FirebaseConfig.from_mapping(TABLE), environment)
    demo = Emulators.of(FirebaseConfig.from_mapping({**TABLE, "projectId": "demo-x"}), environment)

    assert real.address(google) == google
    assert demo.address(google) == "http://a:1/identitytoolkit.googleapis.com/v1/accounts:update?key=k"
    assert demo.address("https://firebasestorage.googleapis.com/v0/b/x/o") == "http://b:2/v0/b/x/o"
    assert demo.address(TABLE["databaseURL"]) == TABLE["databaseURL"]


# Nothing secret stays behind


@pytest.fixture
def person(double: Double, accounts: FirebaseAccounts, store: FirebaseArtifacts, ada: Owner) -> Person:
    kept = put(store, ada)
    return Person(accounts, store, ada, kept.id)  # type: ignore[attr-defined]


def secrets_of(double: Double, person: Person) -> set[str]:
    tokens = {person.credential.id_token, person.credential.refresh_token, *double.identity.renewals}
    emails = {user.email for user in double.identity.users.values()}
    codes = {mail.code for mail in double.identity.mails}
    planted = {CODE, NEWCOMER, NEW_EMAIL, PASSWORD, NEW_PASSWORD, API_KEY}
    return tokens | emails | codes | planted


def failures_of(action: str, person: Person) -> list[MLPError]:
    try:
        ACTIONS[action](person)
    except MLPError as error:
        return [error]
    return []


@pytest.mark.parametrize("action", ACTIONS)
def test_no_secret_is_left_in_a_log_or_an_error(
    double: Double, person: Person, action: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    errors: list[MLPError] = []
    for how in ({"status": 500}, {"status": 403}, {"status": 200, "body": b"<"}, {"write_bytes": 0}, {}):
        double.heal()
        if how:
            double.fail("", times=20, **how)
        errors += failures_of(action, person)
    double.down()
    errors += failures_of(action, person)
    assert len(errors) >= 4
    assert all(error.__suppress_context__ or error.__context__ is None for error in errors)
    told = [caplog.text, *("".join(traceback.format_exception(error)) for error in errors)]
    told += [repr(error) + json.dumps(error.to_json()) for error in errors]
    told += [repr(thing) for thing in (person, person.accounts, person.store, person.owner)]
    text = "\n".join(told)

    assert "=***" in caplog.text, "nothing was logged that had to be redacted"
    assert [secret for secret in secrets_of(double, person) if secret in text] == []


def test_a_redirect_is_not_followed(double: Double, person: Person) -> None:
    with running() as other:
        for status in (301, 302, 307, 308):
            double.fail(
                "", times=20, status=status, headers=(("location", f"http://{other.host}/users/x.json"),)
            )
            with pytest.raises(ServiceUnavailable):
                person.store.list(person.owner)
            double.heal()
        assert other.asked == []


def test_a_file_of_passwords_does_not_change_who_asks(
    double: Double, person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password planted\n")
    monkeypatch.setenv("NETRC", str(netrc))
    double.headers.clear()

    assert person.store.get(person.owner, person.artifact_id)
    sent = [headers.get("authorization", "") for headers in double.headers]
    assert [one for one in sent if one and not one.startswith("Firebase ")] == []


# Whose it is


def test_the_proof_of_one_opens_nothing_of_another(
    double: Double, store: FirebaseArtifacts, ada: Owner, grace: Owner
) -> None:
    kept = put(store, ada)
    assert ada.credential is not None
    assert grace.credential is not None
    thief = Owner(id=ada.id, credential=replace(ada.credential, id_token=grace.credential.id_token))

    for ask in (
        lambda: store.list(thief),
        lambda: store.get(thief, kept.id),  # type: ignore[attr-defined]
        lambda: store.delete(thief, kept.id),  # type: ignore[attr-defined]
        lambda: store.rename(thief, kept.id, "mine"),  # type: ignore[attr-defined]
        lambda: store.delete_all(thief),
        lambda: put(store, thief),
    ):
        with pytest.raises(StorageError):
            ask()
    assert store.list(ada) == [kept]


@pytest.mark.parametrize("uid", ["", "..", "a/b", "a.b", "x$", "#", "a[0]", "a\0", "x" * 129])
def test_an_account_whose_id_could_be_a_path_has_nothing(
    double: Double, store: FirebaseArtifacts, ada: Owner, uid: str
) -> None:
    assert ada.credential is not None
    double.asked.clear()
    with pytest.raises(NotFound):
        store.list(Owner(id=ada.id, credential=replace(ada.credential, uid=uid)))
    assert double.asked == []


def test_who_has_not_confirmed_the_address_reads_and_deletes_and_does_not_write(
    double: Double, accounts: FirebaseAccounts, store: FirebaseArtifacts
) -> None:
    made = accounts.sign_up("Zoe", "zoe@example.org", PASSWORD)
    owner = Owner(id=made.account.id, credential=made)

    with pytest.raises(NotVerified):
        put(store, owner)
    assert store.list(owner) == []
    store.delete_all(owner)
    assert double.data.objects == {}


def test_a_guest_has_nothing_there(double: Double, store: FirebaseArtifacts) -> None:
    with pytest.raises(MLPError):
        store.list(Owner(id="0" * 32))
    assert double.asked == []


# Ways of Google that the emulators do not have


def test_an_address_is_changed_by_a_mail_where_the_project_protects_addresses(
    double: Double, accounts: FirebaseAccounts, ada: Owner
) -> None:
    assert ada.credential is not None
    double.identity.protects_addresses = True
    changed = accounts.change_email(ada.credential, PASSWORD, "new@example.org")

    assert changed.account == ada.credential.account
    mail = double.identity.mail("VERIFY_AND_CHANGE_EMAIL", "new@example.org")
    assert mail.uid == ada.credential.uid


def test_a_new_address_is_sent_the_mail_that_verifies_it(double: Double, accounts: FirebaseAccounts) -> None:
    made = accounts.sign_up("Zoe", "zoe@example.org", PASSWORD)
    double.identity.verify("zoe@example.org")
    changed = accounts.change_email(accounts.reload(made), PASSWORD, "zoe.new@example.org")

    assert (changed.account.email, changed.account.verified) == ("zoe.new@example.org", False)
    double.identity.verify("zoe.new@example.org")
    assert accounts.reload(changed).account.verified


def test_a_closed_account_is_answered_as_a_wrong_password(
    double: Double, accounts: FirebaseAccounts, ada: Owner
) -> None:
    assert ada.credential is not None
    email = ada.credential.account.email
    answers = set()
    for protects in (False, True):
        double.identity.protects_addresses = protects
        for given in (PASSWORD, NEW_PASSWORD):
            double.identity.users[ada.credential.uid].disabled = given == PASSWORD
            with pytest.raises(MLPError) as wrong:
                accounts.sign_in(email, given)
            answers.add((type(wrong.value), wrong.value.render()))
        with pytest.raises(MLPError) as unknown:
            accounts.sign_in("nobody@example.org", PASSWORD)
        answers.add((type(unknown.value), unknown.value.render()))

    assert len(answers) == 1


def test_a_reset_that_google_refuses_says_nothing(double: Double, accounts: FirebaseAccounts) -> None:
    for word in (b"EMAIL_NOT_FOUND", b"USER_DISABLED", b"RESET_PASSWORD_EXCEED_LIMIT", b"INVALID_EMAIL"):
        double.fail("getOobConfirmationCode", status=400, body=b'{"error": {"message": "%s"}}' % word)
        accounts.request_reset("ada@example.org")


def test_an_account_whose_name_and_mail_failed_is_made_all_the_same(
    double: Double, accounts: FirebaseAccounts
) -> None:
    double.fail("accounts:update", status=500)
    double.fail("getOobConfirmationCode", status=500)

    assert accounts.sign_up("Zoe", "zoe@example.org", PASSWORD).account.name == "Zoe"
    assert accounts.sign_in("zoe@example.org", PASSWORD).account.name == "zoe"


@pytest.mark.firebase
def test_google_s_own_server_sends_the_mail_that_changes_an_address() -> None:
    from firebase import places

    accounts = FirebaseAccounts(places.emulated())
    owner = places.verified_owner(accounts, "Ada", places.open_mail)
    assert owner.credential is not None
    Firebase(places.emulated()).conversation().send_change_of_email(
        owner.credential.id_token, "new.address@example.org"
    )
    places.open_change(owner.credential)

    assert accounts.sign_in("new.address@example.org", PASSWORD).account.id == owner.id
    accounts.delete(accounts.sign_in("new.address@example.org", PASSWORD), PASSWORD)


# pyrebase


def test_nothing_of_it_is_imported_before_it_is_used() -> None:
    code = """if True:
        import sys
        import mlp_core.accounts, mlp_core.storage.artifacts, mlp_core.cloud, mlp_core.firebase
        from mlp_core.accounts.firebase import FirebaseAccounts
        from mlp_core.storage.artifacts.firebase import FirebaseArtifacts
        from mlp_core.firebase import FirebaseConfig
        names = ("api_key", "auth_domain", "database_url", "storage_bucket", "project_id")
        config = FirebaseConfig(**dict.fromkeys(names, "x"))
        FirebaseAccounts(config), FirebaseArtifacts(config)
        print(*sys.modules)"""
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert {"pyrebase", "requests", "urllib3", "google", "oauth2client"}.isdisjoint(answer.stdout.split())


def test_pyrebase_and_urllib3_are_left_as_they_are(double: Double, person: Person) -> None:
    import pyrebase.pyrebase
    import requests

    person.accounts.sign_in(person.email, PASSWORD)
    assert pyrebase.pyrebase.requests is requests
    stand_in = sys.modules.get("urllib3.contrib.appengine")
    assert stand_in is None or stand_in.__spec__ is not None


def test_an_attribute_of_nobody_is_left_out_of_a_change_of_name(
    double: Double, accounts: FirebaseAccounts, ada: Owner
) -> None:
    """Google refuses the misspelt name that pyrebase sends for a picture, and so does the double."""
    assert ada.credential is not None
    assert accounts.rename(ada.credential, "Ada L.").account.name == "Ada L."
    auth = Firebase(double.config).conversation().authentication()
    with pytest.raises(Refused):
        auth.update_profile(ada.credential.id_token, "Ada", photo_url="x")
