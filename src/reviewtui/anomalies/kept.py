"""Verdicts kept between runs: nothing is judged again while the values are the same.

The files lie in the user's cache folder beside the numbers, belong to one version of the program, and can be deleted at
any time. What was kept is known by a digest of everything that verdicts follow from.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from reviewtui import __version__
from reviewtui.anomalies.judgements import Judgements, PackedVerdicts
from reviewtui.metrics.sheet_file import packed_row
from reviewtui.months import Month
from reviewtui.paths import cache_dir
from reviewtui.plain_file import read_plain, write_plain

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import MetricSheet

MOST_KEPT = 4
"""Sheets whose verdicts are kept of one workspace: the last ones."""
ENDING = ".verdicts"


def judgements_of(sheet: MetricSheet, root: Path) -> Judgements:
    """The verdicts on the numbers of the workspace `root`: those kept, else judged now and kept."""
    key = _digest(sheet)
    kept = _read(sheet, root, key)
    if kept is not None:
        return kept
    from reviewtui.anomalies.judge import judge_sheet

    judged = judge_sheet(sheet)
    _keep(judged, cache_dir(root), key)
    return judged


def kept_judgements(sheet: MetricSheet, root: Path) -> Judgements | None:
    """The verdicts kept of exactly these numbers; None where they have to be judged first."""
    return _read(sheet, root, _digest(sheet))


def _digest(sheet: MetricSheet) -> str:
    facts = (
        _program(),
        sheet.false_alarms_per_1000,
        sheet.months,
        Month.of(sheet.as_of),
        [product.id for product in sheet.products],
        [
            (metric.id, metric.unit, metric.cadence, metric.is_share)
            for metric in (*sheet.metrics, *sheet.own_metrics.values())
        ],
        sheet.redefinitions,
        sheet.events,
    )
    digest = hashlib.sha256(repr(facts).encode("utf-8", "surrogatepass"))
    for key in sorted(sheet.rows):
        row = packed_row(sheet.rows, key)
        digest.update(repr(key).encode("utf-8", "surrogatepass"))
        for part in (*row.numbers, row.statuses):
            digest.update(b"%d " % len(part))
            digest.update(part)
    return digest.hexdigest()


def _program() -> tuple[object, ...]:
    """What tells this state of the detector from another."""
    with os.scandir(Path(__file__).parent) as entries:
        found = [(entry.name, entry.stat()) for entry in entries if entry.is_file()]
    return (__version__, *sorted((name, status.st_size, status.st_mtime_ns) for name, status in found))


def _read(sheet: MetricSheet, root: Path, key: str) -> Judgements | None:
    match read_plain(cache_dir(root) / f"{key[:32]}{ENDING}"):
        case (str() as found, dict() as packed) if found == key:
            return Judgements(sheet.months, {row: PackedVerdicts(*fields) for row, fields in packed.items()})
    return None


def _keep(judged: Judgements, folder: Path, key: str) -> None:
    """Keep the verdicts, and no more than the last few; one that cannot be written is judged again next time."""
    packed = {row: tuple(fields) for row, fields in judged.packed.items()}
    write_plain(folder / f"{key[:32]}{ENDING}", (key, packed))
    with contextlib.suppress(OSError):
        kept = sorted(folder.glob(f"*{ENDING}"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
        for path in kept[MOST_KEPT:]:
            path.unlink(missing_ok=True)
