# -*- coding: utf-8 -*-
"""Start Pythie on a machine that has only Python and a copy of this folder.

This file is written so that any Python can read it, even one from 2010: an old one then says plainly
what it needs instead of stumbling over syntax. The work is in ``tools/``, standard library only.
"""

import os
import sys

OLDEST = (3, 11)

TOO_OLD = {
    "en": "Pythie needs Python %d.%d or newer; this is Python %d.%d. "
    "Install a newer one from https://www.python.org/downloads/ and start again with it.",
    "fr": "Pythie demande Python %d.%d ou plus récent ; celui-ci est Python %d.%d. "
    "Installez une version plus récente depuis https://www.python.org/downloads/ et relancez avec elle.",
}


def refuse_old_python():
    """End with a sentence where this Python is older than the app supports."""
    found = tuple(sys.version_info[:2])
    if found >= OLDEST:
        return
    spoken = [os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)]
    language = "fr" if spoken and spoken[0].startswith("fr") else "en"
    sys.exit(TOO_OLD[language] % (OLDEST + found))


if __name__ == "__main__":
    refuse_old_python()
    from tools.launcher import main

    sys.exit(main(sys.argv[1:]))
