"""Prediction: new rows checked against the training columns and answered, one row or many."""

from mlp_core.predict.answers import Predictions, predict
from mlp_core.predict.export import predictions_csv
from mlp_core.predict.form import FieldSpec, form_fields
from mlp_core.predict.nameless import named_by_position

__all__ = ["FieldSpec", "Predictions", "form_fields", "named_by_position", "predict", "predictions_csv"]
