"""Ids, slugs and file names are always plain, short names, whatever the text they are made from."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewtui.workspace.records import (
    MAX_FILE_NAME,
    MAX_SLUG,
    file_name,
    is_record_id,
    new_record_id,
    slug,
    unique_slug,
)
from tests.workspace.hostile import HOSTILE, PATHS

DAY = date(2026, 4, 17)
ANY_TEXT = st.text() | st.text(st.characters(codec=None)) | st.sampled_from(sorted(HOSTILE.values()))


def assert_plain(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
    assert len(name) <= MAX_SLUG
    assert name not in {"con", "prn", "aux", "nul", "com1", "lpt9"}


class TestRecordIds:
    def test_an_id_names_its_type_and_day(self) -> None:
        assert re.fullmatch(r"t-260417-[0-9a-z]{4}", new_record_id("t", DAY, Random(1)))

    def test_ids_of_one_day_differ(self) -> None:
        random = Random(1)
        assert len({new_record_id("c", DAY, random) for _ in range(100)}) == 100

    @pytest.mark.parametrize("letter", ["", "T", "to", "/", "ä", "1"])
    def test_a_type_is_one_lower_case_letter(self, letter: str) -> None:
        with pytest.raises(ValueError, match="letter"):
            new_record_id(letter, DAY, Random(1))

    def test_an_id_is_recognised(self) -> None:
        assert is_record_id("t-260417-9xw2")
        assert not is_record_id("t-260417-9xw2\n")
        assert not is_record_id("../t-260417-9xw2")


class TestSlugs:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("Ask Billing", "ask-billing"),
            ("  Überraschung: ¿qué?  ", "uberraschung-que"),
            ("a/b\\c", "a-b-c"),
            ("x" * 60, "x" * 40),
            ("CON.txt", "con-txt"),
        ],
    )
    def test_a_title_becomes_readable(self, text: str, expected: str) -> None:
        assert slug(text) == expected

    @pytest.mark.parametrize("text", ["", "..", "漢字", "\0", "😀"])
    def test_text_without_letters_becomes_a_hash(self, text: str) -> None:
        assert re.fullmatch("[0-9a-f]{8}", slug(text))

    @pytest.mark.parametrize("text", ["con", "NUL", "com1", "Lpt9", "aux."])
    def test_device_names_get_an_ending(self, text: str) -> None:
        assert re.fullmatch(r"[a-z]{3}\d?-[0-9a-f]{8}", slug(text))

    @given(ANY_TEXT)
    def test_every_slug_is_plain(self, text: str) -> None:
        assert_plain(slug(text))

    def test_texts_that_would_collide_get_a_hash(self) -> None:
        taken = {slug("a b")}
        assert unique_slug("a/b", taken) != unique_slug("a-b", taken)
        assert unique_slug("a/b", taken).startswith("a-b-")

    def test_upper_and_lower_case_are_the_same_name(self) -> None:
        assert unique_slug("replay", ["Replay"]) != "replay"

    @given(ANY_TEXT, st.integers(0, 4))
    def test_a_unique_slug_is_plain_and_new(self, text: str, repeats: int) -> None:
        taken: list[str] = []
        for _ in range(repeats + 1):
            name = unique_slug(text, taken)
            assert_plain(name)
            assert name not in taken
            taken.append(name)


class TestFileNames:
    @given(ANY_TEXT, ANY_TEXT)
    def test_a_file_name_never_leaves_its_folder(self, record_id: str, title: str) -> None:
        name = file_name(record_id, title)
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*\.toml", name)
        assert len(name.encode()) <= MAX_FILE_NAME
        assert (Path("/folder") / name).resolve().parent == Path("/folder")

    def test_id_and_slug_are_kept(self) -> None:
        assert file_name("t-260417-9xw2", "ask-billing") == "t-260417-9xw2-ask-billing.toml"

    @pytest.mark.parametrize("text", PATHS.values(), ids=PATHS)
    def test_hostile_names_make_one_file_in_the_folder(self, tmp_path: Path, text: str) -> None:
        folder = tmp_path / "records"
        folder.mkdir()
        (folder / file_name(text, text)).write_text("")
        (folder / unique_slug(text, [])).mkdir()
        assert len(list(folder.iterdir())) == 2
        assert list(tmp_path.iterdir()) == [folder]
