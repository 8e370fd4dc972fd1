"""What is written reads back as it was meant, and what people wrote by hand survives an edit."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewtui.errors import ReviewError
from reviewtui.text import well_formed
from reviewtui.workspace.toml_file import MAX_BYTES, edit_toml, new_toml, read_toml, same_values, toml_setting
from tests.workspace.hostile import HOSTILE

ROUND_TRIPS = 10_000 if os.environ.get("REVIEWTUI_THOROUGH") else 500

NOTES = (
    st.text()
    | st.text(st.sampled_from("\"'\\\n\r\t \0\x1b\x85\u2028\ufeffab"))
    | st.text(st.characters(codec=None))
    | st.sampled_from(sorted(HOSTILE.values()))
)

COMMENTED = """\
# Written by hand.
schema = 1

owner = "Ada"   # since May
unknown = { kept = true }

# What we aim for.
[target]
mrr = 0x10       # sixteen
nrr = [1.0, 1.1] # band

[[activation]]   # first
window_days = 1_4
[[activation]]   # second
valid_from = '2026-01'
"""


@pytest.fixture
def commented(tmp_path: Path) -> Path:
    path = tmp_path / "product.toml"
    path.write_text(COMMENTED)
    return path


class TestNewFiles:
    @settings(max_examples=ROUND_TRIPS)
    @given(fields=st.dictionaries(st.text(max_size=8), NOTES, max_size=3), note=NOTES)
    def test_every_note_reads_back(
        self, tmp_path_factory: pytest.TempPathFactory, fields: dict[str, str], note: str
    ) -> None:
        data = {**fields, "note": note, "list": [note], "table": {"note": note}}
        path = tmp_path_factory.getbasetemp() / "note.toml"
        path.write_bytes(new_toml(data).encode())
        read = read_toml(path).data
        assert read["note"] == well_formed(note)
        assert read["list"] == [well_formed(note)]
        assert read["table"] == {"note": well_formed(note)}

    def test_every_hostile_string_reads_back(self, tmp_path: Path) -> None:
        path = tmp_path / "note.toml"
        for text in HOSTILE.values():
            path.write_bytes(new_toml({"note": text}).encode())
            assert read_toml(path).data == {"note": well_formed(text)}
            if not re.search("[\ud800-\udfff]", text):
                assert tomllib.loads(toml_setting("id", text)) == {"id": text}

    def test_values_of_every_type_read_back(self) -> None:
        data: dict[str, Any] = {
            "whole": 1,
            "number": 1.0,
            "nan": float("nan"),
            "zero": -0.0,
            "flag": True,
            "day": date(2026, 4, 1),
            "moment": datetime(2026, 4, 1, 12, tzinfo=UTC),
            "list": [1, [2, {"a": "b"}]],
            "tables": [{"a": 1}, {"a": 2}],
        }
        assert same_values(tomllib.loads(new_toml(data)), data)

    @pytest.mark.parametrize(
        "value",
        [
            None,
            Decimal("1.10"),
            b"bytes",
            {1, 2},
            Path("x"),
            datetime(2026, 1, 1, tzinfo=timezone(timedelta(seconds=30))),
            [None],
        ],
        ids=str,
    )
    def test_a_value_that_would_not_read_back_is_the_callers_mistake(self, value: object) -> None:
        with pytest.raises((TypeError, ValueError)):
            new_toml({"value": value})

    def test_prose_is_written_in_lines(self) -> None:
        assert new_toml({"note": "One.\r\nTwo."}) == 'note = """\nOne.\nTwo."""\n'

    def test_prose_that_quotes_a_conflict_is_not_taken_for_one(self, tmp_path: Path) -> None:
        note = "git said:\n<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> branch\n"
        path = tmp_path / "note.toml"
        path.write_text(new_toml({"note": note}))
        assert read_toml(path).data == {"note": note}

    def test_prose_that_is_too_long_to_be_read_again_is_refused(self) -> None:
        with pytest.raises(ReviewError, match="longer than 5 MB"):
            new_toml({"note": "x" * MAX_BYTES})


class TestEdits:
    def test_an_edit_that_would_look_damaged_is_refused(self, commented: Path) -> None:
        import tomlkit

        note = "<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> branch\n"
        with pytest.raises(ReviewError, match="left as it is"):
            edit_toml(commented, lambda document: document.update(note=tomlkit.string(note, multiline=True)))
        assert commented.read_text() == COMMENTED
        assert edit_toml(commented, lambda document: document.update(note=note))
        assert read_toml(commented).data["note"] == note

    def test_comments_order_and_unknown_keys_stay(self, commented: Path) -> None:
        def change(document: Any) -> None:
            document["owner"] = "Grace"
            document["activation"][1]["window_days"] = 30

        assert edit_toml(commented, change)
        expected = COMMENTED.replace('"Ada"', '"Grace"') + "window_days = 30\n"
        assert commented.read_text() == expected

    def test_without_a_change_nothing_is_written(self, commented: Path) -> None:
        before = commented.stat()
        assert not edit_toml(commented, lambda document: document.update(schema=1))
        assert commented.stat().st_ino == before.st_ino

    @settings(max_examples=ROUND_TRIPS // 5)
    @given(note=NOTES)
    def test_every_note_reads_back(self, tmp_path_factory: pytest.TempPathFactory, note: str) -> None:
        path = tmp_path_factory.getbasetemp() / "edited.toml"
        path.write_text(COMMENTED)
        edit_toml(path, lambda document: document.update(note=note))
        file = read_toml(path)
        assert well_formed(file.data["note"]) == well_formed(note)
        assert file.text.startswith("# Written by hand.\nschema = 1\n")

    def test_line_ends_become_lf_and_a_byte_order_mark_stays(self, tmp_path: Path) -> None:
        path = tmp_path / "note.toml"
        path.write_bytes(b"\xef\xbb\xbf# top\r\na = 1\r\nb = 2\r\n")
        assert edit_toml(path, lambda document: document.update(b=3))
        assert path.read_bytes() == b"\xef\xbb\xbf# top\na = 1\nb = 3\n"

    def test_line_ends_that_were_written_on_purpose_stay(self, tmp_path: Path) -> None:
        path = tmp_path / "product.toml"
        path.write_text(toml_setting("product_id", "a\r\nb"))
        assert edit_toml(path, lambda document: document.update(owner="Ada"))
        assert read_toml(path).data == {"product_id": "a\r\nb", "owner": "Ada"}

    def test_a_damaged_file_is_never_rewritten(self, tmp_path: Path) -> None:
        path = tmp_path / "note.toml"
        path.write_text("a = 1\nb = ?\n")
        with pytest.raises(ReviewError, match=r"note\.toml:2: .*left as it is"):
            edit_toml(path, lambda document: document.update(a=2))
        assert path.read_text() == "a = 1\nb = ?\n"

    def test_a_file_that_changes_during_the_edit_is_left(self, commented: Path) -> None:
        def change(document: Any) -> None:
            document["owner"] = "Grace"
            commented.write_text('owner = "someone else"\n')

        with pytest.raises(ReviewError, match="changed outside"):
            edit_toml(commented, change)
        assert commented.read_text() == 'owner = "someone else"\n'

    def test_a_new_value_of_every_kind_can_be_set(self, commented: Path) -> None:
        def change(document: Any) -> None:
            document["target"]["mrr"] = [1, 2]
            document["links"] = [{"label": "a", "url": "b"}]
            del document["unknown"]

        assert edit_toml(commented, change)
        data = read_toml(commented).data
        assert data["target"]["mrr"] == [1, 2]
        assert data["links"] == [{"label": "a", "url": "b"}]
        assert "unknown" not in data
        assert "# What we aim for." in commented.read_text()


class TestMerging:
    """Two people, one file: `git merge` joins edits of different lines and notices edits of the same line."""

    def merge(self, folder: Path, mine: str, theirs: str) -> int:
        for name, note in (("mine", mine), ("base", "One.\nTwo.\nThree.\nFour.\n"), ("theirs", theirs)):
            (folder / name).write_text(new_toml({"id": "t-260417-9xw2", "note": note}))
        return subprocess.run(
            ["git", "merge-file", "mine", "base", "theirs"], cwd=folder, check=False, capture_output=True
        ).returncode

    def test_different_lines_merge(self, tmp_path: Path) -> None:
        assert self.merge(tmp_path, "ONE.\nTwo.\nThree.\nFour.\n", "One.\nTwo.\nThree.\nFOUR.\n") == 0
        assert read_toml(tmp_path / "mine").data["note"] == "ONE.\nTwo.\nThree.\nFOUR.\n"

    def test_the_same_line_is_a_conflict_that_is_noticed(self, tmp_path: Path) -> None:
        assert self.merge(tmp_path, "1\nTwo.\nThree.\nFour.\n", "I\nTwo.\nThree.\nFour.\n") == 1
        problem = read_toml(tmp_path / "mine").problem
        assert problem is not None
        assert "conflict markers" in problem.message
