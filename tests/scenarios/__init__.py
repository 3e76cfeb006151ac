"""The rules of a time bank, told as a station lead would tell them, and tried on both engines."""

import pytest

pytest.register_assert_rewrite("tests.scenarios.steps", "tests.scenarios.story")
