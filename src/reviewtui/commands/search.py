"""`reviewtui search`: full-text search over every record."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from reviewtui.commands.command import Command
from reviewtui.commands.locate import workspace_root
from reviewtui.commands.output import OK, PROBLEMS, plural, say, tell, write_utf8
from reviewtui.text import safe_text

if TYPE_CHECKING:
    import argparse

    from reviewtui.workspace.search import Found, Hit

DESCRIPTION = """\
Search every record of the workspace: comments, to-dos, explanations, deep dives, interviews, visits and all others.

All words have to be there, in any order; each may be the beginning of a word. Words in quotes have to stand just so:
quote them for your shell too, as '"slow export"'. These narrow the search:
product: tag: after: before: type: role: icp: has:followup author: company: metric:

What is found is as the files are now; an index in the user's cache folder only makes it quicker.

Exit code 1 means that a file could not be read and was not searched."""
EXAMPLES = (
    "reviewtui search export slow",
    "reviewtui search '\"slow export\"' tag:theme/export after:2026-03",
    "reviewtui search type:interview has:followup",
    "reviewtui search --format json churn > found.json",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Name the arguments of this command."""
    parser.add_argument("words", nargs="+", metavar="WORDS", help="what to look for, with filters such as tag:export")
    parser.add_argument("--most", type=_count, default=20, metavar="N", help="list at most so many (default: 20)")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print (default: text)")


def run(options: argparse.Namespace) -> int:
    """Print what is found; `PROBLEMS` where something could not be searched."""
    from reviewtui.paths import cache_dir
    from reviewtui.workspace.load import load_products
    from reviewtui.workspace.search import Library

    root = workspace_root(options.workspace)
    names = {product.product_id: product.name for product in load_products(root)}
    found = Library(root, cache_dir(root), names).search(" ".join(options.words), options.most)
    if options.format == "json":
        import json

        write_utf8()
        json.dump(_as_values(found), sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        for hit in found.hits:
            for line in _lines(hit):
                say(line)
        _tell_count(found)
    for note in (*found.notes, *found.unread_words):
        tell(safe_text(note))
    return PROBLEMS if found.unread else OK


def _tell_count(found: Found) -> None:
    if not found.total:
        tell("Nothing is found.")
    elif found.total > len(found.hits):
        tell(f"{plural(found.total, 'record')} found; the first {len(found.hits)} are listed. --most lists more.")
    else:
        tell(f"{plural(found.total, 'record')} found.")


def _lines(hit: Hit) -> tuple[str, ...]:
    document = hit.document
    facts = (document.kind, document.day, hit.product, document.id)
    text = "".join(run.text for run in hit.snippet).strip()
    return (
        safe_text(document.title),
        safe_text("  " + " · ".join(fact for fact in facts if fact)),
        *((safe_text(f"  {text}"),) if text else ()),
        safe_text(f"  {document.path}"),
        "",
    )


def _as_values(found: Found) -> dict[str, object]:
    return {
        "found": found.total,
        "records": [
            {
                "id": hit.document.id,
                "type": hit.document.kind,
                "product": hit.product,
                "title": hit.document.title,
                "day": hit.document.day,
                "author": hit.document.author,
                "tags": list(hit.document.tags),
                "path": hit.document.path,
                "snippet": "".join(run.text for run in hit.snippet),
            }
            for hit in found.hits
        ],
    }


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise ValueError
    return count


COMMAND = Command("search", "search every record", DESCRIPTION, EXAMPLES, add_arguments, run)
