"""The summary of a review: its order, and that what is missing is said."""

from __future__ import annotations

from dataclasses import replace

from reviewtui.reports.document import Chart
from reviewtui.reports.html_document import html_document
from reviewtui.reports.markdown_document import markdown_document
from reviewtui.reports.review_summary import (
    AlertFact,
    DiveFact,
    ExceptionFact,
    NumberFact,
    QuestionFact,
    SummaryFacts,
    TodoFact,
    review_summary,
)
from reviewtui.reports.slack_document import slack_document
from reviewtui.reports.svg_chart import svg_chart

WHOLE = SummaryFacts(
    product="Session replay",
    month="Oct 2026",
    place="review 2 of Q4 2026, async",
    verdict="Growth held, churn did **not**.",
    last_time=(
        TodoFact("Ask billing about Acme", "ada", "done", "Billing answered: moved to annual."),
        TodoFact("Speed up playback", "", "carried", "No time.", due="Nov 2026", times_carried=2),
    ),
    focus_title="What has been learned",
    answers=(("What has research brought so far?", "Users want search."), ("What was learned?", "")),
    numbers=(NumberFact("MRR", "510.2k", "+4.1 %", "+61 %"), NumberFact("Churn rate", "3.3 %", "+2.2 pp", "", "high")),
    exceptions=(
        ExceptionFact(
            "Churn rate", "3.3 %", "Far above the expected 0.8-1.5 %.", "Acme left.", "explained", ("eve: why?",)
        ),
        ExceptionFact("Tickets", "88", "Above the expected 40-60."),
    ),
    routine="23 metrics within routine variation.",
    dives=(DiveFact("Why was churn high?", "done", "One customer.", "Call the ten biggest.", "high", "Calls in Nov."),),
    margin="Gross margin 65.4 % (64.9 to 69.2), stable.",
    alerts=(AlertFact("Alert on cache, 2026-10-12", "Moved to the *shared* pool. (ada)"),),
    churn=(("Price", 1, "9,100", "0"),),
    questions=(QuestionFact("Who uses search?", "Aug 2026"),),
    new_todos=(TodoFact("Call the ten biggest", "ada", "open", due="Nov 2026"),),
    links=(("Dashboard", "https://example.org/d"), ("", "javascript:x")),
    concerns=("lea (lead)", "eve (exec)"),
)


def headings(text: str) -> list[str]:
    return [line.removeprefix("## ") for line in text.split("\n") if line.startswith("## ")]


def test_a_summary_always_has_the_same_order() -> None:
    assert headings(markdown_document(review_summary(WHOLE))) == [
        "Last time we said",
        "Focus: What has been learned",
        "Numbers",
        "Exceptions",
        "Deep dives",
        "Cost and margin",
        "Why customers left",
        "Open questions",
        "To-dos for the next review",
        "Links",
    ]


def test_a_summary_opens_with_its_verdict_and_what_was_promised() -> None:
    text = markdown_document(review_summary(WHOLE))
    assert text.startswith(
        "# Session replay · review of Oct 2026\n\n**Growth held, churn did not.**\n\n"
        "Review 2 of Q4 2026, async.\n\n## Last time we said\n\n"
        "- Ask billing about Acme (ada): done – Billing answered: moved to annual.\n"
        "- Speed up playback (nobody, due Nov 2026): **carried 2 times** – No time.\n"
    )


def test_that_and_why_it_was_closed_is_said_before_the_first_section() -> None:
    closed = replace(WHOLE, closed="Closed on 2026-11-22 by ada")
    text = markdown_document(review_summary(closed))
    assert "Review 2 of Q4 2026, async.\n\nClosed on 2026-11-22 by ada.\n\n## Last time we said\n" in text
    nevertheless = review_summary(replace(closed, closed_nevertheless="Bob is **ill**."))
    for form in (markdown_document, slack_document, html_document):
        assert "Closed on 2026-11-22 by ada nevertheless: Bob is" in form(nevertheless)
        assert "Closed" not in form(review_summary(WHOLE))


def test_explained_alerts_stand_with_the_margin() -> None:
    text = markdown_document(review_summary(WHOLE))
    margin = "## Cost and margin\n\nGross margin 65.4 % (64.9 to 69.2), stable.\n\n"
    assert f"{margin}- Alert on cache, 2026-10-12: Moved to the _shared_ pool. (ada)\n" in text.replace("*", "_")
    without = markdown_document(review_summary(replace(WHOLE, margin="", alerts=())))
    assert "Cost and margin" not in without


def test_what_nobody_has_said_is_said() -> None:
    text = markdown_document(review_summary(SummaryFacts("P", "Oct 2026", "", exceptions=WHOLE.exceptions)))
    assert "Nobody has put the month in one line yet." in text
    assert "No to-do was due." in text
    assert "**Not explained yet.**" in text


def test_the_same_facts_give_the_same_bytes_a_hundred_times() -> None:
    for form in (markdown_document, slack_document, html_document):
        assert len({form(review_summary(WHOLE)) for _ in range(100)}) == 1


def test_an_address_that_could_act_is_only_text() -> None:
    page = html_document(review_summary(WHOLE))
    assert 'href="https://example.org/d"' in page
    assert 'href="javascript' not in page


def test_a_message_shows_the_key_numbers_and_a_document_all_of_them() -> None:
    rows = (NumberFact("MRR", "510.2k", is_key=True), NumberFact("FX effect", "1.2k"))
    document = review_summary(replace(WHOLE, numbers=rows))
    assert "FX effect" in markdown_document(document)
    assert "FX effect" in html_document(document)
    assert "MRR" in slack_document(document)
    assert "FX effect" not in slack_document(document)


def test_what_happened_and_what_is_final_stand_with_the_numbers() -> None:
    facts = replace(WHOLE, events=("Blueprints (launch)",), quarter_final="The quarterly numbers of Q3 2026 are final.")
    text = markdown_document(review_summary(facts))
    assert text.index("## Numbers") < text.index("of Q3 2026 are final") < text.index("| MRR")
    assert "## What happened\n\n- Blueprints (launch)\n" in text


def test_a_chart_dates_what_happened() -> None:
    chart = Chart("MRR", ("Sep 26", "Oct 26"), (1.0, 2.0), events=((1, "Price & <plans>"),))
    page = svg_chart(chart)
    assert page.count('class="event"') == 1
    assert "<title>Oct 26: Price &amp; &lt;plans&gt;</title>" in page
