"""Give the operator a code for somebody who forgot their password, as no mail can be sent."""

from __future__ import annotations

import os
import sys
import tomllib
from pathlib import Path
from typing import Any, Final

from tools.messages import Trouble, language, say, show

ROOT: Final = Path(__file__).resolve().parents[1]
SECRETS: Final = Path(".streamlit", "secrets.toml")


def main(email: str, root: Path = ROOT) -> int:
    """Print a code for the account with an address; return 1 where there is none.

    It works beside the running server: both write to one database.

    Parameters
    ----------
    email : str
        The address that the person signs in with.
    root : Path
        The folder of the app.
    """
    # Only here, where everything is installed: the launcher reads its messages before anything is.
    from mlp_core.errors import MLPError

    try:
        say("reset_code", code=_code(email, root))
    except Trouble as trouble:
        show(str(trouble), sys.stderr)
        return 1
    except MLPError as error:
        show(error.render(language()), sys.stderr)
        return 1
    return 0


def secrets_of(*folders: Path) -> dict[str, Any]:
    """Return what the secrets files in some folders hold; the last one wins, as in Streamlit.

    Raises
    ------
    Trouble
        A file is there and cannot be read.
    """
    found: dict[str, Any] = {}
    for folder in folders:
        path = folder / SECRETS
        try:
            found |= tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            continue
        except (OSError, ValueError):
            # The error itself may quote the line, and so a secret.
            raise Trouble("reset_secrets", path=path) from None
    return found


def _code(email: str, root: Path) -> str:
    from mlp_core.accounts import EmbeddedAccounts
    from mlp_core.accounts.embedded import DATABASE_NAME
    from mlp_core.config import Settings

    secrets = secrets_of(Path.home(), root)
    if "firebase" in secrets:
        raise Trouble("reset_firebase")
    # What stands alone in the file is environment for the server, so it is for us.
    alone = {name: str(value) for name, value in secrets.items() if type(value) in (str, int, float)}
    folder = root / Settings.from_environment({**os.environ, **alone}).data_dir
    if not (folder / DATABASE_NAME).exists():
        raise Trouble("reset_nobody", folder=folder)
    return EmbeddedAccounts(folder).issue_reset_code(email)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
