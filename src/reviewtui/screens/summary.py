"""The summary of a review before it goes out: looked at in each form, copied, or written to a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import work
from textual.content import Content
from textual.message import Message

from reviewtui.actions.action import bindings_of, remapped
from reviewtui.actions.reviews import SUMMARY_SCREEN
from reviewtui.errors import ReviewError
from reviewtui.paths import styles_dir
from reviewtui.reviews import saving
from reviewtui.screens.scrolling import ScrollingScreen
from reviewtui.text import counted, safe_lines, safe_text
from reviewtui.widgets.fitting import shorten, wrap
from reviewtui.widgets.lines import MOST_MESSAGE_LINES, KeyLine, TitleLine
from reviewtui.widgets.markdown_lines import markdown_lines
from reviewtui.widgets.scrolled_lines import ScrolledLines
from reviewtui.widgets.spans import Span
from reviewtui.workspace.records import slug

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from textual.app import ComposeResult

    from reviewtui.app import ReviewApp
    from reviewtui.reviews.month_review import MonthReview
    from reviewtui.widgets.spans import Line

FORM_NAMES = {"markdown": "Markdown", "slack": "Slack", "html": "HTML"}
_MOST_COLUMNS = 110
_KEY_LINE_MARGIN = 6
_FENCE = "```"


class SummaryScreen(ScrollingScreen):
    """Shows the summary; nothing goes out by itself."""

    BINDINGS = bindings_of(SUMMARY_SCREEN)
    KEYS_OF = "Summary"
    CSS_PATH: ClassVar = [styles_dir() / "record_form.tcss"]

    class Written(Message):
        """A form of the summary is ready."""

        def __init__(self, form: str, text: str) -> None:
            super().__init__()
            self.form = form
            self.text = text

    class Sent(Message):
        """Something went out, or could not: then without a form."""

        def __init__(self, words: str, form: str = "") -> None:
            super().__init__()
            self.words = words
            self.form = form

    def __init__(self, review: MonthReview, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._review = review
        self._form = "markdown"
        self._texts: dict[str, str] = {}
        self._footer = [action for action in remapped(SUMMARY_SCREEN, keymap) if action.footer]

    def compose(self) -> ComposeResult:
        """Title, text, keys."""
        yield TitleLine(id="title")
        yield ScrolledLines(self._lines, id="reading")
        yield KeyLine(self._footer, id="keys")

    def on_mount(self) -> None:
        """Write it in the background."""
        self._show()

    def _show(self) -> None:
        review = self._review
        about = f"{safe_text(review.product.name or review.product.id)} · {review.month.long_label}"
        self.query_one(TitleLine).show("Summary", f"{about} · {FORM_NAMES[self._form]}")
        if self._form not in self._texts:
            self._put_together(self._form)
        self._reading.lay_out(from_top=True)

    @work(thread=True, exit_on_error=False, group="summary")
    def _put_together(self, form: str) -> None:
        from reviewtui.reports.summaries import summary_text
        from reviewtui.workspace.load import load_workspace

        workspace = load_workspace(self.review_app.workspace_root)
        product = self._review.product.id
        links = next((item.links for item in workspace.products if item.product_id == product), ())
        for wanted in dict.fromkeys((form, "markdown")):
            # What a browser shows is previewed by its text, which is that of the Markdown.
            self.post_message(self.Written(wanted, summary_text(self._review, wanted, links)))

    def on_summary_screen_written(self, message: Written) -> None:
        """Show what is ready."""
        self._texts[message.form] = message.text
        self._reading.lay_out(from_top=True)

    @property
    def review_app(self) -> ReviewApp:
        """The app, with its own type."""
        return cast("ReviewApp", self.app)

    @property
    def _reading(self) -> ScrolledLines:
        return self.query_one(ScrolledLines)

    def _lines(self, width: int) -> Sequence[Line]:
        text = self._texts.get(self._form)
        if text is None:
            return [(Span("Putting it together …", "quiet"),)]
        width = min(width, _MOST_COLUMNS)
        if self._form == "markdown":
            return markdown_lines(text, width)
        if self._form == "html":
            charts = counted(text.count("<svg"), "chart")
            about = f"One page of {len(text.encode()):,} bytes with {charts}, which a browser shows. Its text:"
            return [(Span(about, "quiet"),), (), *markdown_lines(self._texts.get("markdown", ""), width)]
        return [(Span(line, "text"),) for line in _message_lines(text, width)]

    # Sending

    def action_write_spreadsheet(self) -> None:
        """The numbers of the product as a spreadsheet, to a file."""
        self.say("Writing the spreadsheet …")
        self._make_spreadsheet()

    @work(thread=True, exclusive=True, exit_on_error=False, group="spreadsheet")
    def _make_spreadsheet(self) -> None:
        from reviewtui.reports.review_workbook import review_workbook
        from reviewtui.screens.copying import written
        from reviewtui.workspace.load import load_workspace

        workspace = load_workspace(self.review_app.workspace_root)
        try:
            data = review_workbook(self._review, workspace.name or workspace.root.name)
            words = written(self.review_app, data, "Spreadsheet", self._file_name("xlsx"))
        except ReviewError as error:
            self.post_message(self.Sent(error.message))
        else:
            self.post_message(self.Sent(words, "spreadsheet"))

    def on_summary_screen_sent(self, message: Sent) -> None:
        """Say where it went, and note that it did."""
        self._tell_sent(message.words, message.form)

    def _tell_sent(self, words: str, form: str) -> None:
        review = self._review
        if form:
            self.review_app.save_record(lambda store: saving.exported(review, store, form))
        if len(wrap(words, self.size.width - _KEY_LINE_MARGIN)) > MOST_MESSAGE_LINES:
            from reviewtui.screens.reader import ReaderScreen

            # The name of a file is of no use when it is cut.
            self.app.push_screen(ReaderScreen("Summary", Content(words), self.review_app.keymap))
        else:
            self.say(words)

    def _file_name(self, ending: str) -> str:
        product = self._review.product
        return f"{slug(product.name or product.id)}-{self._review.month}-summary.{ending}"

    def action_next_form(self) -> None:
        """The next of the forms."""
        names = list(FORM_NAMES)
        self._form = names[(names.index(self._form) + 1) % len(names)]
        self._show()

    def action_copy_summary(self) -> None:
        """To the clipboard of the terminal, or to a file where it takes none."""
        self._send(to_file=False)

    def action_write_summary(self) -> None:
        """To a file."""
        self._send(to_file=True)

    def _send(self, *, to_file: bool) -> None:
        from reviewtui.reports.summaries import ENDINGS
        from reviewtui.screens.copying import sent_copy, written

        text, form = self._texts.get(self._form), self._form
        if text is None:
            self.say("It is still being put together.")
            return
        name, what = self._file_name(ENDINGS[form]), f"Summary as {FORM_NAMES[form]}"
        try:
            if to_file:
                words = written(self.review_app, text, what, name)
            else:
                words = sent_copy(self.review_app, text, what, name, to_file=False)
        except ReviewError as error:
            self._tell_sent(error.message, "")
        else:
            self._tell_sent(words, form)

    def say(self, message: str) -> None:
        """A short message in place of the keys."""
        self.query_one(KeyLine).say(message)


def _message_lines(text: str, width: int) -> Iterator[str]:
    """The text of messages in `width` cells; between fences stand tables, whose lines are cut and never wrapped."""
    is_table = False
    for line in safe_lines(text, len(text)).split("\n"):
        if line == _FENCE:
            is_table = not is_table
        yield from [shorten(line, width)] if is_table else wrap(line, width) or [""]
