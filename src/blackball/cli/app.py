"""The verbs, and what becomes of errors."""

from __future__ import annotations

import sys

import typer

from blackball.cli.aggregate import aggregate
from blackball.cli.ask import ask
from blackball.cli.attribute import attribute
from blackball.cli.calibrate import calibrate
from blackball.cli.check import check
from blackball.cli.convert import convert
from blackball.cli.crossvalidate import crossvalidate
from blackball.cli.decide import decide
from blackball.cli.fit import fit
from blackball.cli.history import history
from blackball.cli.leave_out import leave_out
from blackball.cli.regimes import regimes
from blackball.cli.report import report
from blackball.cli.score import score
from blackball.cli.sensitivity import sensitivity
from blackball.cli.study import compare, diagnose, export
from blackball.cli.update import update
from blackball.errors import BlackballError

__all__ = ["app", "main"]

app = typer.Typer(
    name="blackball",
    help="How likely is a catastrophe under each way of governing AI? From judgements to a posterior.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
VERBS = (
    fit,
    check,
    convert,
    aggregate,
    score,
    crossvalidate,
    regimes,
    calibrate,
    diagnose,
    leave_out,
    compare,
    attribute,
    decide,
    sensitivity,
    ask,
    export,
    report,
    update,
    history,
)
for verb in VERBS:
    app.command()(verb)

MISTAKE = 1
INTERRUPTED = 130


def main(*arguments: str) -> None:
    """Run the command line: exit 1 for a user's mistake, 2 for a failed verdict, 130 when interrupted.

    Parameters
    ----------
    *arguments : str
        Stand before those of the process: a model file that is run as a script says `fit` and its own path.
    """
    try:
        code = app([*arguments, *sys.argv[1:]], standalone_mode=False)
    except BlackballError as error:
        print(error, file=sys.stderr)
        code = MISTAKE
    except typer.TyperException as error:
        if error.format_message():  # without a verb, help was printed and there is no more to say
            print(f"{error.format_message()} (see `blackball --help`)", file=sys.stderr)
        code = MISTAKE
    if code == INTERRUPTED:
        print("interrupted; nothing was left half written", file=sys.stderr)
    sys.exit(code or 0)
