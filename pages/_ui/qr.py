"""An address as a code that a projector shows and a phone reads."""

from __future__ import annotations

import base64
import io


def picture(address: str) -> str:
    """Return the code of an address as the source of a picture that grows with the place it stands in.

    Parameters
    ----------
    address : str
        Up to some hundred characters.

    Returns
    -------
    str
        A ``data:`` address of an SVG: black marks on white, with the empty rim that readers need.
    """
    import segno

    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", border=4, dark="#000", light="#fff", xmldecl=False, omitsize=True
    )
    return "data:image/svg+xml;base64," + base64.b64encode(out.getvalue()).decode("ascii")
