"""What a station decides, answers, publishes and closes."""

import pytest
from pytest_bdd import scenarios

pytestmark = pytest.mark.usefixtures("story")

scenarios(
    "second-person.feature",
    "standing.feature",
    "certificates.feature",
    "callbacks.feature",
    "questions.feature",
    "desk.feature",
    "year.feature",
    "estates.feature",
)
