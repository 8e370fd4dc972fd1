"""A file that people also edit is read whatever it holds; what is wrong with it is said with its line."""

from __future__ import annotations

import os
from random import Random
from typing import TYPE_CHECKING

import pytest

from reviewtui.errors import Severity
from reviewtui.workspace.load import load_workspace
from reviewtui.workspace.toml_file import MAX_BYTES, read_toml

if TYPE_CHECKING:
    from pathlib import Path

MUTATIONS = 20_000 if os.environ.get("REVIEWTUI_THOROUGH") else 2_000

CONFLICT = b'note = """\none\n<<<<<<< HEAD\nmine\n=======\ntheirs\n>>>>>>> branch\n"""\n'

DAMAGED: dict[str, tuple[bytes, int | None, str]] = {
    "conflict markers inside a note": (CONFLICT, 3, "conflict markers"),
    "conflict markers with CRLF": (CONFLICT.replace(b"\n", b"\r\n"), 3, "conflict markers"),
    "conflict markers of three sides": (b"a = 1\n||||||| base\na = 2\n=======\na = 3\n", 2, "conflict markers"),
    "half a conflict": (b'note = """\n=======\ntheirs\n>>>>>>> branch\n"""\n', 4, "conflict markers"),
    "conflict markers between keys": (b"<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> b\n", 1, "conflict markers"),
    "bytes that are not UTF-8": (b'a = 1\nb = "caf\xe9"\n', 2, "UTF-8"),
    "UTF-16": ("a = 1\n".encode("utf-16"), 1, "UTF-8"),
    "a surrogate in UTF-8": (b'a = "\xed\xa0\x80"\n', 1, "UTF-8"),
    "a lone CR": (b"a = 1\rb = 2\n", 1, "not valid TOML"),
    "a key twice": (b"a = 1\nb = 2\na = 3\n", 3, "not valid TOML"),
    "a table twice": (b"[a]\nx = 1\n[a]\ny = 1\n", 3, "not valid TOML"),
    "a text that is not closed": (b'a = 1\nb = "x\nc = 2\n', 2, "not valid TOML"),
    "a note that is not closed": (b'a = 1\nb = """x\nc = 2\n', 3, "not valid TOML"),
    "a list that is not closed": (b"a = 1\nb = [1,\n", 2, "not valid TOML"),
    "a value that is missing": (b"a = 1\nb =\n", 2, "not valid TOML"),
    "a word without quotes": (b"a = 1\n\nb = hello\n", 3, "not valid TOML"),
    "a date that does not exist": (b"a = 1\nb = 2026-02-30\n", 2, "not valid TOML"),
    "deep lists": (b"a = 1\nb = " + b"[" * 5000 + b"]" * 5000, 2, "nested too deeply"),
    "deep inline tables": (b"a = 1\nb = " + b"{a=" * 5000 + b"1" + b"}" * 5000, 2, "nested too deeply"),
    "a key of very many parts": (b"a = 1\n" + b"b." * 50_000 + b"c = 1\n", 2, "too many parts"),
    "a table of very many parts": (b"a = 1\n[" + b'"b" . ' * 50_000 + b"c]\n", 2, "too many parts"),
    "a number of 5,000 digits": (b"a = 1\nb = " + b"9" * 5000 + b"\n", 2, "out of range"),
    "zeros where a file was": (bytes(4096), 1, "not valid TOML"),
    "a NUL": (b'a = "x\0y"\n', 1, "not valid TOML"),
    "a control character in a comment": (b"a = 1 # \x1b[2J\n", 1, "not valid TOML"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 1, "UTF-8"),
    "JSON": (b'{"a": 1}\n', 1, "not valid TOML"),
    "only brackets": (b"[[[[[[[", 1, "not valid TOML"),
    "a byte order mark in the middle": (b"a = 1\n\xef\xbb\xbfb = 2\n", 2, "not valid TOML"),
    "two byte order marks": (b"\xef\xbb\xbf\xef\xbb\xbfa = 1\n", 1, "not valid TOML"),
    "too many bytes": (b"#" * (MAX_BYTES + 1), None, "larger than 5 MB"),
}

FINE: dict[str, bytes] = {
    "a byte order mark": b"\xef\xbb\xbfa = 1\n",
    "CRLF": b'a = 1\r\nb = """\r\nx\r\n"""\r\n',
    "no final line end": b"a = 1",
    "a heading underlined in a note": b'a = 1\nnote = """\nTitle\n=======\n"""\n',
    "quoted mail in a note": b'a = 1\nnote = """\n>>>>>>> deep\n"""\n',
    "dots that lead to a number": b'a = 1\nnote = "chapter' + b"." * 500 + b'7"\n',
    "a note of very many dotted words": b'a = 1\nnote = """\n' + b"a." * 5000 + b'\n"""\n# ' + b"b." * 500 + b"\n",
    "a large number in hexadecimal": b"a = 1\nb = 0x" + b"f" * 9000 + b"\n",
}


class TestDamage:
    @pytest.mark.parametrize(("content", "line", "words"), DAMAGED.values(), ids=DAMAGED)
    def test_damage_is_told_with_its_line_and_the_file_is_left(
        self, tmp_path: Path, content: bytes, line: int | None, words: str
    ) -> None:
        path = tmp_path / "note.toml"
        path.write_bytes(content)
        file = read_toml(path, "products/a/note.toml")
        assert file.damaged
        assert file.data == {}
        assert file.problem is not None
        assert file.problem.path == "products/a/note.toml"
        assert file.problem.line == line
        assert words in file.problem.message
        assert file.problem.message.endswith(".")
        assert path.read_bytes() == content

    def test_the_text_of_a_damaged_file_can_be_shown(self, tmp_path: Path) -> None:
        path = tmp_path / "note.toml"
        path.write_bytes(b"\xef\xbb\xbfa = caf\xe9")
        assert read_toml(path).text == "a = caf\ufffd"

    @pytest.mark.parametrize("content", [b"", b"\n\n", b"  \r\n"])
    def test_an_empty_file_is_used_with_a_warning(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "note.toml"
        path.write_bytes(content)
        file = read_toml(path)
        assert not file.damaged
        assert file.problem is not None
        assert file.problem.severity is Severity.WARNING

    @pytest.mark.parametrize("content", FINE.values(), ids=FINE)
    def test_what_only_looks_wrong_is_read(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "note.toml"
        path.write_bytes(content)
        file = read_toml(path)
        assert file.problem is None
        assert file.data["a"] == 1
        assert file.line(("a",)) == 1


class TestNoFile:
    def problem(self, path: Path) -> str:
        file = read_toml(path)
        assert file.damaged
        assert file.problem is not None
        return file.problem.message

    def test_nothing_there(self, tmp_path: Path) -> None:
        assert "does not exist" in self.problem(tmp_path / "no.toml")

    def test_a_link_to_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "link").symlink_to("nothing")
        assert "does not exist" in self.problem(tmp_path / "link")

    def test_a_folder(self, tmp_path: Path) -> None:
        assert "folder" in self.problem(tmp_path)

    def test_a_pipe_is_not_waited_for(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        assert "not an ordinary file" in self.problem(tmp_path / "pipe")

    def test_a_device(self, tmp_path: Path) -> None:
        (tmp_path / "zero").symlink_to("/dev/zero")
        assert "not an ordinary file" in self.problem(tmp_path / "zero")

    def test_a_name_with_nul(self, tmp_path: Path) -> None:
        assert "not a usable file name" in self.problem(tmp_path / "a\0b")

    @pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read every file")
    def test_a_file_without_read_permission(self, tmp_path: Path) -> None:
        path = tmp_path / "note.toml"
        path.write_text("a = 1")
        path.chmod(0)
        assert "permission" in self.problem(path)


ROOT = b"""\
schema = 1
name = "Acme"
time_zone = "Europe/Berlin"
fiscal_year_start = 4
[[source]]
name = "acme"
path = "data/acme.duckdb"
[[source]]
path = "~/costs.csv"
kind = "focus"
[views]
invoice_line = \"\"\"
SELECT *
FROM acme.invoices
\"\"\"
[stage.growth]
mrr_growth_3m = [0.15, 0.20]
[support]
first_reply_hours = { high = 12, normal = 24 }
[revenue]
reactivation_window_days = 30
"""
PRODUCT = b"""\
product_id = "replay"
stage = "growth"
key_action = ["watched", "shared"]
[[activation]]
valid_from = "2025-01"
window_days = 7
criteria = [{event = "watched", count = 2}, {event = "shared"}]
[revenue_share]
cloud = ["a", "b"]
[target]
nrr = 1.1
mrr = [10, 20]
links = [{label = "x", url = "https://example.com"}]
"""
EVENT = b'month = "2026-03"\nkind = "price"\nmetrics = ["mrr"]\nnote = "Prices rose."\n'
LOCAL = b'[[source]]\nname = "acme"\npath = "/data/acme.duckdb"\n[me]\nname = "Ada"\n'
SPLICES = (
    *(b"[", b"]", b"{", b"}", b'"', b'"""', b"'''", b"=", b".", b"#", b"\n", b"\r", b"\0", b"\xff", b"\xef\xbb\xbf"),
    *(b"[[source]]\n", b"<<<<<<< x\n", b"=======\n", b"9" * 5000, b"0x" + b"f" * 5000, b"[" * 2000, b"a." * 200),
    *(b"nan", b"inf", b"true", b"-1", b"1979-05-27", b"{}", b"[]", b'""', b"\\ud800", b"\xc3", b"${HOME}", b"~x/"),
)


def mutated(data: bytes, random: Random) -> bytes:
    """`data` cut, with bytes flipped, or with something spliced in or taken out; one to three times."""
    for _ in range(random.randint(1, 3)):
        place = random.randrange(len(data) + 1)
        match random.randrange(5):
            case 0:
                data = data[:place]
            case 1 if data:
                place %= len(data)
                data = data[:place] + bytes([data[place] ^ (1 << random.randrange(8))]) + data[place + 1 :]
            case 2:
                data = data[:place] + random.choice(SPLICES) + data[place:]
            case 3:
                data = data[:place] + data[place + random.randrange(1, 40) :]
            case _:
                lines = data.splitlines(keepends=True)
                random.shuffle(lines)
                data = b"".join(lines)
    return data


def test_a_workspace_of_damaged_files_always_loads_and_is_left_as_it_is(tmp_path: Path) -> None:
    random = Random(20260417)
    originals = {
        tmp_path / "reviewtui.toml": ROOT,
        tmp_path / "local.toml": LOCAL,
        tmp_path / "products" / "replay" / "product.toml": PRODUCT,
        tmp_path / "products" / "replay" / "events" / "e-260301-abcd.toml": EVENT,
    }
    (tmp_path / "products" / "replay" / "events").mkdir(parents=True)
    reported = 0
    for _ in range(MUTATIONS // len(originals)):
        contents = {path: mutated(data, random) for path, data in originals.items()}
        for path, data in contents.items():
            path.write_bytes(data)
        workspace = load_workspace(tmp_path)
        reported += bool(workspace.problems)
        for problem in workspace.problems:
            assert problem.path in {path.relative_to(tmp_path).as_posix() for path in originals}
            assert problem.line is None or 1 <= problem.line <= contents[tmp_path / problem.path].count(b"\n") + 1
        assert all(path.read_bytes() == data for path, data in contents.items())
    assert reported > MUTATIONS // len(originals) // 2
