"""To whom hours go: relatives, the public fund, those who need not earn; and by which rules."""

import pytest
from pytest_bdd import scenarios

pytestmark = pytest.mark.usefixtures("story")

scenarios("giving.feature", "elsewhere.feature", "quota.feature", "policy.feature", "profiles.feature")
