"""Visualize: choose a chart, set it, read it, keep it as a picture."""

import streamlit as st

from mlp_core.charts import CHARTS, draw_static, suggest
from pages._ui import cache, forms, results, saving_tables, shell, state
from pages._ui.i18n import named, t

project = shell.opening("visualize")
table = shell.require_table(project)

chosen = st.segmented_control(
    t("Chart"),
    CHARTS.ids(),
    default=state.recall("visualize.chart", CHARTS.ids()[0]),
    required=True,
    format_func=named({chart.id: chart.label for chart in CHARTS}),
    key="visualize.chart",
)
state.remember("visualize.chart", chosen)

st.caption(t(CHARTS.help(chosen)))
with st.grid(3, vertical_alignment="bottom"):
    before = state.recall(f"visualize.{chosen}") or suggest(chosen, table)
    values = forms.draw(CHARTS[chosen], table, key=f"visualize.{chosen}", current=before)
    state.remember(f"visualize.{chosen}", values)
with shell.showing_errors():
    language, theme = state.language(), state.theme()
    results.figure(cache.figure(table, chosen, language, theme, values), key=f"visualize.figure.{chosen}")
    st.download_button(
        t("Picture (PNG)"),
        lambda: draw_static(chosen, table, language=language, theme="light", **values),
        file_name=f"{chosen}.png",
        mime="image/png",
        icon=":material/image:",
        on_click="ignore",
    )
saving_tables.visualize(project, table, chosen, values)
