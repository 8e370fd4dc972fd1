"""The page on the demo company, made from its stories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.demo.stories import load_stories
from reviewtui.demo.timeline import LATEST

if TYPE_CHECKING:
    from reviewtui.demo.stories import Story

_HEAD = """# The demo company

Made from `fixtures/demo/stories.toml` by `python -m reviewtui.documentation`.

`reviewtui demo` makes Quillmoor, a company that does not exist: four products at different stages, 36 complete months
and the days up to `--as-of`, with raw tables of every kind. The same seed and date give the same contents. Options:
`--seed N` for another company, `--scale X` for more events and invoice lines (165 gives about 50 million events and
takes some minutes), `--no-open` to make it without opening it.

Its people have written a little, in `fixtures/demo/workspace`: deep dives (`3`), interviews and what is owed after them
(`4`), explanations of three months (`e` on a cell), a question, and to-dos (`9`), of which the reviews of Flows and
Texts (`6`) ask what became. The reviews themselves are yours to write.

Some things happened to these products. They can be found in the numbers, and the program finds them too.

| when | product | what happened | where it shows |
| --- | --- | --- | --- |
"""


def demo_page() -> str:
    """`docs/demo.md`."""
    stories = sorted(load_stories().values(), key=lambda story: (-story.first, story.id))
    return _HEAD + "".join(f"{_line(story)}\n" for story in stories)


def _line(story: Story) -> str:
    back = LATEST - story.first
    when = (
        f"{back} months before the latest complete month" if back != 1 else "1 month before the latest complete month"
    )
    lasting = f", for {story.months} months" if story.months > 1 else ""
    metrics = ", ".join(f"`{metric}`" for metric in story.metrics)
    return f"| {when}{lasting} | {story.product} | {story.what} | {metrics} |"
