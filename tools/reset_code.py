"""Give the operator a code for somebody who forgot their password, as no mail can be sent."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Final

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
    from mlp_core.accounts import EmbeddedAccounts
    from mlp_core.accounts.embedded import DATABASE_NAME
    from mlp_core.config import Settings
    from mlp_core.errors import MLPError

    try:
        if uses_firebase(root / SECRETS):
            raise Trouble("reset_firebase")
        folder = Settings.from_environment().data_dir
        if not (folder / DATABASE_NAME).exists():
            raise Trouble("reset_nobody", folder=folder)
        code = EmbeddedAccounts(folder).issue_reset_code(email)
    except Trouble as trouble:
        show(str(trouble), sys.stderr)
        return 1
    except MLPError as error:
        show(error.render(language()), sys.stderr)
        return 1
    say("reset_code", code=code)
    return 0


def uses_firebase(secrets: Path) -> bool:
    """Whether the app keeps its accounts with Firebase.

    Raises
    ------
    Trouble
        The file is there and cannot be read.
    """
    try:
        text = secrets.read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    except (OSError, UnicodeDecodeError):
        raise Trouble("reset_secrets", path=SECRETS) from None
    try:
        return bool(tomllib.loads(text).get("firebase"))
    except tomllib.TOMLDecodeError:
        # The error itself may quote the line, and so a secret.
        raise Trouble("reset_secrets", path=SECRETS) from None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
