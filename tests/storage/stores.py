"""Every store of saved things, each opened on an empty folder for the one contract of ``test_artifacts.py``.

A store is added by one function that yields a :class:`Place`, and its line in ``STORES``.
"""

from __future__ import annotations

import contextlib
import itertools
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest
from firebase.double import running
from storage.remotes import Provider, Service, visitor

from firebase import places
from mlp_core.accounts.account import Account, Credential, Owner
from mlp_core.accounts.firebase import FirebaseAccounts
from mlp_core.storage.artifacts import ArtifactStore, EmbeddedArtifacts, MemoryArtifacts, Quota
from mlp_core.storage.artifacts.firebase import FirebaseArtifacts
from mlp_core.storage.artifacts.outbox import OutboxArtifacts
from mlp_core.storage.artifacts.proofs import Proofs


@dataclass(frozen=True)
class Place:
    """An empty store, and those who save in it.

    Attributes
    ----------
    guest : Owner or None
        ``None`` where the store takes accounts only.
    """

    store: ArtifactStore
    ada: Owner
    grace: Owner
    guest: Owner | None = None


Opening = Callable[[Path, Quota], AbstractContextManager[Place]]


def person(name: str) -> Owner:
    """Return an account as the embedded provider would make it."""
    id_ = secrets.token_hex(16)
    account = Account(id=id_, name=name, email=f"{name.lower()}@example.org")
    return Owner(id=id_, credential=Credential(account=account, uid=id_))


def local(store: ArtifactStore) -> Place:
    return Place(store=store, ada=person("Ada"), grace=person("Grace"), guest=Owner(id=secrets.token_hex(16)))


@contextlib.contextmanager
def in_memory(folder: Path, quota: Quota) -> Iterator[Place]:
    yield local(MemoryArtifacts(lambda owner: quota, clock=itertools.count(1.0).__next__))


@contextlib.contextmanager
def embedded(folder: Path, quota: Quota) -> Iterator[Place]:
    yield local(EmbeddedArtifacts(folder, lambda owner: quota, clock=itertools.count(1.0).__next__))


@contextlib.contextmanager
def outbox(folder: Path, quota: Quota) -> Iterator[Place]:
    """What is kept on this server until a service has it, in front of a service that answers."""
    inner = EmbeddedArtifacts(folder, lambda owner: quota, clock=itertools.count(1.0).__next__)
    store = OutboxArtifacts(inner, Service(), Proofs(Provider()), folder, quota_of=lambda owner: quota)
    yield Place(
        store=store, ada=visitor("Ada"), grace=visitor("Grace"), guest=Owner(id=secrets.token_hex(16))
    )
    assert store.close()


@contextlib.contextmanager
def firebase_double(folder: Path, quota: Quota) -> Iterator[Place]:
    with places.artifacts_on_double(quota) as (store, ada, grace):
        yield Place(store=store, ada=ada, grace=grace)


@contextlib.contextmanager
def outbox_on_firebase(folder: Path, quota: Quota) -> Iterator[Place]:
    """Both together, as the app uses them."""
    with running() as double:
        accounts = FirebaseAccounts(double.config)
        inner = EmbeddedArtifacts(folder, lambda owner: quota, clock=itertools.count(1.0).__next__)
        remote = FirebaseArtifacts(double.config, lambda owner: quota)
        store = OutboxArtifacts(inner, remote, Proofs(accounts), folder, quota_of=lambda owner: quota)

        def verify(credential: Credential) -> None:
            double.identity.verify(credential.account.email)

        ada, grace = (places.verified_owner(accounts, name, verify) for name in ("Ada", "Grace"))
        yield Place(store=store, ada=ada, grace=grace, guest=Owner(id=secrets.token_hex(16)))
        assert store.close()


@contextlib.contextmanager
def firebase_emulators(folder: Path, quota: Quota) -> Iterator[Place]:
    with places.artifacts_on_emulators(quota) as (store, ada, grace):
        yield Place(store=store, ada=ada, grace=grace)


STORES = [
    pytest.param(in_memory, id="memory"),
    pytest.param(embedded, id="embedded"),
    pytest.param(outbox, id="outbox"),
    pytest.param(firebase_double, id="firebase"),
    pytest.param(outbox_on_firebase, id="outbox on firebase"),
]
if places.EMULATORS:
    STORES.append(pytest.param(firebase_emulators, id="emulators", marks=pytest.mark.firebase))
