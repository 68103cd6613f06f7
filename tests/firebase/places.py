"""Accounts and saved things in Firebase, opened for the contracts: on the double, and on the emulators.

The emulators are there where the environment names them, as ``python start.py test --firebase`` does.
"""

from __future__ import annotations

import itertools
import json
import os
import secrets
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from firebase.double import Double, running

from mlp_core.accounts.account import Credential, Owner
from mlp_core.accounts.firebase import FirebaseAccounts
from mlp_core.accounts.lockout import Attempts
from mlp_core.firebase import FirebaseConfig
from mlp_core.storage.artifacts import Quota
from mlp_core.storage.artifacts.firebase import FirebaseArtifacts

PASSWORD = "a quiet long river 7"
_NAMES = ("FIREBASE_AUTH_EMULATOR_HOST", "FIREBASE_STORAGE_EMULATOR_HOST", "MLP_FIREBASE_DATABASE_URL")
# Read once: a double names itself in the environment while it runs.
EMULATORS = (
    {name: os.environ[name] for name in _NAMES} if all(os.environ.get(name) for name in _NAMES) else {}
)
PROJECT = "demo-mlp"


@contextmanager
def on_double(folder: Path) -> Iterator[tuple[Double, FirebaseAccounts]]:
    """Yield a double, and accounts on it whose attempts are counted in the folder."""
    with running() as double:
        yield double, FirebaseAccounts(double.config, Attempts(folder / "pythie.db"))


@contextmanager
def on_emulator(folder: Path) -> Iterator[FirebaseAccounts]:
    """Yield accounts on the emulator, which has none yet."""
    host = EMULATORS["FIREBASE_AUTH_EMULATOR_HOST"]
    url = f"http://{host}/emulator/v1/projects/{PROJECT}/accounts"
    forget = urllib.request.Request(url, method="DELETE", headers={"Authorization": "Bearer owner"})
    with urllib.request.urlopen(forget, timeout=10):
        pass
    yield FirebaseAccounts(emulated(), Attempts(folder / "pythie.db"))


def emulated() -> FirebaseConfig:
    """Return the configuration of the project that the emulators stand for."""
    return FirebaseConfig.from_mapping(
        {
            "apiKey": "fake-api-key",
            "authDomain": f"{PROJECT}.firebaseapp.com",
            "databaseURL": EMULATORS["MLP_FIREBASE_DATABASE_URL"],
            "storageBucket": f"{PROJECT}.firebasestorage.app",
            "projectId": PROJECT,
        }
    )


def open_mail(credential: Credential) -> None:
    """Open the link that verifies an address, in the mail that the emulator did not send."""
    with urllib.request.urlopen(_mail("VERIFY_EMAIL", credential.account.email)["oobLink"], timeout=10):
        pass


def open_change(credential: Credential) -> None:
    """Open the link that makes a new address the account's."""
    link = _mail("VERIFY_AND_CHANGE_EMAIL", credential.account.email)["oobLink"]
    with urllib.request.urlopen(link, timeout=10):
        pass


def mailed_code(email: str) -> str:
    """Return the code of the mail to who forgot a password."""
    return str(_mail("PASSWORD_RESET", email)["oobCode"])


def wait_a_second() -> None:
    """Let the emulator tell a new proof from one before: it keeps the time of a change in seconds."""
    time.sleep(1.1)


def verified_owner(accounts: FirebaseAccounts, name: str, verify: Any) -> Owner:
    """Return a new account whose address is verified."""
    made = accounts.sign_up(name, f"{name.lower()}-{secrets.token_hex(6)}@example.org", PASSWORD)
    accounts.send_verification(made)
    verify(made)
    credential = accounts.reload(made)
    assert credential.account.verified
    return Owner(id=credential.account.id, credential=credential)


@contextmanager
def artifacts_on_double(quota: Quota) -> Iterator[tuple[FirebaseArtifacts, Owner, Owner]]:
    """Yield a store on a double and two people with verified addresses."""
    with running() as double:
        accounts = FirebaseAccounts(double.config)

        def verify(credential: Credential) -> None:
            double.identity.verify(credential.account.email)

        store = FirebaseArtifacts(double.config, lambda owner: quota, clock=itertools.count(1.0).__next__)
        yield store, verified_owner(accounts, "Ada", verify), verified_owner(accounts, "Grace", verify)


@contextmanager
def artifacts_on_emulators(quota: Quota) -> Iterator[tuple[FirebaseArtifacts, Owner, Owner]]:
    """Yield a store on the emulators and two people with verified addresses."""
    accounts = FirebaseAccounts(emulated())
    store = FirebaseArtifacts(emulated(), lambda owner: quota, clock=itertools.count(1.0).__next__)
    yield store, verified_owner(accounts, "Ada", open_mail), verified_owner(accounts, "Grace", open_mail)


def _mail(kind: str, email: str) -> dict[str, Any]:
    host = EMULATORS["FIREBASE_AUTH_EMULATOR_HOST"]
    with urllib.request.urlopen(
        f"http://{host}/emulator/v1/projects/{PROJECT}/oobCodes", timeout=10
    ) as answer:
        mails: list[dict[str, Any]] = json.load(answer)["oobCodes"]
    return [mail for mail in mails if (mail["requestType"], mail["email"]) == (kind, email)][-1]
