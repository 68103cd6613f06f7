"""A double of Firebase with two people in it, for the tests of what goes wrong."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from firebase.double import Double, running

from firebase import places
from mlp_core.accounts.account import Credential, Owner
from mlp_core.accounts.firebase import FirebaseAccounts
from mlp_core.storage.artifacts.firebase import FirebaseArtifacts


@pytest.fixture
def double() -> Iterator[Double]:
    with running() as opened:
        yield opened


@pytest.fixture
def accounts(double: Double) -> FirebaseAccounts:
    return FirebaseAccounts(double.config)


@pytest.fixture
def store(double: Double) -> FirebaseArtifacts:
    return FirebaseArtifacts(double.config)


def signed_up(double: Double, accounts: FirebaseAccounts, name: str) -> Owner:
    def verify(credential: Credential) -> None:
        double.identity.verify(credential.account.email)

    return places.verified_owner(accounts, name, verify)


@pytest.fixture
def ada(double: Double, accounts: FirebaseAccounts) -> Owner:
    return signed_up(double, accounts, "Ada")


@pytest.fixture
def grace(double: Double, accounts: FirebaseAccounts) -> Owner:
    return signed_up(double, accounts, "Grace")
