"""The account page without a browser: what a person presses and writes there, whatever was done before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apptest import words
from streamlit.testing.v1 import AppTest

PASSWORD = "une phrase longue et calme"


def keyed(elements: Any, beginning: str) -> Any:
    """Return the one element whose key begins so; its end changes with each thing that is done."""
    (found,) = [one for one in elements if str(one.key).rpartition(".")[0] == beginning]
    return found


def account_page(visit: Callable[..., AppTest], **how: str) -> AppTest:
    """Open the page as a new visitor."""
    app = visit(**how).switch_page("pages/Account.py").run()
    assert not app.exception
    return app


def show(app: AppTest, view: str) -> AppTest:
    """Turn to one view of the page."""
    keyed(app.button_group, "account.view").set_value(view).run()
    assert not app.exception
    return app


def press(app: AppTest, key: str) -> AppTest:
    """Press a button."""
    keyed(app.button, key).click().run()
    assert not app.exception
    return app


def write(app: AppTest, **values: str) -> AppTest:
    """Fill in fields: ``up__name`` is the field ``account.up.name``."""
    for name, value in values.items():
        keyed(app.text_input, f"account.{name.replace('__', '.')}").input(value)
    return app


def signed_up(visit: Callable[..., AppTest], email: str = "ada@example.org", **how: str) -> AppTest:
    """Open the page with an account that was just made."""
    app = press(account_page(visit, **how), "account.way.up")
    write(app, up__name="Ada", up__email=email, up__new=PASSWORD, up__again=PASSWORD)
    press(app, "account.up.go")
    assert not words(app, "error"), words(app, "error")
    return app
