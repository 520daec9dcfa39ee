"""Identify what a panel says."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from blackball.panel.schema import SCHEMAS
from blackball.panel.table import as_table

if TYPE_CHECKING:
    from blackball.panel.panel import Panel

__all__ = ["fingerprint"]


def fingerprint(panel: Panel) -> str:
    """Identify what a panel says, whatever its name and the order of its rows.

    Parameters
    ----------
    panel : Panel

    Returns
    -------
    str
        SHA-256 in hexadecimal of the sorted rows of the three tables.
    """
    frames = {"judgements": panel.judgements, "experts": panel.experts, "questions": panel.questions}
    rows = {
        schema.name: sorted(as_table(frames[schema.name], schema, schema.name).cells.to_numpy().tolist())
        for schema in SCHEMAS
    }
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()
