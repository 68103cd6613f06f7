"""Account: who you are here, your projects, what you saved, and the links you gave."""

import streamlit as st

from pages._ui import (
    account_entry,
    account_profile,
    acting,
    links,
    projects,
    saved,
    shell,
    state,
    steps,
    visitor,
)
from pages._ui.i18n import named, plain, t

acting.begin()
owner, account = visitor.owner(), visitor.account()
here = steps.step("account")
guest = t("You are a guest") if state.settings().guests else t("Not signed in")
st.html(f'<p class="py-eyebrow">{guest if account is None else t("Your account")}</p>')
st.title(t(here.title) if account is None else plain(account.name), anchor=False)
st.html(f'<p class="py-lead">{t(here.lead)}</p>')
st.space("small")
if (met := state.said()) is not None:
    shell.show(met)

views = {"account": t(here.title)}
# Where guests are not allowed, nobody has anything before signing in.
if account is not None or state.settings().guests:
    views |= {"projects": t("Projects"), "saved": t("Saved"), "links": t("Links")}
view = st.segmented_control(
    t("View"),
    list(views),
    default=state.recall("account.view", "account"),
    required=True,
    format_func=named(views),
    key=acting.key("account.view"),
    label_visibility="collapsed",
    on_change=acting.hush,
)
state.remember("account.view", view)
acting.say()

with shell.showing_errors():
    if view == "projects":
        projects.draw()
    elif view == "saved":
        saved.draw()
    elif view == "links":
        links.draw()
    elif account is None:
        account_entry.draw()
    else:
        account_profile.draw(account)
