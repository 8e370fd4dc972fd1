"""What two people changed at once: each field with both versions, chosen or written anew, then saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from reviewtui.actions.action import bindings_of
from reviewtui.actions.lists import CONFLICTS
from reviewtui.form_fields import FormField
from reviewtui.quick_tuple import NamedTuple
from reviewtui.screens.list_screen import ListScreen
from reviewtui.screens.record_form import DraftKey, RecordForm
from reviewtui.text import counted, safe_text
from reviewtui.widgets.fitting import wrap
from reviewtui.widgets.list_layout import ListColumn, ListRow
from reviewtui.widgets.record_lines import label
from reviewtui.widgets.spans import Span
from reviewtui.workspace.kinds.base import Shape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reviewtui.widgets.spans import Line
    from reviewtui.workspace.conflicts import Conflict
    from reviewtui.workspace.merge import Clash
    from reviewtui.workspace.store import RecordStore
    from reviewtui.workspace.toml_lines import KeyPath

_WIDE = 10_000
_SIDES = {"mine": "ours", "theirs": "theirs", "base": "before"}
"""The versions of a clash and what they are called."""


class _Chosen(NamedTuple):
    """What was decided for a clash."""

    said: str
    value: Any


class ConflictsScreen(ListScreen):
    """Lists every clash of every conflict; a decision is kept here until the record is written."""

    BINDINGS = bindings_of(CONFLICTS)
    KEYS_OF = "Conflicts"
    ACTIONS = CONFLICTS
    HEADING = "Changed by two people at once"
    COLUMNS = (
        ListColumn("Field", widest=28),
        ListColumn("Taken", widest=10),
        ListColumn("Ours", widest=40),
        ListColumn("Theirs", widest=40),
        ListColumn("Before", rank=1, widest=_WIDE),
    )
    EMPTY: ClassVar[str] = "Nothing is in conflict: no two people changed the same field of a record."

    def __init__(self) -> None:
        super().__init__()
        self._chosen: dict[tuple[str, KeyPath], _Chosen] = {}
        self._clashes: dict[str, tuple[Conflict, Clash]] = {}

    def on_mount(self) -> None:
        """Follow the records and git."""
        self.watch(self.app, "records", self.show, init=False)
        self.watch(self.app, "unmerged", self.show)

    @property
    def _conflicts(self) -> tuple[Conflict, ...]:
        return (*self.review_app.unmerged, *self.review_app.records.conflicts)

    def rows(self) -> Sequence[ListRow]:
        """A row for each clash; a record whose fields merge by themselves has one row that says so."""
        self._clashes, rows = {}, []
        for conflict in self._conflicts:
            section = _name(conflict)
            for at, clash in enumerate(conflict.clashes):
                row_id = f"{_key(conflict)}\n{at}"
                self._clashes[row_id] = (conflict, clash)
                taken = self._chosen.get((_key(conflict), clash.path))
                texts = (_text(clash.mine), _text(clash.theirs), _text(clash.base))
                cells = (_field_name(clash), taken.said if taken else "?", *texts)
                rows.append(ListRow(row_id, cells, section, "text" if taken else "note"))
            if not conflict.clashes:
                rows.append(ListRow(f"{_key(conflict)}\n", ("all fields", "both", "", "", ""), section))
        return rows

    def detail(self, row: ListRow, width: int) -> Sequence[Line]:
        """The versions in full."""
        conflict = self._conflict(row)
        if conflict is None:
            return ()
        lines: list[Line] = [(Span(_name(conflict), "title"),)]
        if conflict.said:
            lines.append((Span(safe_text(f"Ours was written by {conflict.said}"), "quiet"),))
        if row.id not in self._clashes:
            lines += [
                (Span(text, "text"),) for text in wrap("No field was changed by both. Ctrl+S writes both.", width)
            ]
            return lines
        clash = self._clashes[row.id][1]
        taken = self._chosen.get((_key(conflict), clash.path))
        for side, name in _SIDES.items():
            lines += [(), (Span(f"{name[:1].upper()}{name[1:]}", "heading"),)]
            lines += _value_lines(getattr(clash, side), width)
        if taken is not None:
            lines += [(), (Span(f"Taken: {taken.said}", "heading"),), *_value_lines(taken.value, width)]
        return lines

    def title_words(self) -> tuple[str, str]:
        """How much is left to decide."""
        waiting = sum((_key(conflict), clash.path) not in self._chosen for conflict, clash in self._clashes.values())
        return counted(len(self._conflicts), "record"), f"{counted(waiting, 'field')} to decide" if waiting else ""

    def _conflict(self, row: ListRow | None) -> Conflict | None:
        key = row.id.rpartition("\n")[0] if row is not None else ""
        return next((conflict for conflict in self._conflicts if _key(conflict) == key), None)

    # Deciding

    def action_take_ours(self) -> None:
        """Ours."""
        self._take("mine")

    def action_take_theirs(self) -> None:
        """Theirs."""
        self._take("theirs")

    def action_take_base(self) -> None:
        """What was there before."""
        self._take("base")

    def _take(self, side: str) -> None:
        if self.row is not None and self.row.id in self._clashes:
            conflict, clash = self._clashes[self.row.id]
            self._decide(conflict, clash, _SIDES[side], getattr(clash, side))

    def _decide(self, conflict: Conflict, clash: Clash, said: str, value: Any) -> None:
        self._chosen[(_key(conflict), clash.path)] = _Chosen(said, value)
        self.show()

    def open_row(self, row: ListRow) -> None:
        """Write a text of one's own in place of both."""
        if row.id not in self._clashes:
            return
        conflict, clash = self._clashes[row.id]
        field = conflict.kind.field_named(str(clash.path[0]))
        versions = (clash.mine, clash.theirs, clash.base)
        if not all(value is None or isinstance(value, str) for value in versions):
            self.say("Only a text can be written anew; take ours, theirs or what was before.")
            return
        is_long = field is not None and field.shape is Shape.PROSE
        form_field = FormField("value", _field_name(clash), "text" if is_long else "line")
        both = "\n".join(str(value).rstrip("\n") for value in (clash.mine, clash.theirs) if value)
        taken = self._chosen.get((_key(conflict), clash.path))
        start = taken.value if taken is not None else both if is_long else clash.mine

        def keep(typed: Mapping[str, Any], _store: RecordStore) -> str:
            return str(typed["value"])

        def kept(value: str | None) -> None:
            if value is not None:
                ending = "\n" if is_long and value.strip() else ""
                self._decide(conflict, clash, "own", value + ending)

        key = DraftKey("conflict", conflict.record_id, "\n".join(map(str, clash.path)))
        self.app.push_screen(RecordForm(_name(conflict), (form_field,), {"value": start or ""}, key, keep), kept)

    def action_write_decision(self) -> None:
        """Write the record under the cursor, once every field of it is decided."""
        conflict = self._conflict(self.row)
        if conflict is None:
            return
        chosen = {clash.path: self._chosen.get((_key(conflict), clash.path)) for clash in conflict.clashes}
        decided = {path: item.value for path, item in chosen.items() if item is not None}
        if len(decided) < len(chosen):
            self.say(
                f"{counted(len(chosen) - len(decided), 'field')} of this record still to decide: h ours, l theirs."
            )
            return
        self.review_app.save_record(lambda store: store.resolve(conflict, decided), lambda _: self._written(conflict))

    def _written(self, conflict: Conflict) -> None:
        for clash in conflict.clashes:
            self._chosen.pop((_key(conflict), clash.path), None)
        if conflict in self.review_app.unmerged:
            self._offer_to_add(conflict)
        else:
            self.say(f"{_name(conflict)} is written.")

    def _offer_to_add(self, conflict: Conflict) -> None:
        """Ask whether git shall know that the file is settled."""
        from reviewtui.widgets.prompt_line import Choice, Question

        choices = (
            Choice("Yes", "git add: git then knows that it is settled", "yes"),
            Choice("No", "I do that myself", "no"),
        )

        def answered(text: str) -> str:
            if text not in ("yes", "no"):
                return "Choose yes or no."
            if text == "yes":
                self.review_app.save_record(lambda store: _add(store, conflict), lambda _: self._added())
            else:
                self.say(f"{_name(conflict)} is written; git still counts it as unmerged.")
            return ""

        self.ask(Question(f"{conflict.path} is written. Add it to git?", answered, choices=choices))

    def _added(self) -> None:
        self.say("Written and added. Finish the merge with `git commit` once all is settled.")
        self.review_app.read_git()


def _add(store: RecordStore, conflict: Conflict) -> None:
    from reviewtui.workspace.git import add

    add(store.root, conflict.path)


def _key(conflict: Conflict) -> str:
    return conflict.other or conflict.path


def _name(conflict: Conflict) -> str:
    named = conflict.kind.named_after
    name = next((side[named] for side in (conflict.base, conflict.theirs, conflict.mine) if side.get(named)), "")
    return safe_text(f"{conflict.kind.name} {name or conflict.record_id}")


def _field_name(clash: Clash) -> str:
    return safe_text(" › ".join(label(str(part)) if at == 0 else str(part) for at, part in enumerate(clash.path)))


def _text(value: Any) -> str:
    if value is None:
        return "·"
    if isinstance(value, list):
        return ", ".join(_text(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_text(item)}" for key, item in value.items())
    return safe_text(" ".join(str(value).split()))


def _value_lines(value: Any, width: int) -> list[Line]:
    if isinstance(value, str):
        return [(Span(line, "text"),) for part in value.rstrip("\n").split("\n") for line in wrap(part, width) or [""]]
    return [(Span(line, "text" if value is not None else "quiet"),) for line in wrap(_text(value), width)]
