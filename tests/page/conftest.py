"""What the tests of the page's routes share: a server that is asked without a network."""

from __future__ import annotations

import pytest

from tests.page.asking import Server


@pytest.fixture(scope="module")
def server() -> Server:
    return Server()
