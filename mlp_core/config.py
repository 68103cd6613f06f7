"""Every setting of a server, read once from its environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from mlp_core.errors import InvalidParameter
from mlp_core.text import Text

SIGN_UP: Final = ("open", "code", "closed")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Limits and places; each field is the environment variable ``MLP_<FIELD>`` in capitals.

    Attributes
    ----------
    data_dir : Path
        Where projects, runs and sessions are kept.
    max_upload_mb, max_rows, max_columns, max_cells : int
        What an uploaded table may not pass.
    max_expansion : int
        How many times larger than the file what is packed inside it may be (a small file may always grow to
        some megabytes).
    max_nesting : int
        How deep the structures of a JSON or XML file may be nested.
    large_mb : int
        Texts larger than this are read by way of the disk, in memory that does not grow with them.
    read_seconds, read_memory_mb : int
        What a reader that runs in a process of its own may take.
    allow_paths, allow_urls : bool
        Whether visitors may read files of this server by their path, and public addresses.
    path_root : Path
        The folder that paths may lie in, where they are allowed.
    max_jobs : int
        Trainings that run at once on this server.
    workers : int
        Models fitted side by side in one training.
    guest_days : int
        Days after which the workspace of a guest who does not return is deleted.
    guests : bool
        Whether the app can be used without an account.
    sign_up : str
        Who may make an account: ``open``, everybody; ``code``, who knows the code; ``closed``, nobody.
    sign_up_code : str
        The code to give to those who may.
    idle_minutes : int
        Minutes without a visit after which an account is signed out.
    quota_mb, guest_quota_mb : int
        Room for the projects and saved things of an account, and of a guest.
    max_projects : int
        Projects of one account.
    fast_jobs : bool
        Keep a process ready (about 120 MB) from which trainings start at once, where the system can.
    tracking_uri : str
        An MLflow server (``MLFLOW_TRACKING_URI``); empty means a SQLite file in ``data_dir``.
    """

    data_dir: Path = Path(".pythie")
    max_upload_mb: int = 200
    max_rows: int = 5_000_000
    max_columns: int = 2_000
    max_cells: int = 100_000_000
    max_expansion: int = 200
    max_nesting: int = 64
    large_mb: int = 256
    read_seconds: int = 30
    read_memory_mb: int = 2_000
    allow_paths: bool = False
    allow_urls: bool = False
    path_root: Path = Path("data")
    max_jobs: int = 2
    workers: int = 2
    guest_days: int = 30
    guests: bool = True
    sign_up: str = "open"
    sign_up_code: str = field(default="", repr=False)
    idle_minutes: int = 720
    quota_mb: int = 2_000
    guest_quota_mb: int = 1_000
    max_projects: int = 100
    fast_jobs: bool = True
    tracking_uri: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Return the settings that ``environment`` (by default this process's) names.

        Raises
        ------
        InvalidParameter
            A number is not one.
        """
        source = os.environ if environment is None else environment
        given: dict[str, Any] = {"tracking_uri": source.get("MLFLOW_TRACKING_URI", "")}
        for one in fields(cls):
            raw = source.get(f"MLP_{one.name.upper()}")
            if raw:
                given[one.name] = _parsed(one.name, one.default, raw)
        # A code that is given means that one is wanted.
        if given.get("sign_up_code"):
            given.setdefault("sign_up", "code")
        return cls(**given)._checked()

    def _checked(self) -> Settings:
        if self.sign_up not in SIGN_UP:
            raise InvalidParameter(
                Text(
                    "The setting MLP_SIGN_UP must be one of {known:list}, not {given}.",
                    known=list(SIGN_UP),
                    given=self.sign_up,
                )
            )
        if self.sign_up == "code" and not self.sign_up_code:
            raise InvalidParameter(
                Text("MLP_SIGN_UP asks for a code, but MLP_SIGN_UP_CODE gives none."),
                hint=Text("Set MLP_SIGN_UP_CODE, or MLP_SIGN_UP to open or closed."),
            )
        return self


def _parsed(name: str, default: Any, raw: str) -> Any:
    if isinstance(default, Path):
        return Path(raw).expanduser()
    if isinstance(default, bool):
        return raw.strip().lower() in ("1", "true", "yes", "on")
    if not isinstance(default, int):
        return raw
    try:
        return int(raw)
    except ValueError:
        raise InvalidParameter(
            Text("The setting MLP_{name} must be a whole number, not {raw}.", name=name.upper(), raw=raw)
        ) from None
