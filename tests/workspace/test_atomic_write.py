"""Saving a file: what is kept, what is refused, and what is told."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from reviewtui.errors import ReviewError
from reviewtui.workspace import atomic
from reviewtui.workspace.atomic import atomic_write, make_folders, sweep_stale_temps
from tests.workspace.faulty_os import FaultyOs

if TYPE_CHECKING:
    from pathlib import Path


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names_in(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


class TestContent:
    def test_text_is_written_as_utf_8_without_changing_line_ends(self, tmp_path: Path) -> None:
        atomic_write(tmp_path / "note", "a\r\nb\nü")
        assert (tmp_path / "note").read_bytes() == b"a\r\nb\n\xc3\xbc"

    def test_bytes_are_written_as_they_are(self, tmp_path: Path) -> None:
        atomic_write(tmp_path / "note", b"\x00\xff")
        assert (tmp_path / "note").read_bytes() == b"\x00\xff"

    def test_nothing_else_is_left_in_the_folder(self, tmp_path: Path) -> None:
        atomic_write(tmp_path / "note", "one")
        atomic_write(tmp_path / "note", "two")
        assert names_in(tmp_path) == ["note"]

    def test_a_name_of_the_greatest_length_is_saved(self, tmp_path: Path) -> None:
        path = tmp_path / ("n" * 255)
        atomic_write(path, "one")
        assert path.read_text() == "one"

    def test_content_that_is_there_already_is_not_written_again(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "note"
        path.write_text("same")
        before = path.stat()
        recorder = FaultyOs()
        monkeypatch.setattr(atomic, "os", recorder)
        atomic_write(path, "same")
        assert path.stat().st_ino == before.st_ino
        assert not {"write", "replace"} & set(recorder.names)

    def test_text_with_lone_surrogates_is_the_callers_mistake(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="surrogates"):
            atomic_write(tmp_path / "note", "\ud800")
        assert names_in(tmp_path) == []

    def test_verify_sees_the_bytes_before_anything_is_touched(self, tmp_path: Path) -> None:
        seen = []

        def refuse(data: bytes) -> None:
            seen.append((data, names_in(tmp_path)))
            raise ReviewError("no")

        with pytest.raises(ReviewError, match="no"):
            atomic_write(tmp_path / "note", "é", verify=refuse)
        assert seen == [(b"\xc3\xa9", [])]
        assert names_in(tmp_path) == []

    def test_a_file_that_changed_meanwhile_is_left_alone(self, tmp_path: Path) -> None:
        path = tmp_path / "note"
        path.write_text("theirs")
        with pytest.raises(ReviewError, match="changed outside"):
            atomic_write(path, "mine", replaces=b"original")
        assert path.read_text() == "theirs"


class TestModeAndLinks:
    @pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o755])
    def test_the_mode_of_the_old_file_is_kept(self, tmp_path: Path, mode: int) -> None:
        path = tmp_path / "note"
        path.write_text("old")
        path.chmod(mode)
        atomic_write(path, "new")
        assert mode_of(path) == mode

    @pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o000, 0o644)])
    def test_a_new_file_follows_the_umask(self, tmp_path: Path, umask: int, mode: int) -> None:
        before = os.umask(umask)
        try:
            atomic_write(tmp_path / "note", "new")
        finally:
            os.umask(before)
        assert mode_of(tmp_path / "note") == mode

    def test_a_new_file_can_be_private_from_the_start(self, tmp_path: Path) -> None:
        atomic_write(tmp_path / "note", "new", new_mode=0o600)
        assert mode_of(tmp_path / "note") == 0o600

    def test_a_link_stays_and_its_target_is_written(self, tmp_path: Path) -> None:
        (tmp_path / "far").mkdir()
        (tmp_path / "far" / "target").write_text("old")
        link = tmp_path / "link"
        link.symlink_to("far/target")
        atomic_write(link, "new")
        assert link.is_symlink()
        assert (tmp_path / "far" / "target").read_text() == "new"
        assert names_in(tmp_path) == ["far", "link"]

    def test_a_link_to_a_file_that_is_not_there_makes_that_file(self, tmp_path: Path) -> None:
        link = tmp_path / "link"
        link.symlink_to("target")
        atomic_write(link, "new")
        assert link.is_symlink()
        assert (tmp_path / "target").read_text() == "new"

    @pytest.mark.parametrize("mode", [0o444, 0o400, 0o555])
    def test_a_read_only_file_is_respected_for_every_user(self, tmp_path: Path, mode: int) -> None:
        path = tmp_path / "note"
        path.write_text("old")
        path.chmod(mode)
        with pytest.raises(ReviewError, match="read-only"):
            atomic_write(path, "new")
        assert path.read_text() == "old"
        assert mode_of(path) == mode
        assert names_in(tmp_path) == ["note"]


class TestRefusals:
    """Each failure is a sentence with the next step, and changes nothing."""

    def refusal(self, path: Path) -> str:
        with pytest.raises(ReviewError) as caught:
            atomic_write(path, "new")
        assert "Traceback" not in caught.value.message
        return caught.value.message

    def test_a_folder_that_is_missing(self, tmp_path: Path) -> None:
        assert "folder does not exist" in self.refusal(tmp_path / "no" / "note")

    def test_a_folder_where_the_file_should_be(self, tmp_path: Path) -> None:
        assert "not an ordinary file" in self.refusal(tmp_path)

    def test_a_pipe_is_not_waited_for(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        assert "not an ordinary file" in self.refusal(tmp_path / "pipe")

    def test_a_file_in_the_place_of_a_folder(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        assert "not a folder" in self.refusal(tmp_path / "file" / "note")

    def test_a_name_that_is_too_long(self, tmp_path: Path) -> None:
        assert "too long" in self.refusal(tmp_path / ("n" * 256))

    def test_a_name_with_nul(self, tmp_path: Path) -> None:
        assert "not a usable file name" in self.refusal(tmp_path / "a\0b")

    def test_links_that_lead_in_a_circle(self, tmp_path: Path) -> None:
        (tmp_path / "a").symlink_to("b")
        (tmp_path / "b").symlink_to("a")
        assert "circle" in self.refusal(tmp_path / "a")

    @pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write in every folder")
    def test_a_read_only_folder(self, tmp_path: Path) -> None:
        path = tmp_path / "note"
        path.write_text("old")
        tmp_path.chmod(0o555)
        try:
            assert "no permission" in self.refusal(path)
        finally:
            tmp_path.chmod(0o755)
        assert path.read_text() == "old"

    def test_a_file_larger_than_the_limit(self, tmp_path: Path) -> None:
        script = (
            "import resource, sys; from pathlib import Path\n"
            "from reviewtui.errors import ReviewError\n"
            "from reviewtui.workspace.atomic import atomic_write\n"
            "path = Path(sys.argv[1]); path.write_text('old')\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
            "try: atomic_write(path, 'x' * 200_000)\n"
            "except ReviewError as error: print(error.message)\n"
        )
        run = subprocess.run(
            [sys.executable, "-c", script, tmp_path / "note"], capture_output=True, text=True, check=True
        )
        assert "larger than this system allows" in run.stdout
        assert (tmp_path / "note").read_text() == "old"
        assert names_in(tmp_path) == ["note"]


class TestFolders:
    def test_missing_parents_are_made(self, tmp_path: Path) -> None:
        make_folders(tmp_path / "a" / "b" / "c")
        make_folders(tmp_path / "a" / "b" / "c")
        assert (tmp_path / "a" / "b" / "c").is_dir()

    def test_a_file_in_the_way_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_text("")
        with pytest.raises(ReviewError, match="in the way"):
            make_folders(tmp_path / "a" / "b")
        with pytest.raises(ReviewError, match="in the way"):
            make_folders(tmp_path / "a")


class TestSweep:
    NOW = datetime(2026, 10, 3, 12, tzinfo=UTC)

    def left(self, path: Path, age: timedelta) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("torn")
        moment = (self.NOW - age).timestamp()
        os.utime(path, (moment, moment))
        return path

    def test_only_old_temporary_files_of_this_program_go(self, tmp_path: Path) -> None:
        old = timedelta(days=1, seconds=1)
        gone = self.left(tmp_path / "products" / "a" / ".reviewtui-0123abcd.tmp", old)
        kept = [
            self.left(tmp_path / ".reviewtui-0123abcd.tmp", timedelta(hours=23)),
            self.left(tmp_path / ".reviewtui-notes.tmp", old),
            self.left(tmp_path / "reviewtui-0123abcd.tmp", old),
            self.left(tmp_path / ".git" / ".reviewtui-0123abcd.tmp", old),
            self.left(tmp_path / "note.toml", old),
        ]
        assert sweep_stale_temps(tmp_path, self.NOW) == (gone,)
        assert all(path.exists() for path in kept)

    def test_links_are_neither_followed_nor_removed(self, tmp_path: Path) -> None:
        outside = self.left(tmp_path / "outside" / ".reviewtui-0123abcd.tmp", timedelta(days=9))
        root = tmp_path / "root"
        root.mkdir()
        (root / "link").symlink_to(tmp_path / "outside")
        (root / ".reviewtui-00000000.tmp").symlink_to(outside)
        assert sweep_stale_temps(root, self.NOW) == ()
        assert outside.exists()

    def test_a_folder_that_is_not_there_is_no_fault(self, tmp_path: Path) -> None:
        assert sweep_stale_temps(tmp_path / "no", self.NOW) == ()
