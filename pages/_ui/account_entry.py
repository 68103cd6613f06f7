"""How a guest gets an account: sign in, make one, or set a new password."""

from __future__ import annotations

from typing import Final

import streamlit as st

from mlp_core.accounts.account import LONGEST_EMAIL, LONGEST_NAME, LONGEST_PASSWORD, SHORTEST_PASSWORD
from mlp_core.errors import InvalidParameter
from mlp_core.text import Text
from pages._ui import acting, shell, signing, state
from pages._ui.i18n import t
from pages._ui.services import services

_SIDE_PIXELS: Final = 350
_LONGEST_CODE: Final = 200


def draw() -> None:
    """Draw one way to an account with the ways beside it, and what an account is for."""
    sides = st.grid(2, min_column_width=_SIDE_PIXELS, gap="large")
    with sides.cell():
        way = state.recall("account.way", "in")
        if way == "up" and state.settings().sign_up != "closed":
            _sign_up()
        elif way == "forgot" and services().accounts.sends_mail:
            _reset_by_mail()
        elif way == "forgot":
            _reset_by_code()
        else:
            way = "in"
            _sign_in()
        _other_ways(way)
    with sides.cell():
        _reasons()


def new_passwords(name: str) -> tuple[str, str]:
    """Ask for a new password twice.

    Parameters
    ----------
    name : str
        What the keys of the two fields begin with.
    """
    hint = t(
        "At least {count:n} characters. Several words are easy to keep and hard to guess.",
        count=SHORTEST_PASSWORD,
    )
    first = password(t("New password"), f"{name}.new", new=True, hint=hint)
    return first, password(t("The same once more"), f"{name}.again", new=True)


def same(first: str, second: str) -> str:
    """Return the password that was written twice.

    Raises
    ------
    InvalidParameter
        The two differ.
    """
    if first != second:
        raise InvalidParameter(
            Text("The two passwords differ."), hint=Text("Write the same one in both fields.")
        )
    return first


def filled(*fields: str) -> None:
    """See that nothing was left empty.

    Raises
    ------
    InvalidParameter
        A field is empty.
    """
    if not all(fields):
        raise InvalidParameter(Text("A field is still empty."), hint=Text("Fill in all of them."))


def password(label: str, name: str, *, new: bool, hint: str | None = None) -> str:
    """Ask for a password, so that the browser's own keeper of passwords knows which one is meant."""
    return str(
        st.text_input(
            label,
            type="password",
            autocomplete="new-password" if new else "current-password",
            max_chars=LONGEST_PASSWORD,
            help=hint,
            key=acting.key(name),
        )
        or ""
    )


def email(label: str, name: str, *, autocomplete: str = "username") -> str:
    """Ask for an address.

    What the browser refuses never arrives, and its refusal is English: the server judges the address instead.
    """
    return str(
        st.text_input(
            label,
            type="email",
            autocomplete=autocomplete,
            max_chars=LONGEST_EMAIL,
            key=acting.key(name),
            placeholder=t("you@example.com"),
            validate=".*",
        )
        or ""
    ).strip()


def person(label: str, name: str, value: str = "") -> str:
    """Ask what a person calls themselves."""
    return str(
        st.text_input(label, value, autocomplete="name", max_chars=LONGEST_NAME, key=acting.key(name)) or ""
    ).strip()


def _other_ways(way: str) -> None:
    """Draw the ways that are not open, as quiet buttons."""
    ways = {"in": t("Sign in"), "up": t("Create an account"), "forgot": t("Forgotten password")}
    if state.settings().sign_up == "closed":
        del ways["up"]
    with st.container(horizontal=True, gap="medium"):
        for name, words in ways.items():
            if name != way:
                key = acting.key(f"account.way.{name}")
                st.button(words, key=key, type="tertiary", on_click=_take, args=(name,))


def _take(way: str) -> None:
    acting.hush()
    state.remember("account.way", way)


def _sign_in() -> None:
    st.subheader(t("Sign in"), anchor=False)
    with st.form(acting.key("account.in")), shell.showing_errors():
        address = email(t("E-mail"), "account.in.email")
        secret = password(t("Password"), "account.in.password", new=False)
        if _go(t("Sign in"), "account.in.go"):
            filled(address, secret)
            with acting.whole():
                signing.sign_in(address, secret)
                acting.done(
                    Text("You are signed in. Your work as a guest came along.")
                    if state.settings().guests
                    else Text("You are signed in.")
                )


def _sign_up() -> None:
    st.subheader(t("Create an account"), anchor=False)
    by_code = state.settings().sign_up == "code"
    with st.form(acting.key("account.up")), shell.showing_errors():
        name = person(t("Your name"), "account.up.name")
        address = email(t("E-mail"), "account.up.email")
        first, second = new_passwords("account.up")
        code = (
            _code(t("Sign-up code"), "account.up.code", t("Whoever runs this server gives it."))
            if by_code
            else ""
        )
        if _go(t("Create the account"), "account.up.go"):
            filled(name, address, first, second, code or "-" * (not by_code))
            with acting.whole():
                signing.sign_up(name, address, same(first, second), code=code)
                acting.done(
                    Text("Your account is made. Your work as a guest is now in it.")
                    if state.settings().guests
                    else Text("Your account is made.")
                )


def _reset_by_mail() -> None:
    st.subheader(t("Forgotten password"), anchor=False)
    with st.form(acting.key("account.mail")), shell.showing_errors():
        st.markdown(t("You get a mail with a link that sets a new password."))
        address = email(t("E-mail"), "account.mail.email")
        if _go(t("Send the mail"), "account.mail.go"):
            filled(address)
            with acting.whole():
                services().accounts.request_reset(address)
                acting.done(Text("If an account has this address, a mail is on its way to it."))


def _reset_by_code() -> None:
    st.subheader(t("Forgotten password"), anchor=False)
    with st.form(acting.key("account.code")), shell.showing_errors():
        st.markdown(t("Ask whoever runs this server for a reset code. They make one with this command:"))
        st.code("python start.py reset-code EMAIL", language=None)
        code = _code(t("Reset code"), "account.code.code")
        first, second = new_passwords("account.code")
        if _go(t("Set the new password"), "account.code.go"):
            filled(code, first, second)
            with acting.whole():
                services().accounts.confirm_reset(code, same(first, second))
                state.remember("account.way", "in")
                acting.done(Text("Your password is changed. Sign in with the new one."))


def _code(label: str, name: str, hint: str | None = None) -> str:
    return str(
        st.text_input(
            label, autocomplete="one-time-code", max_chars=_LONGEST_CODE, key=acting.key(name), help=hint
        )
        or ""
    ).strip()


def _go(label: str, name: str) -> bool:
    return bool(st.form_submit_button(label, type="primary", key=acting.key(name)))


def _reasons() -> None:
    st.subheader(t("What an account is for"), anchor=False)
    _reason("devices", t("Found again anywhere"), t("Sign in from any browser and go on where you stopped."))
    if state.settings().guests:
        _reason(
            "drive_file_move",
            t("Nothing is left behind"),
            t("What you made as a guest moves into the account."),
        )
        _reason(
            "inventory_2",
            t("Kept until you delete it"),
            t(
                "A guest’s work is deleted after {count:n} days without a visit.",
                count=state.settings().guest_days,
            ),
        )
    if state.settings().sign_up == "closed":
        st.caption(t("This server takes no new accounts. Whoever runs it can change that."))


def _reason(icon: str, title: str, words: str) -> None:
    st.markdown(f":material/{icon}: **{title}**  \n{words}")
