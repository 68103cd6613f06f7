"""Pythie: the list of pages and the frame they share."""

import streamlit as st

from pages._ui import shell, steps
from pages._ui.i18n import t

st.set_page_config(page_title="Pythie", page_icon=str(shell.ASSETS / "mark.svg"), layout="wide")
ended = shell.ended_session()
page = st.navigation(
    [
        st.Page("pages/Start.py", title="Pythie", url_path="start", default=True),
        *(
            st.Page(step.path, title=f"{t(step.title)} · Pythie", url_path=step.id)
            for step in (*steps.STEPS, *steps.ASIDE)
        ),
    ],
    position="hidden",
)
if ended is not None:
    shell.say_goodbye(ended)
    st.stop()
shell.frame(page)
shell.run(page)
