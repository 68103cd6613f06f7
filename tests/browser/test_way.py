"""The whole way from a sample to a prediction, in each language, clicked as a person clicks it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browser import journey
from browser.person import Person


# In English the way is walked with files of one's own, in another module.
@pytest.mark.parametrize("locale", [pytest.param("en-US", marks=pytest.mark.slow), "fr-FR"])
def test_a_person_goes_from_a_sample_to_a_prediction(locale: str, visitor: Callable[..., Person]) -> None:
    person = visitor(locale=locale).open()

    journey.whole_way(person)

    for page in journey.PAGES:
        journey.visit(person, page)
        person.does_not_see(person.words("There is no table yet."))
