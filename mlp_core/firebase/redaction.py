"""What libraries write into logs about requests, without what proves or names a person.

Firebase's database takes its proof in the address, and urllib3 writes addresses into the log.
"""

from __future__ import annotations

import logging
import re
from typing import Final

_LOGGERS: Final = (
    *("urllib3.connection", "urllib3.connectionpool", "urllib3.poolmanager", "urllib3.response"),
    *("urllib3.util.retry", "requests", "requests.sessions"),
)
_SECRET: Final = re.compile(
    r"([?&](?:auth|key|token|access_token|id_token|refresh_token|oobCode|email)=)[^&\s\"'<>)]+", re.IGNORECASE
)


class Redacting(logging.Filter):
    """Replaces the secret values in the addresses of a record by three stars."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, changed where it holds a secret."""
        message = record.getMessage()
        redacted = _SECRET.sub(r"\1***", message)
        if redacted != message:
            record.msg, record.args = redacted, ()
        return True


def redact_logs() -> None:
    """Make the loggers of urllib3 and requests keep secrets; once is enough, again does no harm.

    A filter on a logger does not hold for those below it, so each is named.
    """
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        if not any(type(known).__qualname__ == Redacting.__qualname__ for known in logger.filters):
            logger.addFilter(Redacting())
