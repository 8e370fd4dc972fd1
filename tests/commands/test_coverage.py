"""What tables make possible, as `init` reports it."""

from __future__ import annotations

from reviewtui.commands.coverage import coverage, lacking_needs, lights_up, report_lines
from reviewtui.metrics.catalogue import load_catalogue
from reviewtui.metrics.sheet import Metric
from reviewtui.sources.state import FoundTable, Inspection, SourceState

MRR = Metric("mrr", "MRR", "revenue", "money", needs=("invoice_line|subscription_period",))
REFUNDS = Metric("refunds", "Refunds", "revenue", "money", needs=("refund",))
PER_USER = Metric("tickets_per_user", "Tickets per user", "support", "ratio", needs=("ticket", "event|event_month"))
CATALOGUE = (MRR, REFUNDS, PER_USER)


def state(problem: str = "") -> SourceState:
    """A source called acme."""
    return SourceState("acme", "/data/acme.duckdb", None, 10, 0, (), problem)


def found(table: str) -> FoundTable:
    """A table of the source acme."""
    return FoundTable(table, "acme", f'"acme"."main"."{table}"', {})


def report(*tables: str, missing: dict[str, str] | None = None, problem: str = "") -> str:
    """The report on one source with these tables."""
    inspection = Inspection((state(problem),), tuple(found(table) for table in tables), missing or {})
    return "\n".join(report_lines(inspection, CATALOGUE))


def test_any_alternative_meets_a_need_and_every_need_counts() -> None:
    assert lights_up(MRR, {"subscription_period"})
    assert not lights_up(PER_USER, {"ticket"})
    assert lights_up(PER_USER, {"ticket", "event_month"})


def test_sections_keep_the_order_of_the_catalogue() -> None:
    sections = coverage(CATALOGUE, {"invoice_line"})
    assert [(each.section, len(each.lit), len(each.dark)) for each in sections] == [
        ("revenue", 1, 1),
        ("support", 0, 1),
    ]
    assert lacking_needs(sections, {"invoice_line"}) == ("refund", "ticket", "event|event_month")


def test_recognised_tables_are_shown_without_sql_quotes() -> None:
    assert "invoice_line         from acme.main.invoice_line" in report("invoice_line")


def test_missing_tables_come_once_with_the_reason_and_the_columns() -> None:
    text = report("invoice_line", missing={"event": "acme.main.event lacks user_id"})
    assert "  event                acme.main.event lacks user_id" in text
    assert text.count("  event_month ") == 1
    assert "takes product_id, month, event, user_id" in text


def test_the_hint_on_views_takes_up_the_table_that_only_lacks_columns() -> None:
    text = report("invoice_line", missing={"event": "acme.main.event lacks user_id"})
    assert 'event = "SELECT product_id, event, user_id, occurred_at FROM acme.your_table"' in text


def test_where_everything_lights_up_nothing_is_said_to_be_missing() -> None:
    text = report("invoice_line", "refund", "ticket", "event")
    assert "Missing" not in text
    assert "[views]" not in text


def test_imported_values_are_said_to_fill_any_row() -> None:
    assert "every metric that metric_value names" in report("metric_value")


def test_a_source_that_cannot_be_read_says_why() -> None:
    assert "is locked" in report(problem="is locked")


def test_every_need_of_the_real_catalogue_can_be_explained() -> None:
    assert list(report_lines(Inspection((state(),), (), {}), load_catalogue()))
