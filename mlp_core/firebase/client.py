"""pyrebase4 over our own transport: its services as they are, without its requests.

pyrebase4 4.9 has no timeouts, follows redirects, and its errors hold tokens. Its database takes a session;
its authentication calls the ``requests`` of its module, so its methods are bound here to names in which that
is our transport. The module itself is left as it is.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import threading
import types
import warnings
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

from mlp_core.firebase.bucket import Bucket
from mlp_core.firebase.config import FirebaseConfig
from mlp_core.firebase.failures import misunderstood
from mlp_core.firebase.transport import Answer, Emulators, Patience, Transport

_STAND_IN: Final = "urllib3.contrib.appengine"
_SEND_CODE: Final = "https://identitytoolkit.googleapis.com/v1/accounts:sendOobCode"
_IMPORTING: Final = threading.Lock()


class Firebase:
    """One Firebase project.

    Parameters
    ----------
    config : FirebaseConfig
        Which project.
    patience : Patience, optional
        How long it may take.
    environment : Mapping, optional
        Where emulators are named; the process's own by default.
    """

    def __init__(
        self,
        config: FirebaseConfig,
        patience: Patience | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.config = config
        self.patience = patience or Patience()
        self._emulators = Emulators.of(config, os.environ if environment is None else environment)

    def conversation(self, patience: Patience | None = None) -> Conversation:
        """Begin a few requests that together take no longer than they may."""
        return Conversation(self.config, Transport(self._emulators, patience or self.patience))


class Conversation:
    """A few requests with one deadline; made anew for each action, as pyrebase's objects keep state."""

    def __init__(self, config: FirebaseConfig, transport: Transport) -> None:
        self._config = config
        self.transport = transport

    def authentication(self) -> Any:
        """Return pyrebase's ``Auth``."""
        auth = _bound(_pyrebase().Auth, requests=_Authentication(self.transport))
        return auth(self._config.api_key, None, None)

    def database(self, *path: str) -> Any:
        """Return pyrebase's ``Database`` at a path, whose parts have to be quoted already."""
        database = _pyrebase().Database(None, self._config.api_key, self._config.database_url, self.transport)
        return database.child(*path)

    def bucket(self, id_token: str) -> Bucket:
        """Return the bucket as the owner of a proof may see it."""
        return Bucket(self.transport, self._config.storage_bucket, id_token)

    def send_change_of_email(self, id_token: str, email: str) -> None:
        """Send a mail to a new address that makes it the account's; pyrebase 4.9 has no method for it."""
        told = {"requestType": "VERIFY_AND_CHANGE_EMAIL", "idToken": id_token, "newEmail": email}
        headers = {"content-type": "application/json; charset=UTF-8"}
        self.transport.post(
            _SEND_CODE, params={"key": self._config.api_key}, headers=headers, data=json.dumps(told)
        )


class _Authentication:
    """What stands for ``requests`` in pyrebase's ``Auth``."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def post(self, url: str, *, headers: Mapping[str, str], data: str) -> Answer:
        """Send what is set: pyrebase sends the rest as null, under names that Google refuses."""
        told = {name: value for name, value in json.loads(data).items() if value is not None}
        return self._transport.post(url, headers=headers, data=json.dumps(told))


def asking(function: Callable[..., Any], *given: Any) -> Any:
    """Return what a method of pyrebase returns.

    Raises
    ------
    ServiceUnavailable
        Firebase's answer lacks what pyrebase takes for granted.
    """
    try:
        return function(*given)
    except (KeyError, TypeError, AttributeError):
        raise misunderstood() from None


def _bound(original: type, **names: object) -> Any:
    """Return a class whose methods are the original's and see other globals."""
    module = sys.modules[original.__module__]
    scope = {**vars(module), **names}
    methods = {
        name: types.FunctionType(method.__code__, scope, name, method.__defaults__)
        for name, method in vars(original).items()
        if isinstance(method, types.FunctionType)
    }
    return type(original.__name__, (), methods)


def _pyrebase() -> Any:
    with _IMPORTING:
        return _imported()


@lru_cache(maxsize=1)
def _imported() -> Any:
    """Import pyrebase, which asks for a part of urllib3 1.26 that it never uses, and warns by itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        given = _stand_in()
        try:
            import pyrebase.pyrebase as module  # type: ignore[import-untyped]
        finally:
            if given:
                del sys.modules[_STAND_IN]
    return module


def _stand_in() -> bool:
    """Put an empty module where urllib3 2 no longer has one; say whether that was needed."""
    try:
        importlib.import_module(_STAND_IN)
    except ImportError:
        module = types.ModuleType(_STAND_IN)
        module.is_appengine_sandbox = lambda: False  # type: ignore[attr-defined]
        sys.modules[_STAND_IN] = module
        return True
    return False
