"""The lines of a checklist as people rewrite them."""

from __future__ import annotations

from reviewtui.reviews.checklist import DEFAULT_CHECKLIST, rewritten, ticked


def texts(phase: str) -> list[str]:
    return [item.text for item in DEFAULT_CHECKLIST if item.phase == phase]


def all_texts(**changed: list[str]) -> dict[str, list[str]]:
    return {phase: changed.get(phase, texts(phase)) for phase in ("before", "during", "after")}


def test_lines_that_keep_their_words_keep_their_tick_and_what_the_program_knows() -> None:
    items = ticked(DEFAULT_CHECKLIST, "comments_invited", done=True, by="ada")
    assert rewritten(items, all_texts()) == items


def test_a_new_line_gets_a_name_from_its_words_and_none_that_is_taken() -> None:
    lines = ["Ask sales", *texts("before"), "Ask: sales!"]
    items = rewritten(DEFAULT_CHECKLIST, all_texts(before=lines))
    named = {item.id: item.text for item in items if item.id.startswith("ask")}
    assert named == {"ask-sales": "Ask sales", "ask-sales-2": "Ask: sales!"}


def test_lines_left_out_are_gone_and_blank_or_double_ones_are_none() -> None:
    items = rewritten(DEFAULT_CHECKLIST, {"before": ["", "Ask sales", "  Ask   sales ", ""], "after": []})
    assert [(item.phase, item.text) for item in items] == [("before", "Ask sales")]


def test_a_line_in_other_words_is_another_line() -> None:
    items = ticked(DEFAULT_CHECKLIST, "comments_invited", done=True, by="ada")
    changed = rewritten(items, all_texts(before=[*texts("before")[:-1], "Everybody commented"]))
    last = [item for item in changed if item.phase == "before"][-1]
    assert (last.id, last.done) == ("everybody-commented", False)
