"""Objects in Firebase's Storage over plain HTTPS: pyrebase quotes no name, drops types and hides refusals."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from mlp_core.firebase.failures import Refused, misunderstood
from mlp_core.firebase.transport import STORAGE_HOST, Transport

_PAGE: Final = 1_000
_MOST_PAGES: Final = 100


class Bucket:
    """The bucket of a project, as the owner of a proof may see it.

    Parameters
    ----------
    transport : Transport
        What carries the requests.
    name : str
        Of the bucket.
    id_token : str
        The proof.
    """

    def __init__(self, transport: Transport, name: str, id_token: str) -> None:
        self._transport = transport
        self._base = f"https://{STORAGE_HOST}/v0/b/{quote(name, safe='')}/o"
        self._proof = {"Authorization": f"Firebase {id_token}"}

    def upload(self, path: str, content: bytes, media_type: str) -> None:
        """Put an object where none is.

        Raises
        ------
        Refused
            The rules forbid it, as they do where an object is already.
        ServiceUnavailable
            It did not arrive whole, or nobody can tell.
        """
        headers = {**self._proof, "Content-Type": media_type}
        answer = self._transport.post(self._base, params={"name": path}, headers=headers, data=content).json()
        if not isinstance(answer, dict) or str(answer.get("size")) != str(len(content)):
            raise misunderstood()

    def download(self, path: str, size: int) -> bytes:
        """Return an object of so many bytes at most."""
        url = f"{self._base}/{quote(path, safe='')}"
        answer = self._transport.get(url, params={"alt": "media"}, headers=self._proof, largest_bytes=size)
        return answer.content

    def delete(self, path: str) -> bool:
        """Delete an object; say whether there was one."""
        try:
            self._transport.delete(f"{self._base}/{quote(path, safe='')}", headers=self._proof)
        except Refused as refused:
            if refused.status != 404:
                raise
            return False
        return True

    def names(self, folder: str) -> list[str]:
        """Return the full names of all objects in a folder, which ends with a slash."""
        found: list[str] = []
        params = {"prefix": folder, "delimiter": "/", "maxResults": str(_PAGE)}
        for _ in range(_MOST_PAGES):
            answer = self._transport.get(self._base, params=params, headers=self._proof).json()
            if not isinstance(answer, dict) or not isinstance(answer.get("items", []), list):
                raise misunderstood()
            items = [item.get("name") for item in answer.get("items", []) if isinstance(item, dict)]
            found += [name for name in items if isinstance(name, str) and name.startswith(folder)]
            token = answer.get("nextPageToken")
            if not token:
                break
            params = {**params, "pageToken": str(token)}
        return found
