"""All that speed is about on one page: runs the benchmarks named here and joins their pages in `benchmarks/RESULTS.md`.

    .venv/bin/python benchmarks/results.py [NAME ...]

With names, such as `speed`, only these are run anew. On an otherwise idle machine; about an hour on two cores.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PAGES = ("rivals", "large", "sweeps", "speed")
"""In the order of the page: the default model by other tools, panels of thousands, many fits, and where time
goes."""

HEAD = """# Results

Made by `make bench`, which runs each of the scripts below on an otherwise idle machine and joins their pages. Each says
with what it was made. Times after the fit, of panels, questions and mechanisms have pages of their own:
[workflow](workflow.md), [panels](panels.md), [asking](asking.md), [mechanisms](mechanisms.md).
"""


def main(names: list[str]) -> None:
    """Run what is named and join all pages that there are.

    Raises
    ------
    SystemExit
        If a name is unknown, or a benchmark fails.
    """
    unknown = [name for name in names if name not in PAGES]
    if unknown:
        raise SystemExit(f"no such benchmark: {unknown[0]}; valid: {', '.join(PAGES)}")
    for name in names:
        print(f"== {name}", flush=True)
        done = subprocess.run([sys.executable, str(HERE / f"{name}.py")], check=False)
        if done.returncode:
            raise SystemExit(f"{name} failed")
    pages = [HERE / f"{name}.md" for name in PAGES]
    # Their headings go one level down, below that of the page.
    parts = [_below(page.read_text(encoding="utf-8")) for page in pages if page.exists()]
    (HERE / "RESULTS.md").write_text("\n".join([HEAD, *parts]), encoding="utf-8")


def _below(text: str) -> str:
    lines = text.splitlines()
    first = next(line for line in lines if line.startswith("#"))
    more = "#" if first.startswith("# ") else ""
    return "\n".join(more + line if line.startswith("#") else line for line in lines) + "\n"


if __name__ == "__main__":
    main(sys.argv[1:] or list(PAGES))
