"""A service that fails as told, in front of a store in memory, and accounts that go with it."""

from __future__ import annotations

import secrets
import threading
import time
from collections import Counter
from dataclasses import replace

from mlp_core.accounts.account import Account, Credential, Owner
from mlp_core.errors import MLPError, NotVerified, ServiceUnavailable, SignedOut
from mlp_core.storage.artifacts import MemoryArtifacts
from mlp_core.text import Text


class Provider:
    """Accounts whose proofs end when the test says so; the rest of a provider is not asked for here."""

    sends_mail = True

    def __init__(self) -> None:
        self.ended: set[str] = set()
        self.verified: set[str] = set()
        self.asked: Counter[str] = Counter()
        self.down = False

    def fresh(self, credential: Credential) -> Credential:
        if credential.expires > 300:
            return credential
        return self.reload(credential)

    def reload(self, credential: Credential) -> Credential:
        self.asked[credential.account.id] += 1
        if self.down:
            raise ServiceUnavailable(Text("down"))
        if credential.account.id in self.ended:
            raise SignedOut(Text("ended"))
        account = credential.account
        if account.id in self.verified:
            account = replace(account, verified=True)
        return replace(credential, account=account, id_token=secrets.token_hex(8), expires=3_600.0)


def visitor(name: str = "Ada", *, verified: bool = True, id_: str = "") -> Owner:
    id_ = id_ or secrets.token_hex(16)
    account = Account(id=id_, name=name, email=f"{name.lower()}@example.org", verified=verified)
    credential = Credential(account=account, uid=f"uid-{id_}", id_token=f"planted-{id_}", expires=3_600.0)
    return Owner(id=id_, credential=credential)


class Service(MemoryArtifacts):
    """A remote store that can be slow, down, refusing, or cut in the middle of an upload.

    Attributes
    ----------
    failure : MLPError or None
        What every call meets.
    seconds, slow : float, dict
        What every call takes; what calls of a name take besides.
    cut : str
        ``"before"``: an upload breaks off and leaves nothing; ``"after"``: it arrives and its answer is lost.
    """

    def __init__(self, **given) -> None:
        super().__init__(**given)
        self.failure: MLPError | None = None
        self.seconds = 0.0
        self.slow: dict[str, float] = {}
        self.cut = ""
        self.calls: Counter[str] = Counter()
        self.uploads = 0
        self.at_once = 0
        self.most_at_once = 0
        self.gate = threading.Event()
        self.gate.set()
        self.began = threading.Event()

    def put(self, owner, **fields):
        with self._counted("put", owner):
            if self.cut == "before":
                raise ServiceUnavailable(Text("cut"))
            if not owner.credential.account.verified:
                raise NotVerified(Text("not verified"))
            self.began.set()
            self.gate.wait(20)
            kept = super().put(owner, **fields)
            self.uploads += 1
            if self.cut == "after":
                raise ServiceUnavailable(Text("cut"))
            return kept

    def get(self, owner, artifact_id):
        with self._counted("get", owner):
            return super().get(owner, artifact_id)

    def list(self, owner):
        with self._counted("list", owner):
            return super().list(owner)

    def rename(self, owner, artifact_id, name):
        with self._counted("rename", owner):
            return super().rename(owner, artifact_id, name)

    def delete(self, owner, artifact_id):
        with self._counted("delete", owner):
            super().delete(owner, artifact_id)

    def delete_all(self, owner):
        with self._counted("delete_all", owner):
            super().delete_all(owner)

    def held(self, owner):
        """Return what is really there."""
        return MemoryArtifacts.list(self, owner)

    def _counted(self, name, owner):
        assert owner.credential is not None
        return _Call(self, name)


class _Call:
    def __init__(self, service: Service, name: str) -> None:
        self._service, self._name = service, name

    def __enter__(self) -> None:
        service = self._service
        service.calls[self._name] += 1
        service.at_once += 1
        service.most_at_once = max(service.most_at_once, service.at_once)
        try:
            time.sleep(service.seconds + service.slow.get(self._name, 0.0))
            if service.failure is not None:
                raise service.failure
        except BaseException:
            service.at_once -= 1
            raise

    def __exit__(self, *failure) -> None:
        self._service.at_once -= 1


def until(condition, seconds: float = 5.0) -> bool:
    """Wait until something is so; say whether it came to that."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True
