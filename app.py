"""The server entry: the pages, with a cookie for each visitor set before the first script runs.

``streamlit run app.py`` is the usual way to start; ``streamlit run Home.py`` works too.
"""

from pathlib import Path

import streamlit as st

from pages._ui.server import middleware

app = st.App(Path(__file__).with_name("Home.py"), middleware=middleware())
