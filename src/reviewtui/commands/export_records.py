"""The part of `reviewtui export` that writes records: a Markdown file a product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.commands.output import PROBLEMS, exit_code, problem_line, say, tell, unique_problems
from reviewtui.commands.selection import find_product
from reviewtui.errors import ReviewError, UsageError
from reviewtui.reports.destination import RECORDS, require_usable
from reviewtui.reports.record_book import NO_PRODUCT, counted_kind, products_of, record_book, records_of
from reviewtui.text import safe_text

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping
    from pathlib import Path

    from reviewtui.errors import Problem
    from reviewtui.workspace.model import Workspace
    from reviewtui.workspace.record_set import Records

_OTHER_FILE = "_no-product"
"""The file of records that belong to no product."""


def export_records(options: argparse.Namespace, workspace: Workspace, *, into_folder: bool) -> int:
    """Write the file, or with `into_folder` one a product into it; `PROBLEMS` if something could not be read."""
    from reviewtui.workspace.atomic import atomic_write, make_folders
    from reviewtui.workspace.store import RecordStore

    if options.metric or options.first or options.last:
        raise UsageError("Records are written whole: leave out --metric, --from and --to.")
    records = RecordStore(workspace.root, read_only=True).load()
    problems = unique_problems(records.problems)
    for problem in problems:
        tell(problem_line(problem))
    products = _wanted(records, workspace, options.product, everything=into_folder)
    slugs = _slugs(records, workspace)
    files = {_file(options.file, product, slugs, into_folder=into_folder): product for product in products}
    for path in files:
        if not into_folder or path.parent.is_dir():
            require_usable(path, workspace, replace=options.replace)
    texts = {path: _text(records, workspace, product, problems, slugs) for path, product in files.items()}
    if into_folder:
        make_folders(options.file)
    for path, text in texts.items():
        require_usable(path, workspace, replace=options.replace)
        atomic_write(path, text)
        say(f"{safe_text(str(path), limit=4096)}: {_extent(records, files[path])}.")
    return PROBLEMS if records.damaged else exit_code(problems)


def _wanted(records: Records, workspace: Workspace, asked: list[str], *, everything: bool) -> tuple[str, ...]:
    """The products to write; UsageError where the choice is the person's."""
    with_records = sorted(
        {product for found in records.by_kind.values() for item in found for product in products_of(item)}
    )
    known = {*with_records, *(product.product_id for product in workspace.products)} - {NO_PRODUCT}
    names = dict.fromkeys(sorted(known), "") | {item.product_id: item.name for item in workspace.products}
    chosen: dict[str, None] = {}
    for product in asked:
        found = find_product(product, names)
        if found is None:
            raise UsageError(f"There are no records of a product {product!r}; there are: {', '.join(sorted(known))}.")
        chosen[found] = None
    if chosen and (everything or len(chosen) == 1):
        return tuple(chosen)
    if not with_records:
        raise ReviewError("There are no records yet. Nothing was written.", "Nothing to write")
    if everything:
        return tuple(with_records)
    if len(with_records) == 1:
        return tuple(with_records)
    raise UsageError(
        "There are records of several products: name one with --product, or a folder for a file each, as notes/."
    )


def _slugs(records: Records, workspace: Workspace) -> Mapping[str, str]:
    """Product to the name of its folder."""
    from reviewtui.workspace.kinds.registry import place_of

    places = ((item.product, place_of(item.file.path)) for found in records.by_kind.values() for item in found)
    found = {product: place.slug for product, place in places if product and place is not None}
    return {**found, **{product.product_id: product.slug for product in workspace.products}}


def _file(asked: Path, product: str, slugs: Mapping[str, str], *, into_folder: bool) -> Path:
    from reviewtui.workspace.records import slug

    if not into_folder:
        return asked
    return asked / f"{slugs.get(product) or slug(product) if product else _OTHER_FILE}{RECORDS}"


def _text(
    records: Records, workspace: Workspace, product: str, problems: tuple[Problem, ...], slugs: Mapping[str, str]
) -> str:
    from reviewtui.workspace.kinds.registry import ALL_KINDS
    from reviewtui.workspace.model import PRODUCTS_FOLDER

    name = next((item.name for item in workspace.products if item.product_id == product), "")
    if product == NO_PRODUCT:
        name = "Records of no product"
    folder = f"{PRODUCTS_FOLDER}/{slugs.get(product, product)}/"
    damaged = {file.label for file in records.damaged}
    lost = [item for item in problems if item.path in damaged and item.path.startswith(folder)]
    return record_book(records, ALL_KINDS, product, name, lost)


def _extent(records: Records, product: str) -> str:
    from reviewtui.workspace.kinds.registry import ALL_KINDS

    counts = [(kind, len(records_of(records, kind, product))) for kind in ALL_KINDS]
    return ", ".join(counted_kind(kind, count) for kind, count in counts if count) or "no records"
