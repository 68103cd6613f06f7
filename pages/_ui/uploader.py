"""The file uploader's own words, which Streamlit writes in English only, in the visitor's language."""

from __future__ import annotations

import streamlit as st

from pages._ui.i18n import t


def localize(limit_mb: int) -> None:
    """Replace the words inside every file uploader on the page.

    Parameters
    ----------
    limit_mb : int
        Largest file in megabytes.
    """
    button = t("Choose a file")
    advice = t("or drop it here · {limit:n} MB at most", limit=limit_mb)
    zone = '[data-testid="stFileUploaderDropzone"]'
    rules = (
        (f"{zone} button p", "0", ""),
        (f"{zone} button p::after", "1rem", button),
        (f'{zone} [data-testid="stFileUploaderDropzoneInstructions"] span', "0", ""),
        (f'{zone} [data-testid="stFileUploaderDropzoneInstructions"] span::after', "1rem", advice),
    )
    css = "".join(
        f"{selector} {{ font-size: {size};{f' content: {_quoted(words)};' if words else ''} }}"
        for selector, size, words in rules
    )
    st.html(f"<style>{css}</style>")


def _quoted(words: str) -> str:
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"').replace("<", "\\3c ") + '"'
