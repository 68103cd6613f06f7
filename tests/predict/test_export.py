"""No column of an exported file is lost to the mark before what looks like a formula."""

import pandas as pd

from mlp_core.predict import Predictions, predictions_csv

FRAME = pd.DataFrame({"=x": ["=1"], "'=x": ["b"]})
ANSWERS = Predictions(values=pd.Series(["+c"]))


def test_two_columns_of_one_guarded_name_are_both_kept() -> None:
    content = predictions_csv(FRAME, ANSWERS).decode("utf-8-sig")
    assert content == "'=x,'=x (2),predicted\r\n'=1,b,'+c\r\n"


def test_without_the_guard_everything_stands_as_it_is() -> None:
    content = predictions_csv(FRAME, ANSWERS, guard=False).decode("utf-8-sig")
    assert content == "=x,'=x,predicted\r\n=1,b,+c\r\n"
