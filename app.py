"""The server entry: the pages, with a cookie for each visitor set before the first script runs.

``streamlit run app.py`` is the usual way to start; ``streamlit run Home.py`` works too.
"""

from pathlib import Path

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from pages._ui.server import keep_passing_files_here, middleware

# Home.py declares the pages. Streamlit would first take the folder's files for them, and tell a first visitor
# who comes by a deep link that the page does not exist.
PagesManager.uses_pages_directory = False

keep_passing_files_here()
app = st.App(Path(__file__).with_name("Home.py"), middleware=middleware())
