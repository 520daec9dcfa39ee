"""The pages of the documentation and the code in them."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
MAKES_THE_FIT = DOCS / "fit-and-doubt.md"

BLOCK = re.compile(r"^```python\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)

Names = dict[str, object]


def blocks(page: Path) -> list[str]:
    """Return a page's Python blocks, each pushed down to its own line so that a traceback points into the page."""
    text = page.read_text(encoding="utf-8")
    return ["\n" * text.count("\n", 0, found.start("code")) + found["code"] for found in BLOCK.finditer(text)]


def run(page: Path, code: list[str], names: Names) -> Names:
    """Execute blocks of a page one after the other, in one namespace that begins with the given names."""
    namespace: Names = {**names, "__name__": page.stem}
    for block in code:
        exec(compile(block, str(page), "exec"), namespace)
    return namespace
