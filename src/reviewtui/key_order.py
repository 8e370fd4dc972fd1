"""The part of the app that passes keys on one by one, so that each reaches what the keys before it have opened.

The toolkit gives a key to what has the cursor when the key arrives, which may be before the key ahead of it was
acted on: words typed right after the key for a form would be commands of the screen below.
"""

from __future__ import annotations

from collections import deque
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from textual import on
from textual.app import App
from textual.events import Key, Paste
from textual.message import Message

if TYPE_CHECKING:
    from textual.events import Event
    from textual.widget import Widget

_MOST_SECONDS = 1.0
"""How long a key waits for the one before it where what took that key is gone and cannot answer."""

_WALKING = frozenset(("up", "down", "left", "right", "pageup", "pagedown"))
"""Keys that are held down; a repeated one goes where the one before it went."""


class KeyPassed(Message, bubble=True):
    """Follows a key on its way to the app, where it arrives as soon as the key was acted on."""


class KeyOrderApp(App[None]):
    """Holds keys and pasted text until what came before was acted on."""

    _awaited: KeyPassed | None = None
    _limited: KeyPassed | None = None
    """The one that is not waited for any longer than `_MOST_SECONDS`, because a key waits for it."""
    _begun_to_wait = 0.0
    _unasked: Widget | None = None
    """Has got keys that lead nowhere else, and was not asked whether it has done with them."""
    _last_key = ""

    def __init__(self) -> None:
        super().__init__()
        self._held: deque[Event] = deque()

    async def on_event(self, event: Event) -> None:
        """Let no key overtake what the one before it does."""
        if isinstance(event, Key | Paste) and not event.is_forwarded:
            self._held.append(event)
            await self._pass_on()
        else:
            await super().on_event(event)

    @property
    def holds_keys(self) -> bool:
        """Whether something that was pressed or pasted waits for what came before it."""
        return bool(self._held)

    def passing_on(self) -> None:
        """Called right before a key or pasted text reaches what has the cursor."""

    async def _pass_on(self) -> None:
        if self._seconds_left <= 0:
            self._awaited = None
        while self._held and self._awaited is None:
            opening = next((part for part in (self.screen, *self.screen.children) if not part.is_mounted), None)
            if opening is not None and self._wait_for(opening):
                break
            event, target = self._held[0], self.focused or self.screen
            stays = self._stays(event, target)
            before, self._unasked = self._unasked, target if stays else None
            if before is not None and self._unasked is not before and self._wait_for(before):
                self._unasked = None
                break
            self._last_key = event.key if isinstance(event, Key) else ""
            self.passing_on()
            await super().on_event(self._held.popleft())
            if not stays:
                self._wait_for(target)
        if self._held and self._awaited is not None and self._awaited is not self._limited:
            self._limited = self._awaited
            self.set_timer(max(0.0, self._seconds_left), partial(self._go_on, self._awaited))

    @property
    def _seconds_left(self) -> float:
        """How long what is awaited still has to answer."""
        return self._begun_to_wait + _MOST_SECONDS - monotonic()

    def _stays(self, event: Event, target: Widget) -> bool:
        """Whether nothing but what is in `target` can come of the event."""
        if not isinstance(event, Key):
            return True
        is_repeated = event.key in _WALKING and event.key == self._last_key
        return is_repeated or target.check_consume_key(event.key, event.character)

    def _wait_for(self, target: Widget) -> bool:
        """Pass no key on before `target` has done what it has to do; False where it takes no messages any more."""
        passed = KeyPassed()
        if not target.post_message(passed):
            return False
        self._awaited, self._begun_to_wait = passed, monotonic()
        return True

    @on(KeyPassed)
    async def _take_next(self, message: KeyPassed) -> None:
        await self._go_on(message)

    async def _go_on(self, passed: KeyPassed) -> None:
        if passed is self._awaited:
            self._awaited = None
            await self._pass_on()
