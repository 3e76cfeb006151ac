"""What every test of the verifier may ask for."""

from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("verifier")
