"""Decode the lines of an Excalibur file, each with its number."""

from __future__ import annotations

import re

from blackball.errors import Problem
from blackball.panel.columns import CONTROL

__all__ = ["ENCODING", "SHOWN", "text_lines"]

ENCODING = "cp1252"
"""Windows text: Latin-1 with typographic marks, such as the euro sign, where that has none."""

SHOWN = 60
"""Longest part of a line that a message shows."""

NEWLINE = re.compile(rb"\r\n|\n|\r")
END_OF_FILE = b"\x1a\r\n "


def text_lines(data: bytes, file: str) -> tuple[list[tuple[int, str]], list[Problem]]:
    """Decode the lines that are not blank.

    Parameters
    ----------
    data : bytes
        Blank lines and Ctrl-Z, which once marked the end of a file, are left out there.
    file : str
        What to call it in messages.

    Returns
    -------
    lines : list of tuple of int and str
        The line's number from 1, and its text.
    problems : list of Problem
    """
    lines, problems = [], []
    for number, raw in enumerate(NEWLINE.split(data.rstrip(END_OF_FILE)), 1):
        try:
            text = raw.decode(ENCODING)
        except UnicodeDecodeError as error:
            byte = raw[error.start : error.start + 1]
            problems.append(Problem(file, "is no Windows text (code page 1252, or Latin-1)", number, value=byte))
            continue
        control = CONTROL.search(text)
        if control:
            problems.append(Problem(file, "control characters are no text", number, value=control.group()))
        elif text.strip():
            lines.append((number, text))
    return lines, problems
