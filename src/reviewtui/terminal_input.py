"""What the terminal sends, taken as it comes.

The toolkit's reader ends the app at a byte that is not UTF-8, as a paste from an old file has.
"""

from __future__ import annotations

import codecs
from functools import partial
from typing import TYPE_CHECKING

from textual.drivers import linux_driver

if TYPE_CHECKING:
    from collections.abc import Callable


def accept_any_bytes() -> None:
    """Let bytes that are not UTF-8 arrive as U+FFFD, which is seen."""
    setattr(linux_driver, "getincrementaldecoder", _tolerant)  # noqa: B010 - the module does not offer the name


def _tolerant(encoding: str) -> Callable[[], codecs.IncrementalDecoder]:
    """A maker of decoders that stop at nothing."""
    return partial(codecs.getincrementaldecoder(encoding), errors="replace")
