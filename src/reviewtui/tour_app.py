"""The part of the app that shows somebody new around: offered once on the demo, begun by a key, left by Esc."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import App

from reviewtui.errors import ReviewError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from textual.actions import ActionParseResult
    from textual.dom import DOMNode
    from textual.screen import Screen

    from reviewtui.widgets.tour_box import TourBox

OFFERED_FILE = "tour-offered"
"""In the state folder of a workspace: the tour was offered, and is not again."""
OFFER = "New here? F2 shows you around, a key at a time."
DEMO_SIGN = b"# Made by `reviewtui demo`"
"""How the settings of the demo begin."""


class TourApp(App[None]):
    """`tour_step` is where the tour stands; None: there is none."""

    tour_step: int | None = None
    state_folder: Path | None
    workspace_root: Path
    keymap: dict[str, str]

    def offer_tour(self) -> None:
        """On the first start of the demo say which key begins the tour."""
        if self.state_folder is None or (self.state_folder / OFFERED_FILE).exists() or not self._is_demo():
            return
        if self._remember_offer():
            say = getattr(self.screen, "say", None)
            if say is not None:
                say(OFFER)

    def _is_demo(self) -> bool:
        try:
            with (self.workspace_root / "reviewtui.toml").open("rb") as file:
                return file.read(len(DEMO_SIGN)) == DEMO_SIGN
        except OSError:
            return False

    def _remember_offer(self) -> bool:
        """Whether it could be written down; if not, the offer would come at every start."""
        from reviewtui.workspace.atomic import atomic_write, make_folders

        if self.state_folder is None:
            return False
        try:
            make_folders(self.state_folder)
            atomic_write(self.state_folder / OFFERED_FILE, "")
        except (ReviewError, OSError):
            return False
        return True

    def action_begin_tour(self) -> None:
        """Show the first step, or the first again."""
        self.action_show_grid()
        if self.tour_step is None:
            self.screen_change_signal.subscribe(self, self._show_step)
        self.tour_step = 0
        self._show_step(self.screen)

    def action_show_grid(self) -> None:
        """Close whatever lies over the grid."""
        raise NotImplementedError

    def action_leave_tour(self) -> None:
        """End it; it is not offered again."""
        if self.tour_step is not None:
            self.tour_step = None
            self.screen_change_signal.unsubscribe(self)
            for screen in self.screen_stack:
                screen.query("TourBox").remove()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Esc leaves the tour only while there is one; else it does what it does everywhere."""
        if action == "leave_tour":
            return self.tour_step is not None
        return super().check_action(action, parameters)

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Do it; the tour goes on where it asked for it."""
        done = await super().run_action(action, default_namespace, namespaces)
        if self.tour_step is not None and done:
            name = action if isinstance(action, str) else action[1]
            self._go_on_after(name.rpartition(".")[2].partition("(")[0])
        return done

    def _go_on_after(self, method: str) -> None:
        from reviewtui.tour import STEPS

        if self.tour_step is None or STEPS[self.tour_step].action.rpartition(".")[2] != method:
            return
        if self.tour_step + 1 == len(STEPS):
            self.action_leave_tour()
        else:
            self.tour_step += 1
            self._show_step(self.screen)

    def _show_step(self, screen: Screen[object]) -> None:
        from reviewtui.tour import step_words
        from reviewtui.widgets.tour_box import TourBox

        if self.tour_step is None:
            return
        words = step_words(self.tour_step, self.keymap)
        boxes: list[TourBox] = list(screen.query(TourBox))
        if boxes:
            boxes[0].show(words)
        else:
            box = TourBox()
            box.show(words)
            screen.mount(box)
