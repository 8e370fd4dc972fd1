"""The corpus of hostile strings."""

from __future__ import annotations

import json

from reviewtui.paths import fixtures_dir

HOSTILE: dict[str, str] = {
    entry["name"]: entry["value"] for entry in json.loads((fixtures_dir() / "hostile_strings.json").read_bytes())
}
PATHS: dict[str, str] = {name: value for name, value in HOSTILE.items() if name.startswith("path-")}
