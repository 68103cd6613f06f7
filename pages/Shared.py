"""Shared: somebody's project behind a link, to look at."""

import streamlit as st

from pages._ui import steps
from pages._ui.i18n import t

st.title(t(steps.step("shared").title), anchor=False)
