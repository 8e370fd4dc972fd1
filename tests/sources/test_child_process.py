"""Jobs run in a process that can be stopped, may die, and leaves the files free."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import cast

import duckdb
import pytest

from reviewtui.errors import Cancelled, Problem, SourceError, UsageError
from reviewtui.sources.jobs import MAX_EXCLUDED_VIEWS, run_job
from reviewtui.sources.limits import HEADROOM_BYTES, memory_bytes
from reviewtui.sources.state import Progress
from reviewtui.sources.wire import Inbox, packed
from tests.sources.support import ENDLESS, HOLIDAYS, HUGE, UNSTOPPABLE, make_file, request_for

JOBS = "tests.sources.sample_jobs"


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    return make_file(tmp_path / "acme.duckdb", HOLIDAYS)


def is_alive(process: int) -> bool:
    """Whether the process runs (a zombie does not)."""
    try:
        os.kill(process, 0)
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False
    return state != "Z"


def is_free(path: Path) -> bool:
    """Whether the file can be opened for writing now."""
    try:
        duckdb.connect(path).close()
    except duckdb.Error:
        return False
    return True


class TestResults:
    def test_the_result_comes_back_and_the_file_is_free(self, acme: Path) -> None:
        """A writer gets in as soon as the numbers are there."""
        assert run_job(request_for({"acme": acme}), f"{JOBS}:row_counts") == ({"holiday": 100}, ())
        assert is_free(acme)

    def test_payload_and_result_may_be_large(self, acme: Path) -> None:
        """Tens of megabytes pass both ways."""
        payload = b"p" * 8_000_000
        assert run_job(request_for({}), f"{JOBS}:echo", payload) == payload
        assert run_job(request_for({}), f"{JOBS}:big", 30_000_000) == b"x" * 30_000_000

    def test_ordinary_work_fits_into_the_bound_on_memory(self) -> None:
        """The process is bounded beside what DuckDB bounds itself."""
        request = request_for({})
        bound, count = cast("tuple[int, int]", run_job(request, f"{JOBS}:address_space"))
        assert count == 1_000_000
        if sys.platform == "linux":
            assert bound == memory_bytes(request.memory_limit) + HEADROOM_BYTES

    def test_progress_names_the_stages_in_order(self, acme: Path) -> None:
        told: list[Progress] = []
        run_job(request_for({"acme": acme}), f"{JOBS}:row_counts", on_progress=told.append)
        assert [progress.stage for progress in told] == ["Opening acme", "Looking for tables", "Counting holiday"]

    def test_what_libraries_print_disturbs_nothing(self) -> None:
        """Both streams can be flooded."""
        assert run_job(request_for({}), f"{JOBS}:chatty") == "quiet"

    def test_the_child_loads_neither_screen_nor_arrays(self) -> None:
        modules = run_job(request_for({}), f"{JOBS}:loaded_modules")
        assert isinstance(modules, list)
        assert not {"textual", "rich", "numpy", "polars", "pyarrow", "pytz"} & set(modules)


class TestErrors:
    def test_an_error_for_the_person_keeps_its_kind_and_words(self) -> None:
        with pytest.raises(UsageError) as caught:
            run_job(request_for({}), f"{JOBS}:refuse")
        assert (caught.value.message, caught.value.headline) == ("there is no such product", "Unknown product")

    @pytest.mark.parametrize("job", ["mistake", "unpicklable", "no_such_function"])
    def test_a_mistake_of_the_program_shows_no_data(self, job: str) -> None:
        """The sentence names the kind of error only; the trace is a note for a log."""
        with pytest.raises(SourceError) as caught:
            run_job(request_for({}), f"{JOBS}:{job}")
        assert caught.value.message.startswith("Reading the data met an error in the program (")
        assert "secret" not in caught.value.message
        assert "Traceback" in caught.value.__notes__[0]

    def test_a_failed_query_names_the_work(self) -> None:
        with pytest.raises(
            SourceError, match="The table the total cannot be read: Table with name nowhere does not exist"
        ):
            run_job(request_for({}), f"{JOBS}:bad_query")

    def test_a_slow_statement_of_our_own_is_interrupted(self) -> None:
        with pytest.raises(SourceError, match=r"Reading the grand total did not finish within 0\.2 s"):
            run_job(request_for({}), f"{JOBS}:timed", 0.2)

    @pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
    def test_a_child_that_dies_names_the_stage(self, number: int) -> None:
        with pytest.raises(SourceError, match="ended by itself at: Adding up") as caught:
            run_job(request_for({}), f"{JOBS}:killed", number)
        assert ("lack of memory" if number == signal.SIGKILL else f"signal {number}") in caught.value.message

    def test_last_words_are_shown_safely(self) -> None:
        with pytest.raises(SourceError, match="exit code 9: last ␛\\[31mwords"):
            run_job(request_for({}), f"{JOBS}:exits")


class TestStopping:
    @pytest.mark.parametrize("job", ["endless", "endless_in_python"])
    def test_cancel_ends_the_child_and_frees_the_file(self, job: str, acme: Path) -> None:
        """Whether it is inside a statement or not; until then it keeps the file."""
        cancel = threading.Event()
        processes = []

        def on_progress(progress: Progress) -> None:
            if progress.stage.startswith("process "):
                processes.append(int(progress.stage.split()[1]))
                assert not is_free(acme)
                cancel.set()

        with pytest.raises(Cancelled):
            run_job(request_for({"acme": acme}), f"{JOBS}:{job}", on_progress=on_progress, cancel=cancel)
        assert not is_alive(processes[0])
        assert is_free(acme)

    def test_cancelled_before_it_began_starts_nothing(self) -> None:
        cancel = threading.Event()
        cancel.set()
        with pytest.raises(Cancelled):
            run_job(request_for({}), f"{JOBS}:echo", cancel=cancel)

    def test_an_error_while_listening_ends_the_child(self) -> None:
        """Ctrl+C in the terminal reaches the parent as an exception; no child stays behind."""
        processes = []

        def on_progress(progress: Progress) -> None:
            if progress.stage.startswith("process "):
                processes.append(int(progress.stage.split()[1]))
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            run_job(request_for({}), f"{JOBS}:endless", on_progress=on_progress)
        assert not is_alive(processes[0])

    def test_the_child_ignores_ctrl_c(self) -> None:
        assert run_job(request_for({}), f"{JOBS}:interrupted") == "still here"

    def test_the_child_ends_with_its_parent(self) -> None:
        """A parent that is killed leaves no child computing."""
        code = (
            "from reviewtui.sources.jobs import run_job; from tests.sources.support import request_for;"
            f"run_job(request_for({{}}), '{JOBS}:endless', on_progress=lambda p: print(p.stage, flush=True))"
        )
        root = Path(__file__).parents[2]
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=root) as parent:
            assert parent.stdout is not None
            child = next(int(line.split()[1]) for line in parent.stdout if line.startswith("process "))
            assert is_alive(child)
            parent.kill()
        for _ in range(200):
            if not is_alive(child):
                return
            time.sleep(0.05)
        pytest.fail("the child is still there")


TIMED_OUT = "did not finish within 0.3 s. Make it return less, or check it for an endless loop."
IGNORED = "did not finish within 0.3 s and could not be interrupted. Make it return less."
TOO_BIG = "needs more memory than is allowed. Make it return less, for example by grouping or filtering."


class TestViewsThatFail:
    """The job is repeated without the view; a problem names it, the other tables are there."""

    def problem(self, acme: Path, view: str = "", seconds: float = 0.3) -> Problem:
        """The one problem of counting all rows, with a view over the days of `view`; `holiday` is always counted."""
        views = {"usage_day": f"SELECT 'p' AS product_id, day FROM ({view})"} if view else {}
        counts, problems = cast(
            "tuple[dict[str, int], tuple[Problem, ...]]",
            run_job(request_for({"acme": acme}, views, seconds), f"{JOBS}:row_counts"),
        )
        assert counts == {"holiday": 100}
        (problem,) = problems
        return problem

    def test_an_endless_view_is_named(self, acme: Path) -> None:
        assert self.problem(acme, ENDLESS) == Problem("reviewtui.toml", 20, f"The view usage_day {TIMED_OUT}")

    def test_a_view_that_ignores_the_interrupt_is_named(self, acme: Path) -> None:
        assert self.problem(acme, UNSTOPPABLE) == Problem("reviewtui.toml", 20, f"The view usage_day {IGNORED}")

    def test_a_view_that_eats_the_memory_is_named(self, acme: Path) -> None:
        assert self.problem(acme, HUGE, 60) == Problem("reviewtui.toml", 20, f"The view usage_day {TOO_BIG}")

    def test_an_endless_view_stored_in_the_data_is_named(self, tmp_path: Path) -> None:
        view = f"CREATE VIEW usage_day AS SELECT 'p' AS product_id, day FROM ({ENDLESS})"
        path = make_file(tmp_path / "acme.duckdb", HOLIDAYS, view)
        assert self.problem(path) == Problem("acme.main.usage_day", None, f"This view of the data file {TIMED_OUT}")

    def test_too_many_failing_views_end_in_a_sentence(self, acme: Path) -> None:
        """Each attempt costs its deadline, so there are only a few."""
        columns = "DATE '2026-01-01' AS month, 'x' AS product_id, 'x' AS event, 'x' AS user_id, 'x' AS currency,"
        columns += " 1 AS rate_to_base, 'x' AS customer_id, 'x' AS metric, 1 AS value, now() AS at, 'x' AS ticket_id,"
        columns += " 'x' AS kind, now() AS created_at, DATE '2026-01-01' AS week, 'x' AS component, 1 AS amount"
        tables = ["event_month", "fx_rate", "customer", "metric_value", "ticket_event", "ticket", "cost_week"]
        view = f"SELECT {columns}, (SELECT error('this view fails')) AS day"
        with pytest.raises(SourceError, match="Too many views cannot be read") as caught:
            run_job(
                request_for({"acme": acme}, dict.fromkeys(tables[: MAX_EXCLUDED_VIEWS + 1], view)),
                f"{JOBS}:row_counts",
            )
        assert caught.value.message.count("this view fails") == MAX_EXCLUDED_VIEWS + 1


class TestStarting:
    """The child starts wherever the program runs."""

    @pytest.mark.parametrize("executable", ["", "/no/such/python"])
    def test_an_odd_name_of_the_interpreter_does_not_matter(
        self, executable: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys, "executable", executable)
        assert run_job(request_for({}), f"{JOBS}:echo", 1) == 1

    def test_no_interpreter_at_all_is_a_sentence(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr(sys, "executable", "")
        monkeypatch.setattr(sys, "prefix", str(tmp_path))
        with pytest.raises(SourceError, match="cannot be found"):
            run_job(request_for({}), f"{JOBS}:echo", 1)

    def test_modules_in_the_current_folder_are_not_run(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A workspace from someone else may hold a `duckdb.py`."""
        for name in ("duckdb", "pickle", "signal", "sitecustomize"):
            (tmp_path / f"{name}.py").write_text("import pathlib; pathlib.Path('was-run').touch(); 1 / 0")
        monkeypatch.chdir(tmp_path)
        assert run_job(request_for({}), f"{JOBS}:echo", 1) == 1
        assert not (tmp_path / "was-run").exists()


class TestFrames:
    def test_messages_survive_any_cutting(self) -> None:
        """Bytes may arrive one by one or several messages at once."""
        messages = [Progress("a"), "x" * 1000, None]
        stream = b"".join(packed(message) for message in messages)
        for size in (1, 7, len(stream)):
            inbox, heard = Inbox(), []
            for start in range(0, len(stream), size):
                inbox.feed(stream[start : start + size])
                while inbox.has_message:
                    heard.append(inbox.take())
            assert heard == messages
