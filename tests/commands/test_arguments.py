"""What the command line accepts, and how it refuses."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from reviewtui.cli import main
from reviewtui.commands.arguments import as_of_date, positive_number, whole_number
from reviewtui.commands.command_line import build_parser, load_commands
from reviewtui.months import Month


@pytest.mark.parametrize(
    "words",
    [
        ("--workspace", "W", "--as-of", "2026-04-30", "metrics"),
        ("metrics", "--workspace", "W", "--as-of", "2026-04-30"),
        ("--workspace=W", "metrics", "--as-of=2026-04-30"),
    ],
)
def test_options_of_every_command_stand_before_or_after_it(words: tuple[str, ...]) -> None:
    options = build_parser().parse_args(words)
    assert (options.workspace, options.as_of) == (Path("W"), date(2026, 4, 30))


def test_the_later_of_two_wins() -> None:
    assert build_parser().parse_args(("--workspace", "A", "check", "--workspace", "B")).workspace == Path("B")


def test_metrics_may_name_several_products_and_metrics() -> None:
    words = ("metrics", "--product", "a", "--product", "*", "--metric", "mrr", "--from", "2026-01", "--to", "2026-02")
    options = build_parser().parse_args(words)
    assert (options.product, options.metric) == (["a", "*"], ["mrr"])
    assert (options.first, options.last) == (Month(2026, 1), Month(2026, 2))


def test_sources_may_follow_each_other_or_be_named_one_by_one() -> None:
    options = build_parser().parse_args(("init", "ws", "--source", "a", "b", "--source", "c"))
    assert options.source == [Path("a"), Path("b"), Path("c")]


def test_lists_do_not_leak_from_one_parse_into_the_next() -> None:
    parser = build_parser()
    parser.parse_args(("metrics", "--product", "a"))
    assert parser.parse_args(("metrics",)).product == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("metric",), "there is no command 'metric'; did you mean metrics?"),
        (("zzz",), "there is no command 'zzz'; there are: demo, init, check, metrics, anomalies, costs"),
        (("metrics", "--format", "cvs"), "there is no --format 'cvs'; did you mean csv?"),
        (("metrics", "--from", "2026-13"), "a month is written YYYY-MM"),
        (("metrics", "--from", "2026-02", "--to", "2026-01"), "--from 2026-02 is after --to 2026-01"),
        (("metrics", "--prod", "a"), "unrecognized arguments: --prod"),
        (("check", "extra"), "unrecognized arguments: extra"),
        (("--as-of", "30.4.2026", "check"), "a date is written YYYY-MM-DD"),
        (("--as-of", "0001-01-01", "check"), "the year lies between"),
        (("--as-of", "9999-12-31", "check"), "the year lies between"),
        (("check", "--workspace", ""), "a path is missing"),
        (("check", "--workspace", "/nowhere/at/all"), "is no folder"),
        (("init", "ws"), "--source"),
        (("init", "--source", "a.duckdb"), "The folder of the new workspace is missing"),
        (("init", "a", "--workspace", "b", "--source", "c"), "Two folders are named"),
        (("demo", "--scale", "0"), "a number above 0"),
        (("demo", "--seed", "-1"), "--seed"),
        (("metrics", "--product", "\x1b[2J", "--bogus\x1b]0;x\x07"), "unrecognized arguments"),
    ],
)
def test_wrong_usage_is_one_plain_line_and_exit_code_2(
    words: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert sentence in captured.err
    assert captured.err.count("\n") == 1
    assert captured.err.rstrip("\n").isprintable()


def test_help_lists_exactly_the_commands_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("--help",)) == 0
    listed = capsys.readouterr().out.split("COMMAND\n")[1].split("\n\n")[0].splitlines()
    assert [line.split()[0] for line in listed] == [command.name for command in load_commands()]


@pytest.mark.parametrize("command", [command.name for command in load_commands()])
def test_every_command_has_help_with_examples(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main((command, "--help")) == 0
    text = capsys.readouterr().out
    assert "examples:\n  reviewtui" in text or "examples:\n  cd" in text
    assert "--as-of" in text


def test_every_example_of_the_help_is_accepted() -> None:
    import shlex

    parser = build_parser()
    for command in load_commands():
        for example in command.examples:
            first = example.split("&&")[0].split(">")[0].split("#")[0]
            words = shlex.split(first)
            if words[0] == "reviewtui":
                assert parser.parse_args(words[1:]).run == command.run


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    from reviewtui import __version__

    assert main(("--version",)) == 0
    assert capsys.readouterr().out == f"reviewtui {__version__}\n"


def test_values_are_read_as_they_are_meant() -> None:
    assert as_of_date("2026-02-28") == date(2026, 2, 28)
    assert whole_number("0") == 0
    assert positive_number("0.5") == 0.5
