"""Account: who the visitor is, and all that is theirs."""

import streamlit as st

from pages._ui import steps
from pages._ui.i18n import t

st.title(t(steps.step("account").title), anchor=False)
