"""Tags are counted by company, and renamed everywhere at once."""

from __future__ import annotations

from reviewtui.insights.tags import TagNames, registry_after, retagged, spelled_alike, tag_uses, used_tags
from reviewtui.workspace.kinds.tags import Tag, TagRegistry
from tests.insights.samples import Quote, dive, interview, records

REGISTRY = TagRegistry(
    id="tags",
    tags=(Tag(id="theme/export", description="Getting data out", aliases=("exporting",)), Tag(id="theme/new")),
)


def test_a_tag_counts_for_as_many_companies_as_use_it() -> None:
    """Ten calls with one company are one company; an alias counts for its tag; a person without one for none."""
    given = records(
        REGISTRY,
        interview(1, tags=("theme/export",)),
        interview(2, tags=("Exporting",), company="ACME "),
        interview(3, quotes=(Quote(id="q1", text="x", tags=("theme/export",)),), company="Beta"),
        interview(4, tags=("request/dark-mode",), company=""),
        dive(tags=("theme/export",)),
    )
    export, dark, unused = tag_uses(given, {"acme": 500.0})
    assert (export.tag, export.companies, export.mentions, export.dives) == ("theme/export", ("Acme", "Beta"), 3, 1)
    assert (export.mrr, export.unknown_mrr, export.is_known) == (500.0, 1, True)
    assert export.description == "Getting data out"
    assert (dark.tag, dark.companies, dark.mentions, dark.mrr, dark.is_known) == (
        "request/dark-mode",
        (),
        1,
        None,
        False,
    )
    assert (unused.tag, unused.mentions) == ("theme/new", 0)


def test_tags_that_differ_in_case_only_are_pointed_out() -> None:
    """So do hyphens and accents; different words are left alone."""
    tags = ["Theme/Export", "theme/export", "dark mode", "dark-mode", "café", "cafe", "light"]
    assert spelled_alike(tags) == (("cafe", "café"), ("dark mode", "dark-mode"), ("Theme/Export", "theme/export"))


def test_renaming_reaches_every_record_and_merges_what_is_there() -> None:
    """Interviews, their quotes, and dives; a record that had both has one."""
    both = interview(1, tags=("old", "new"))
    quoted = interview(2, quotes=(Quote(id="q1", text="x", tags=("old",)), Quote(id="q2", text="y")))
    asked = dive(tags=("old", "other"))
    given = records(both, quoted, asked, interview(3, tags=("older",)))
    changes = {record.id: change for record, change in retagged(given, "old", "new")}
    assert changes == {
        both.id: {"tags": ("new",)},
        quoted.id: {"quotes": (Quote(id="q1", text="x", tags=("new",)), Quote(id="q2", text="y"))},
        asked.id: {"tags": ("new", "other")},
    }
    assert used_tags(given) == ("new", "old", "older", "other")


def test_the_old_name_stays_known_as_an_alias() -> None:
    """Records that arrive later from another branch still count."""
    tags = registry_after(REGISTRY, "theme/export", "theme/data-out")
    assert tags == (
        Tag(id="theme/data-out", description="Getting data out", aliases=("exporting", "theme/export")),
        Tag(id="theme/new"),
    )
    names = TagNames(TagRegistry(id="tags", tags=tags))
    assert [names.canonical(tag) for tag in ("Theme/Export", "exporting", " theme/new", "else")] == [
        "theme/data-out",
        "theme/data-out",
        "theme/new",
        "else",
    ]


def test_merging_back_makes_no_tag_an_alias_of_itself() -> None:
    """However often it is renamed."""
    once = registry_after(None, "a", "b")
    back = registry_after(TagRegistry(id="tags", tags=once), "b", "a")
    assert back == (Tag(id="a", aliases=("b",)),)
