"""What a person with an account sees and changes of it: name, address, password, sessions, its end."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from mlp_core.accounts.identity import email_key
from mlp_core.errors import InvalidParameter, NotVerified
from mlp_core.text import Text
from pages._ui import account_entry as entry
from pages._ui import acting, shell, signing, visitor
from pages._ui.i18n import md, t
from pages._ui.services import services

if TYPE_CHECKING:
    from mlp_core.accounts import Account, Credential


def draw(account: Account) -> None:
    """Draw the account line by line; each line unfolds the form that changes it."""
    with st.container(key="py-settings", gap=None):
        _name(account)
        _email(account)
        _password()
        _sessions()
        _kept(account)
        _end()


def _name(account: Account) -> None:
    _line(t("Name"), account.name, "account.name", t("Change the name"))
    if not acting.is_open("account.name"):
        return
    with _form("account.name"), shell.showing_errors():
        name = entry.person(t("Your name"), "account.name.new", account.name)
        if _go(t("Change the name"), "account.name"):
            entry.filled(name)
            with acting.whole():
                visitor.renew(services().accounts.rename(_credential(), name))
                acting.done(Text("Your name is changed."))


def _email(account: Account) -> None:
    mails = services().accounts.sends_mail
    state = "" if not mails else t("confirmed") if account.verified else t("not confirmed yet")
    _line(t("E-mail"), account.email, "account.email", t("Change the address"), mark=state)
    if mails and not account.verified:
        _confirm()
    if not acting.is_open("account.email"):
        return
    with _form("account.email"), shell.showing_errors():
        address = entry.email(t("New e-mail"), "account.email.new", autocomplete="email")
        secret = entry.password(t("Password"), "account.email.password", new=False)
        if _go(t("Change the address"), "account.email"):
            entry.filled(address, secret)
            with acting.whole():
                fresh = services().accounts.change_email(_credential(), secret, address)
                visitor.renew(fresh)
                acting.done(_what_changed(fresh, address))


def _what_changed(fresh: Credential, address: str) -> Text:
    """Say whether the account has the address asked for, or will have it once a mail is answered."""
    if email_key(fresh.account.email) == email_key(address):
        return Text("Your address is changed.")
    return Text(
        "A mail with a link was sent to the new address. Follow it to change the address, "
        "then sign in with the new one. Until then the present one holds."
    )


def _confirm() -> None:
    """Draw what to do until the address is confirmed."""
    with st.container(border=True, key="py-confirm"), shell.showing_errors():
        st.markdown(
            t(
                "A mail with a link was sent to this address. Until you follow it, "
                "nothing is saved in the cloud."
            )
        )
        with st.container(horizontal=True):
            followed = st.button(t("I have followed it"), type="primary", key=acting.key("account.confirmed"))
            again = st.button(t("Send the mail again"), key=acting.key("account.mail_again"))
        if followed:
            with acting.whole():
                fresh = services().accounts.reload(_credential())
                visitor.renew(fresh)
                if fresh.account.verified:
                    acting.done(Text("Your address is confirmed."))
            raise NotVerified(
                Text("The address is not confirmed yet."),
                hint=Text("Follow the link in the mail, then try again."),
            )
        if again:
            with acting.whole():
                services().accounts.send_verification(_credential())
                acting.done(Text("The mail is on its way."))


def _password() -> None:
    _line(t("Password"), "••••••••", "account.password", t("Change the password"))
    if not acting.is_open("account.password"):
        return
    with _form("account.password"), shell.showing_errors():
        secret = entry.password(t("Present password"), "account.password.old", new=False)
        first, second = entry.new_passwords("account.password")
        if _go(t("Change the password"), "account.password"):
            entry.filled(secret, first, second)
            with acting.whole():
                signing.change_password(secret, entry.same(first, second))
                acting.done(Text("Your password is changed. Other browsers have to sign in again."))


def _sessions() -> None:
    with _row("sessions", t("Signed in"), t("In this browser")), shell.showing_errors():
        if st.button(t("Sign out"), key=acting.key("account.out")):
            with acting.whole():
                signing.sign_out()
                acting.done(Text("You are signed out."))
        if st.button(t("Sign out everywhere"), key=acting.key("account.out_everywhere")):
            with acting.whole():
                signing.sign_out(everywhere=True)
                acting.done(Text("You are signed out, here and in every other browser."))


def _kept(account: Account) -> None:
    """Draw where the work is, and how far the cloud has it."""
    cloud = services().cloud
    if cloud is None:
        _row("kept", t("Your work is kept"), t("On this server; nothing leaves it"))
        return
    if not account.verified:
        words = t("On this server; in the cloud (Firebase) once the address is confirmed")
        _row("kept", t("Your work is kept"), words)
        return
    stands = cloud.state(visitor.owner())
    mark = t("every project is there") if stands.saved else ""
    if stands.waiting:
        mark = t("{count:n} {count|project|projects} still to send", count=stands.waiting)
    elif stands.bringing:
        mark = t("{count:n} {count|project|projects} still to fetch", count=stands.bringing)
    _row("kept", t("Your work is kept"), t("On this server and in the cloud (Firebase)"), mark)
    if stands.trouble is not None:
        st.caption(f":material/cloud_off: {md(stands.trouble.message)}")


def _end() -> None:
    words = t("With every project, saved thing and link")
    _line(t("Delete the account"), words, "account.end", t("Delete the account…"))
    if not acting.is_open("account.end"):
        return
    owner = visitor.owner()
    with _form("account.end"), shell.showing_errors():
        st.markdown(
            t(
                "This deletes the account with its {projects:n} {projects|project|projects} (tables, "
                "trainings and earlier versions), {saved:n} saved {saved|thing|things} and all links. "
                "It cannot be undone.",
                projects=len(services().library.projects(owner.id)),
                saved=services().artifacts.usage(owner).items,
            )
        )
        sure = st.checkbox(t("Yes, delete all of it"), key=acting.key("account.end.sure"))
        secret = entry.password(t("Password"), "account.end.password", new=False)
        if _go(t("Delete the account and everything in it"), "account.end", danger=True):
            entry.filled(secret)
            if not sure:
                raise InvalidParameter(
                    Text("Nothing was deleted."), hint=Text("Tick the box first, if you are sure.")
                )
            with acting.whole():
                signing.delete_account(secret)
                acting.done(Text("The account and everything in it are deleted."))


def _line(label: str, value: str, name: str, change: str, *, mark: str = "") -> None:
    """Draw one line with the button that unfolds its form."""
    with _row(name.partition(".")[2], label, value, mark):
        if acting.is_open(name):
            st.button(t("Close"), key=acting.key(f"{name}.close"), on_click=acting.fold)
        else:
            st.button(change, key=acting.key(f"{name}.change"), on_click=acting.unfold, args=(name,))


def _row(name: str, label: str, value: str, mark: str = "") -> st.delta_generator.DeltaGenerator:
    """Draw what one line says, and return where its buttons stand."""
    said = f' <span class="py-mark">{escape(mark)}</span>' if mark else ""
    row = st.container(horizontal=True, vertical_alignment="center", key=f"py-setting-{name}")
    row.html(
        f'<div class="py-setting"><span>{escape(label)}</span><div><b>{escape(value)}</b>{said}</div></div>'
    )
    return row


def _form(name: str) -> st.delta_generator.DeltaGenerator:
    return st.form(acting.key(f"{name}.form"), width=480)


def _go(label: str, name: str, *, danger: bool = False) -> bool:
    kind = "secondary" if danger else "primary"
    return bool(
        st.form_submit_button(label, type=kind, key=acting.key(f"{name}.{'danger' if danger else 'go'}"))
    )


def _credential() -> Credential:
    credential = visitor.owner().credential
    assert credential is not None
    return credential
