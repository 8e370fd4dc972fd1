"""The part of the app that judges the numbers: in the background, after they are on the screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on, work
from textual.message import Message
from textual.reactive import var

from reviewtui.anomalies.judgements import NOTHING_JUDGED, Judgements
from reviewtui.records_app import RecordsApp

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.screen import Screen

    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.screens.anomalies import InboxView
    from reviewtui.sheet_state import SheetState


@dataclass(eq=False, repr=False)
class SheetJudged(Message):
    """The verdicts on a sheet are there."""

    sheet: MetricSheet
    judgements: Judgements


class JudgingApp(RecordsApp):
    """`judgements` is what screens watch: those of the sheet on the screen, or nothing until they are there.

    Needs `show_over_grid` of the app.
    """

    judgements: var[Judgements] = var(NOTHING_JUDGED, init=False)
    sheet_state: var[SheetState]
    inbox_view: InboxView | None = None
    """How the person looked at the anomalies last; None: they have not yet."""
    _judged_sheet: MetricSheet | None = None

    def show_over_grid(self, kind: Callable[[], Screen[None]]) -> None:
        """Open a screen over the grid, in place of any other."""
        raise NotImplementedError

    def action_show_anomalies(self) -> None:
        """The anomalies of all products, in place of what lies over the grid."""
        from reviewtui.screens.anomalies import AnomaliesScreen

        self.show_over_grid(AnomaliesScreen)

    def follow_sheet(self) -> None:
        """Judge the numbers that are there, and every new ones."""
        self.watch(self, "sheet_state", self._judge_anew, init=False)
        self._judge_anew(self.sheet_state)

    def _judge_anew(self, state: SheetState) -> None:
        # Of a few months alone, nothing can be judged.
        sheet = state.loaded.sheet if state.loaded is not None and not state.is_begun else None
        if sheet is not None and sheet is not self._judged_sheet:
            self._judged_sheet = sheet
            self._judge(sheet)

    @work(thread=True, exclusive=True, exit_on_error=False, group="judging")
    def _judge(self, sheet: MetricSheet) -> None:
        from reviewtui.anomalies.kept import judgements_of

        try:
            judged = judgements_of(sheet, self.workspace_root)
        except Exception as error:  # noqa: BLE001 - numbers without verdicts are better than no app
            self.keep_fault(error)
        else:
            self.post_message(SheetJudged(sheet, judged))

    @on(SheetJudged)
    def take_judgements(self, message: SheetJudged) -> None:
        """Show the verdicts, unless other numbers came meanwhile."""
        if message.sheet is self._judged_sheet:
            self.judgements = message.judgements
