"""The command line: parse, call one function, print.

Nothing heavy is imported before it is needed, so that help and mistakes answer at once.
"""

from blackball.cli.app import main

__all__ = ["main"]
