"""Summaries of 40 products x 36 months: `python -m benchmarks.reports` prints processor time and memory."""

from __future__ import annotations

import resource
import sys
import tempfile
from datetime import date
from pathlib import Path
from time import process_time

PRODUCTS, METRICS, MONTHS = 40, 60, 36
AS_OF = date(2026, 11, 22)


def make_workspace(root: Path) -> Path:
    """A workspace with an imported value in every cell, most of them with a little noise, some far out."""
    from reviewtui.months import Month

    (root / "imports").mkdir(parents=True)
    (root / "reviewtui.toml").write_text("schema = 1\n", "utf-8")
    last = Month(2026, 10)
    lines = ["product_id,month,metric,value"]
    for product in range(PRODUCTS):
        for metric in range(METRICS):
            for back in range(MONTHS):
                noise = (product * 7919 + metric * 104_729 + back * 1_299_709) % 97 / 97
                far_out = 60.0 if (product + metric + back) % 89 == 0 else 0.0
                value = 100 + metric + (MONTHS - back) * 0.5 + noise * 4 + far_out
                lines.append(f"p{product:02d},{last - back}-01,m{metric:02d},{value:.3f}")
    (root / "imports" / "values.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return root


def megabytes() -> float:
    """The most memory that this process has used so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def main() -> None:
    """Print a line a step."""
    from reviewtui.anomalies.kept import judgements_of
    from reviewtui.months import latest_complete_month
    from reviewtui.numbers import load_numbers
    from reviewtui.reports.review_workbook import review_workbook
    from reviewtui.reports.summaries import FORMS, summary_text
    from reviewtui.reviews.month_review import MonthReview
    from reviewtui.workspace.load import load_workspace
    from reviewtui.workspace.store import RecordStore

    with tempfile.TemporaryDirectory() as folder:
        root = make_workspace(Path(folder) / "workspace")
        sheet = load_numbers(load_workspace(root), AS_OF)
        judged = judgements_of(sheet, root)
        records = RecordStore(root).load()
        month = latest_complete_month(AS_OF)
        before = megabytes()
        print(f"numbers and verdicts of {PRODUCTS} x {METRICS} x {MONTHS} cells: {before:.0f} MB")
        for form in FORMS:
            start, size = process_time(), 0
            for product in sheet.products:
                review = MonthReview(sheet, judged, records, product, month, AS_OF)
                size += len(summary_text(review, form).encode())
            seconds = process_time() - start
            print(f"{form}: {seconds:.2f} s, {size / 1024:,.0f} KB, peak {megabytes():.0f} MB")
        start, size = process_time(), 0
        for product in sheet.products:
            review = MonthReview(sheet, judged, records, product, month, AS_OF)
            size += len(review_workbook(review, "Acme"))
        print(f"spreadsheets: {process_time() - start:.2f} s, {size / 1024:,.0f} KB, peak {megabytes():.0f} MB")


if __name__ == "__main__":
    main()
