"""From a need to a confirmed service, and who is nobody's judge in their own matter."""

import pytest
from pytest_bdd import scenarios

pytestmark = pytest.mark.usefixtures("story")

scenarios("orders.feature", "confirming.feature", "dealing.feature", "needs.feature")
