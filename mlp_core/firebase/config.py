"""Which Firebase project is used, as its console gives it and ``.streamlit/secrets.toml`` keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from mlp_core.errors import InvalidParameter
from mlp_core.text import Text

_NAMES: Final[Mapping[str, str]] = {
    "api_key": "apiKey",
    "auth_domain": "authDomain",
    "database_url": "databaseURL",
    "storage_bucket": "storageBucket",
    "project_id": "projectId",
}
_DEMO: Final = "demo-"


@dataclass(frozen=True, kw_only=True)
class FirebaseConfig:
    """The public facts of a Firebase project; what protects its data are its rules.

    Attributes
    ----------
    api_key : str
        Names the project to Google. No password, and yet kept out of every representation.
    auth_domain, storage_bucket, project_id : str
        As the console shows them.
    database_url : str
        ``https://…``, without a path.
    """

    api_key: str = field(repr=False)
    auth_domain: str
    database_url: str
    storage_bucket: str
    project_id: str

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, object]) -> FirebaseConfig:
        """Return the configuration of a ``[firebase]`` table; what else the console gives is left aside.

        Raises
        ------
        InvalidParameter
            A value is missing or no text, the database's address is no ``https`` address, or there is a
            service account, whose rights no rule would bound.

        Examples
        --------
        >>> FirebaseConfig.from_mapping({"apiKey": "k", "authDomain": "d", "databaseURL": "u"})
        Traceback (most recent call last):
        ...
        mlp_core.errors.InvalidParameter: The [firebase] table of secrets.toml lacks storageBucket, projectId.
        """
        if "serviceAccount" in mapping:
            raise InvalidParameter(
                Text("A service account passes by every rule of Firebase, so it is not accepted here."),
                hint=Text("Take serviceAccount out of the [firebase] table of secrets.toml."),
            )
        values = {name: mapping.get(key) for name, key in _NAMES.items()}
        texts = {name: value.strip() for name, value in values.items() if isinstance(value, str)}
        missing = [key for name, key in _NAMES.items() if not texts.get(name)]
        if missing:
            raise InvalidParameter(
                Text("The [firebase] table of secrets.toml lacks {names:list}.", names=missing),
                hint=Text("Copy the values from the settings of your project in the Firebase console."),
            )
        config = cls(**texts)
        if not config._has_sound_address():
            raise InvalidParameter(
                Text("databaseURL in the [firebase] table of secrets.toml is not an https address."),
                hint=Text("Copy it from the page of the Realtime Database in the Firebase console."),
            )
        return config

    @property
    def is_demo(self) -> bool:
        """Whether the project exists in emulators only, which Google keeps such names free for."""
        return self.project_id.startswith(_DEMO)

    def _has_sound_address(self) -> bool:
        try:
            parts = urlsplit(self.database_url)
            host = parts.hostname
        except ValueError:
            return False
        schemes = ("https", "http") if self.is_demo else ("https",)
        bare = parts.path in ("", "/") and not parts.query and not parts.fragment and "@" not in parts.netloc
        return parts.scheme in schemes and bool(host) and bare
