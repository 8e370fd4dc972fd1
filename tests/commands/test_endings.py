"""Every way a command can end is an exit code and at most one plain sentence."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reviewtui import cli
from reviewtui.commands import open_app
from reviewtui.faults import fault_report, write_fault
from tests.commands.support import AS_OF, ENDLESS, Terminal, command, environment, make_workspace, run

if TYPE_CHECKING:
    import argparse

MARKER = "customer-4711"


def fail(options: argparse.Namespace) -> int:
    """A command with a mistake in it, and a customer's name at hand."""
    customer = MARKER
    raise KeyError(customer, options)


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The bare command is faulty; its state folder."""
    monkeypatch.setattr(open_app, "run", fail)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


class TestFaults:
    def test_a_fault_is_one_sentence_and_a_private_log_without_data(
        self, faulty: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert cli.main(()) == 1
        told = capsys.readouterr().err
        (log,) = faulty.rglob("crash.log")
        assert str(log) in told
        assert told.count("\n") == 1
        assert "fail" in log.read_text()
        assert MARKER not in told + log.read_text()
        assert stat.S_IMODE(log.stat().st_mode) == 0o600

    def test_a_log_that_cannot_be_written_hides_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")
        assert write_fault(KeyError(MARKER), tmp_path / "file" / "state") is None

    def test_the_report_follows_the_causes_and_ends_at_a_circle(self) -> None:
        first, second = KeyError(MARKER), ValueError(MARKER)
        first.__cause__, second.__cause__ = second, first
        report = fault_report(first)
        assert ("builtins.KeyError" in report, "builtins.ValueError" in report, MARKER in report) == (
            True,
            True,
            False,
        )


class TestPipes:
    def test_a_reader_that_leaves_early_is_no_error(self, tmp_path: Path) -> None:
        make_workspace(tmp_path / "ws")
        words = command("metrics", "--workspace", "ws", "--as-of", AS_OF, "--format", "csv", "--from", "1900-01")
        process = subprocess.Popen(
            words, cwd=tmp_path, env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b"product,")
        process.stdout.close()
        told = process.stderr.read()
        process.stderr.close()
        assert (process.wait(), told) == (0, b"")

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
    def test_a_full_disk_is_one_sentence(self, tmp_path: Path) -> None:
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                command("--help"), env=environment(tmp_path), stdout=full, stderr=subprocess.PIPE, check=False
            )
        assert done.returncode == 1
        assert done.stderr.decode() == "reviewtui: No space left on device.\n"

    def test_closed_streams_are_no_reason_to_fail(self, tmp_path: Path) -> None:
        make_workspace(tmp_path / "ws")
        for arguments in (("--version",), ("metrics", "--workspace", "ws", "--format", "csv"), ("doctor",)):
            words = "exec " + " ".join(command(*arguments)) + " <&- >&- 2>&-"
            done = subprocess.run(["sh", "-c", words], cwd=tmp_path, env=environment(tmp_path), check=False)
            assert done.returncode == 0

    def test_a_request_to_terminate_ends_the_work_in_order(self, tmp_path: Path) -> None:
        make_workspace(tmp_path / "ws", more=ENDLESS)
        terminal = Terminal(tmp_path, "metrics", "--workspace", "ws", "--as-of", AS_OF)
        terminal.wait_for(b"\r")
        terminal.process.terminate()
        assert terminal.finish() == (128 + signal.SIGTERM, b"")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_any_encoding_of_the_output_is_served(tmp_path: Path, encoding: str) -> None:
    make_workspace(tmp_path / "wś")
    outcome = run(tmp_path, "check", "--workspace", "wś", PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert outcome.code == 0


def test_a_folder_without_permission_is_one_sentence(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("the superuser may read everything")
    root = make_workspace(tmp_path / "ws")
    root.chmod(0)
    try:
        assert run(tmp_path, "check", "--workspace", "ws").code in (1, 2)
    finally:
        root.chmod(0o700)


class TestLightness:
    HEAVY = ("textual", "duckdb", "rich", "platformdirs", "tomlkit", "tomli_w", "numpy", "polars", "csv", "json")

    @pytest.mark.parametrize("words", ["import reviewtui.cli", "from reviewtui.cli import main; main(['--version'])"])
    def test_the_command_line_loads_nothing_heavy(self, words: str) -> None:
        code = f"{words}\nimport sys\nprint([name for name in {self.HEAVY!r} if name in sys.modules])"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1] == "[]"

    def test_metrics_of_an_unchanged_workspace_load_nothing_that_reads_one(self, tmp_path: Path) -> None:
        make_workspace(tmp_path / "ws")
        assert run(tmp_path, "metrics", "--workspace", "ws", "--as-of", AS_OF).code == 0
        code = (
            f"from reviewtui.cli import main; import sys; main(['metrics', '--workspace', 'ws', '--as-of', '{AS_OF}']);"
            "read = ('workspace.load', 'workspace.model', 'workspace.kinds', 'numbers', 'sources.jobs');"
            "print([name for name in sys.modules if name.startswith(tuple(f'reviewtui.{part}' for part in read))])"
        )
        command = [sys.executable, "-c", code]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment(tmp_path), capture_output=True, text=True, check=True
        )
        assert done.stdout.splitlines()[-1] == "[]"

    def test_metrics_and_doctor_leave_duckdb_to_the_child_process(self, tmp_path: Path) -> None:
        make_workspace(tmp_path / "ws")
        for name in ("metrics", "check", "doctor"):
            code = (
                f"from reviewtui.cli import main; import sys; main([{name!r}, '--workspace', 'ws']);"
                "print([name for name in ('duckdb', 'textual', 'rich', 'numpy', 'polars') if name in sys.modules])"
            )
            done = subprocess.run(
                [sys.executable, "-c", code],
                cwd=tmp_path,
                env=environment(tmp_path),
                capture_output=True,
                text=True,
                check=True,
            )
            assert done.stdout.splitlines()[-1] == "[]"
