"""What a service is worth, who may earn it, and who may use it."""

import pytest
from pytest_bdd import scenarios

pytestmark = pytest.mark.usefixtures("story")

scenarios("credit.feature", "caps.feature", "earning.feature", "redeeming.feature", "groups.feature", "rosters.feature")
