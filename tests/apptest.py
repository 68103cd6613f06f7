"""What a page drawn without a browser says."""

from streamlit.testing.v1 import AppTest

PAGES = ("Start", "Upload", "Explore", "Visualize", "Train", "Predict")


def words(app: AppTest, element: str) -> list[str]:
    """Return the sentences of one kind of element on the page."""
    return [str(found.value) for found in getattr(app, element)]


def everything(app: AppTest) -> str:
    """Return all sentences on the page."""
    kinds = ("title", "subheader", "markdown", "caption", "error", "info", "warning", "success")
    labels = [found.label for kind in ("button", "selectbox", "multiselect") for found in getattr(app, kind)]
    html = [str(found.proto.body) for found in app.get("html")]
    return "\n".join([*(word for kind in kinds for word in words(app, kind)), *labels, *html])


def bring(app: AppTest, content: bytes, name: str = "new.csv") -> AppTest:
    """Upload a file as the project's table."""
    app.switch_page("pages/Upload.py").run()
    uploader = next(one for one in app.file_uploader if str(one.key).startswith("upload.file."))
    return uploader.upload(name, content, "text/csv").run()
