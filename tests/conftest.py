"""Tests leave nothing in the folders of whoever runs them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from textual import constants

if TYPE_CHECKING:
    from collections.abc import Iterator

# No test fails because a machine was busy.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Caches and states of all tests in folders of their own, and a terminal with all colours.

    The toolkit keeps painted strips for the whole process: those of a screenshot, or of a test with fewer colours,
    would be wrong in a later test. So every app of this process paints as screenshots do.
    """
    before = dict(os.environ)
    os.environ["TERM"] = "xterm-256color"
    for name in ("COLORTERM", "NO_COLOR"):
        os.environ.pop(name, None)
    for kind in ("CACHE", "STATE", "CONFIG"):
        os.environ[f"XDG_{kind}_HOME"] = str(tmp_path_factory.mktemp(kind.lower()))
    vars(constants)["COLOR_SYSTEM"] = "truecolor"
    yield
    os.environ.clear()
    os.environ.update(before)
