"""Read single cells strictly, and word what would have been right."""

from __future__ import annotations

import difflib
import math
import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

__all__ = ["numbers", "pair", "unknown"]

NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
SHOWN = 20
"""Longest list of valid names that a message spells out."""


def numbers(texts: Iterable[str]) -> NDArray[np.float64]:
    """Read plain decimal numbers.

    Parameters
    ----------
    texts : iterable of str

    Returns
    -------
    ndarray of float, shape (texts,)
        NaN wherever the text is no finite decimal number, such as `nan`, `inf`, `10%`, `1,000` or `1_000`.
    """
    read = np.array([float(text) if NUMBER.fullmatch(text) else math.nan for text in texts], dtype=float)
    read[np.isinf(read)] = math.nan
    return read


def pair(texts: Sequence[str]) -> NDArray[np.float64]:
    """Read two numbers with a colon between them, as in odds `1:19` and bins `0:0.5`.

    Parameters
    ----------
    texts : sequence of str

    Returns
    -------
    ndarray of float, shape (texts, 2)
        NaN wherever the text is something else.
    """
    halves = [text.split(":") if text.count(":") == 1 else ["", ""] for text in texts]
    flat = numbers(half.strip() for both in halves for half in both)
    return flat.reshape(-1, 2)


def unknown(what: str, name: str, valid: Iterable[str]) -> str:
    """Word the rule that a name must be one of those known.

    Parameters
    ----------
    what : str
        What is named, such as `expert`.
    name : str
        The name that was found.
    valid : iterable of str
        The names that would have been right.

    Returns
    -------
    str
        The rule, the nearest valid name if one is near, and the valid names.
    """
    names = list(valid)
    near = difflib.get_close_matches(name, names, n=1) if len(name) < 100 else []
    hint = f"; did you mean {near[0]!r}?" if near else ""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"unknown {what}{hint}; valid names: {', '.join(names[:SHOWN]) or '(none)'}{more}"
