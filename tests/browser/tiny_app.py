"""A page with one widget of each kind: what the helpers that act as a person are tried on."""

import streamlit as st

st.set_page_config(page_title="Tiny")


def first() -> None:
    """Draw every widget, and what it returned."""
    st.title("First page")
    said = {
        "button": st.button("Press", icon=":material/bolt:"),
        "selectbox": st.selectbox("Fruit", [f"fruit {number}" for number in range(200)]),
        "multiselect": st.multiselect("Colours", ["red", "green", "blue"], default=["red"]),
        "radio": st.radio("Size", ["small", "large"]),
        "segmented": st.segmented_control("View", ["table", "columns"], default="table"),
        "number": st.number_input("Folds", value=5, min_value=2, max_value=20),
        "text": st.text_input("Name", value="x"),
        "checkbox": st.checkbox("Stratify"),
        "toggle": st.toggle("Scale"),
        "slider": st.slider("Share", 10, 50, 20, step=5, format="%d%%"),
    }
    with st.expander("More"):
        st.write("inside the expander")
    with st.form("form"):
        said["form"] = st.text_input("In a form")
        said["sent"] = st.form_submit_button("Send")
    file = st.file_uploader("A file")
    said["file"] = (file.name, len(file.getvalue())) if file else None
    one, two = st.tabs(["One", "Two"])
    one.write("content one")
    two.write("content two")
    st.download_button("Download", "a,b\n1,2\n", file_name="table.csv")
    for name, value in said.items():
        st.text(f"{name} = {value!r}")


def second() -> None:
    """Draw next to nothing, or what the query asks for."""
    st.title("Second page")
    fault = st.query_params.get("fault")
    if fault == "exception":
        raise ValueError("planted")
    if fault == "outside":
        st.html('<img src="http://outside.invalid/x.png">')


page = st.navigation(
    [st.Page(first, url_path="first", default=True), st.Page(second, url_path="second")], position="hidden"
)
with st.sidebar:
    st.page_link(st.Page(first, default=True), label="First")
    st.page_link(st.Page(second, url_path="second"), label="Second")
page.run()
