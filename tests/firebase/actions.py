"""Everything the app asks of Firebase, each as one action that can be tried while something is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from firebase.places import PASSWORD

from mlp_core.accounts.account import Credential, Owner
from mlp_core.accounts.firebase import FirebaseAccounts
from mlp_core.storage.artifacts.firebase import FirebaseArtifacts

NEW_PASSWORD = "another calm sea 12"
CODE = "planted-code-of-a-mail"
NEWCOMER = "zoe.planted@example.org"
NEW_EMAIL = "ada.planted@example.org"
CONTENT = bytes(range(256)) * 1_000


@dataclass(frozen=True)
class Person:
    """Who acts, through which doors, and what they saved before."""

    accounts: FirebaseAccounts
    store: FirebaseArtifacts
    owner: Owner
    artifact_id: str

    @property
    def credential(self) -> Credential:
        assert self.owner.credential is not None
        return self.owner.credential

    @property
    def email(self) -> str:
        return self.credential.account.email

    def put(self, **fields: object) -> object:
        return put(self.store, self.owner, **fields)


def put(store: FirebaseArtifacts, owner: Owner, **fields: object) -> object:
    given = {"name": "Fares", "kind": "csv", "page": "train", "content": CONTENT, **fields}
    return store.put(owner, **given)  # type: ignore[arg-type]


Action = Callable[[Person], object]

ACCOUNT: dict[str, Action] = {
    "sign up": lambda who: who.accounts.sign_up("Zoe", NEWCOMER, PASSWORD),
    "sign in": lambda who: who.accounts.sign_in(who.email, PASSWORD),
    "reload": lambda who: who.accounts.reload(who.credential),
    "send verification": lambda who: who.accounts.send_verification(who.credential),
    "request reset": lambda who: who.accounts.request_reset(who.email),
    "confirm reset": lambda who: who.accounts.confirm_reset(CODE, NEW_PASSWORD),
    "rename": lambda who: who.accounts.rename(who.credential, "Ada L."),
    "change e-mail": lambda who: who.accounts.change_email(
        who.credential, PASSWORD, "ada.planted@example.org"
    ),
    "change password": lambda who: who.accounts.change_password(who.credential, PASSWORD, NEW_PASSWORD),
    "delete account": lambda who: who.accounts.delete(who.credential, PASSWORD),
}
STORAGE: dict[str, Action] = {
    "put": lambda who: who.put(),
    "get": lambda who: who.store.get(who.owner, who.artifact_id),
    "list": lambda who: who.store.list(who.owner),
    "usage": lambda who: who.store.usage(who.owner),
    "rename artifact": lambda who: who.store.rename(who.owner, who.artifact_id, "New name"),
    "delete": lambda who: who.store.delete(who.owner, who.artifact_id),
    "delete all": lambda who: who.store.delete_all(who.owner),
}
ACTIONS = {**ACCOUNT, **STORAGE}
