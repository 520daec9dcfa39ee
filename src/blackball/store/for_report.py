"""What a result adds to the report of its study, kept beside the result."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from blackball.errors import StudyError
from blackball.reporting.report.added import KINDS, Added, added
from blackball.reporting.report.inlined import Inlined
from blackball.store.atomic import refusing_os_errors, replacing

if TYPE_CHECKING:
    from blackball.reporting.report.added import Result

__all__ = ["kept_for_report", "write_for_report"]

NAME = "for_report.json"


def write_for_report(result: Result, folder: Path) -> Path:
    """Write the figures by which a report shows a result; a file that is there already is replaced at once.

    Raises
    ------
    StudyError
        If they cannot be written.
    """
    path = folder / NAME
    with refusing_os_errors("write", path), replacing(path) as part:
        part.write_text(json.dumps(asdict(added(result))), encoding="utf-8")
    return path


def kept_for_report(study: Path) -> list[Added]:
    """Read what is kept in the folders of a study, in the order of their names.

    Raises
    ------
    StudyError
        If such a file is damaged.
    """
    return [_read(path) for path in sorted(study.glob(f"*/{NAME}"))]


def _read(path: Path) -> Added:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        figures = tuple(Inlined(**{**one, "svg": Markup(one["svg"])}) for one in found["figures"])  # our own drawing
        if found["kind"] not in KINDS:
            raise ValueError(f"unknown kind {found['kind']!r}")
        return Added(found["kind"], str(found["made_of"]), figures)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StudyError(f"{path}: cannot be read ({error}); delete its folder and make it anew") from None
