"""Figures as SVG that stands in the page itself, with a text alternative."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Inlined", "inlined"]

# Whatever names an element, or refers to one of the same drawing.
NAMES = re.compile(r'(\bid="|xlink:href="#|\bhref="#|url\(#)')
DIMENSIONS = re.compile(r'<svg\b[^>]*?\bviewBox="(?P<box>[^"]+)"[^>]*>')
METADATA = re.compile(r"<metadata>.*?</metadata>", re.DOTALL)


@dataclass(frozen=True)
class Inlined:
    """A figure in a page.

    Attributes
    ----------
    name, title, words : str
        What it is called, its heading without the name of the model, and what its marks mean.
    svg : Markup
        Without ids that another figure of the page may have.
    width : int
        In CSS pixels, at which its text has its own size.
    """

    name: str
    title: str
    words: str
    svg: Markup
    width: int


def inlined(name: str, figure: Figure, note: str) -> Inlined:
    """Write a figure as SVG to stand in a page; its heading and key become the text alternative.

    Parameters
    ----------
    name : str
        Differs between the figures of a page.
    figure : Figure
        With the title and key that `blackball.reporting.style.annotate` gave it, which move out of the picture into
        the text around it.
    note : str
        What the report says once of illustrative numbers and the figure need not repeat.
    """
    heading = " ".join(figure.get_suptitle().split())
    title = heading.partition(": ")[2] or heading
    title = title[:1].upper() + title[1:]
    words = _shortened(" ".join(figure.get_supxlabel().split()), " ".join(note.split()))
    # Room stays for the banner of a failed verdict, which `annotate` puts above the heading.
    figure.suptitle("\n " if figure.get_suptitle().startswith("\n") else "", fontsize=12)
    figure.supxlabel("")
    file = StringIO()
    figure.savefig(file, format="svg", metadata={"Date": None})
    text = METADATA.sub("", file.getvalue())
    found = DIMENSIONS.search(text)
    assert found is not None  # Matplotlib writes one
    inside = NAMES.sub(rf"\g<1>{name}-", text[found.end() :])
    head = (
        f'<svg role="img" aria-labelledby="{name}-title {name}-desc" viewBox="{found["box"]}" '
        'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(words)}</desc>'
    )
    width = round(float(found["box"].split()[2]) * 96 / 72)
    return Inlined(name, title, words, Markup(head + inside), width)


def _shortened(words: str, note: str) -> str:
    """Cut the note from the end of a figure's key, but for what its mark means."""
    if not note or not words.endswith(note):
        return words
    return words.removesuffix(note) + ("leans on illustrative numbers." if note.startswith("leans on") else "")
