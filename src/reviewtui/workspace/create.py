"""Make a workspace, and the first file of a product; nothing that exists is ever overwritten."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from reviewtui.errors import ReviewError
from reviewtui.text import well_formed
from reviewtui.workspace.atomic import TEMP_PATTERN, atomic_write, make_folders
from reviewtui.workspace.load import load_products
from reviewtui.workspace.model import ALL_PRODUCTS_SLUG, LOCAL_FILE, PRODUCT_FILE, PRODUCTS_FOLDER, WORKSPACE_FILE
from reviewtui.workspace.product_files import ALL_PRODUCTS, default_product_id
from reviewtui.workspace.records import slug, unique_slug
from reviewtui.workspace.source_list import default_source_name
from reviewtui.workspace.toml_file import read_toml, toml_setting

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEADLINE = "Workspace not made"
_FOCUS_ENDINGS = (".csv", ".parquet")
_GIT_ATTRIBUTES = ("*.toml text eol=lf",)
_GIT_IGNORE = ("*.lock", "*.orig", LOCAL_FILE, TEMP_PATTERN)
"""A text that clashed, beside a record, is not ignored: nobody should overlook it."""

_SETTINGS = """\
# A setting that is commented out shows its default.

# The currency that money is shown in; amounts in others need exchange rates (table fx_rate).
# base_currency = "USD"

# Decides on which day, and so in which month, something happened.
# time_zone = "UTC"

# The month in which the fiscal year begins, 1 to 12.
# fiscal_year_start = 1

# The month that a subscription period's revenue belongs to: "period_end", "period_start" or "month_start_snapshot".
# attribution = "period_end"

# Whether the last day of a billing period is the first day of the next.
# period_end_is_exclusive = false
"""

_SOURCES_COMMENT = "# The files to read. They are opened read-only and never changed.\n"

_FURTHER_SETTINGS = """\
# A SELECT over the sources for an input table that they do not have under its own name.
# [views]
# invoice_line = "SELECT … FROM acme.stripe.invoices"

# A database that computes the metrics where the data are: `reviewtui pull`. Its password comes from the environment.
# [[engine]]
# name = "warehouse"
# kind = "postgresql"
# dsn = "host=db.example.com dbname=sales"
# schema = "public"
# user = "reader"
# password_env = "WAREHOUSE_PASSWORD"

# Expected growth by a product's stage: a least value, or [low, high].
# [stage.mature]
# mrr_growth_3m = 0.09
# [stage.growth]
# mrr_growth_3m = [0.15, 0.20]

# Targets of support, by priority.
# [support]
# hours_mode = "weekday_24h"
# first_reply_hours = { high = 12, normal = 24 }
# escalated_business_days = { high = 2, normal = 4 }

# A customer who returns after more days than this counts as new; 0: any gap is a reactivation.
# [revenue]
# reactivation_window_days = 0

# How many of 1,000 ordinary values may be flagged as out of the ordinary: fewer, and more real exceptions are missed.
# [anomalies]
# false_alarms_per_1000 = 25
"""


def create_workspace(root: Path, name: str, sources: Sequence[Path]) -> Path:
    """Make a workspace in the folder `root` over existing files; return `root` as an absolute path.

    The folder is made if it is missing and may hold other files. ReviewError if it is a workspace already.
    """
    root = root.absolute()
    workspace_file = root / WORKSPACE_FILE
    if os.path.lexists(workspace_file):
        raise ReviewError(f"{root} is a workspace already. Open it, or choose another folder.", _HEADLINE)
    content = workspace_text(root, name, sources)
    make_folders(root)
    write_git_files(root)
    atomic_write(workspace_file, content)
    return root


def write_git_files(root: Path) -> None:
    """Tell git how to treat the files of the workspace in `root`; only lines that are missing are added."""
    for path, wanted in ((root / ".gitattributes", _GIT_ATTRIBUTES), (root / ".gitignore", _GIT_IGNORE)):
        old = path.read_bytes() if os.path.lexists(path) else b""
        present = {line.strip() for line in old.splitlines()}
        missing = [line.encode() for line in wanted if line.encode() not in present]
        if missing:
            start = old if not old or old.endswith(b"\n") else old + b"\n"
            atomic_write(path, start + b"\n".join(missing) + b"\n")


def workspace_text(root: Path, name: str, sources: Sequence[Path]) -> str:
    """The text of a new `reviewtui.toml` in `root`, with every setting explained."""
    title = well_formed(name).strip() or well_formed(root.name)
    head = "# What this workspace reviews, and from which files.\nschema = 1\n" + toml_setting("name", title)
    taken: list[str] = []
    entries = []
    for source in sources:
        taken.append(default_source_name(source.name, taken))
        entry = "[[source]]\n" + toml_setting("name", taken[-1]) + toml_setting("path", stored_path(root, source))
        if source.suffix.lower() in _FOCUS_ENDINGS:
            entry += toml_setting("kind", "focus")
        entries.append(entry)
    listed = _SOURCES_COMMENT + ("\n".join(entries) or '# [[source]]\n# path = "data/acme.duckdb"\n')
    return "\n".join((head, _SETTINGS, listed, _FURTHER_SETTINGS))


def stored_path(root: Path, source: Path) -> str:
    """How a workspace names a file: relative where both are parts of one tree that may move together, else absolute.

    One tree means a common folder that is neither the root folder, nor the home folder, nor above it.
    """
    real_root = os.path.realpath(root)
    place = os.path.join(os.path.realpath(source.absolute().parent), source.name)  # noqa: PTH118 - of a text
    common = os.path.commonpath((real_root, place))
    home = os.path.realpath(os.path.expanduser("~"))  # noqa: PTH111 - Path.home raises where there is none
    above_home = Path(home).is_relative_to(common) or common == os.sep
    written = place if above_home and common != real_root else os.path.relpath(place, real_root)
    if written.startswith("~"):
        written = f"./{written}"
    if "${" in written or written != well_formed(written):
        raise ReviewError(
            f"The path {source} has characters that a workspace cannot name. Rename the file or folder.", _HEADLINE
        )
    return written


def ensure_product(root: Path, product_id: str, *, name: str = "", stage: str = "", owner: str = "") -> Path:
    """The `product.toml` of a product, made if it has none yet; what exists is left as it is.

    ReviewError if the id is blank, or the file that must be the product's cannot be read.
    """
    if not product_id.strip():
        raise ReviewError("A product without an id cannot be written down. Give it an id in the data.", "Not saved")
    folder = root.absolute() / PRODUCTS_FOLDER
    for product in load_products(root):
        if product.product_id == product_id:
            return _mended(folder / product.slug / PRODUCT_FILE)
    path = folder / _folder_name(folder, product_id) / PRODUCT_FILE
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root)):
        raise ReviewError(f"{path} leads out of the workspace. Replace the link by a folder.", "Not saved")
    settings = {"name": name, "stage": stage, "owner": owner}
    written = [toml_setting(key, well_formed(value)) for key, value in settings.items() if value]
    make_folders(path.parent)
    atomic_write(path, "".join(["schema = 1\n", toml_setting("product_id", product_id), *written]))
    return path


def _folder_name(folder: Path, product_id: str) -> str:
    """The folder for a product that has no file: one that is there for it already, or a new name."""
    if product_id == ALL_PRODUCTS:
        return ALL_PRODUCTS_SLUG
    try:
        taken = [entry.name for entry in folder.iterdir()]
    except FileNotFoundError:
        taken = []
    except OSError as error:
        raise ReviewError(
            f"{folder} cannot be read: {error.strerror}. Mend that and try again.", "Not saved"
        ) from error
    for name in taken:
        if default_product_id(name) == product_id and not os.path.lexists(folder / name / PRODUCT_FILE):
            return name
    first_choice = slug(product_id)
    for name in (first_choice, unique_slug(product_id, [first_choice])):
        if name in taken:
            _mended(folder / name / PRODUCT_FILE)
    return unique_slug(product_id, taken)


def _mended(path: Path) -> Path:
    """`path`, unless it cannot be read: it may be the product's, and is not to be written again elsewhere."""
    if os.path.lexists(path):
        file = read_toml(path)
        if file.damaged:
            raise ReviewError(f"{file.problem} Until then nothing is written for this product.", "Not saved")
    return path
