"""Templates of what is written as text, and how text enters each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["template"]

TEX = {
    "\\": r"\textbackslash{}",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "†": r"\textdagger{}",
    "–": "--",
    "−": "$-$",
    "×": r"$\times$",
    "\u00a0": "~",
    "\n": " ",
}


def template(name: str) -> Template:
    """Load a template of the package; only HTML escapes what it is given by itself.

    Parameters
    ----------
    name : str
        Such as `report.html.jinja`.
    """
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("blackball.reporting"),
        undefined=jinja2.StrictUndefined,
        autoescape=".html" in name,
        trim_blocks=False,
        keep_trailing_newline=True,
    )
    environment.filters |= {"tex": tex, "md": md}
    return environment.get_template(name)


def tex(text: str) -> str:
    """Write plain text in LaTeX."""
    return "".join(TEX.get(sign, sign) for sign in text)


def md(text: str) -> str:
    """Write plain text in a cell of a Markdown table."""
    return text.replace("|", r"\|").replace("\n", "<br>")
