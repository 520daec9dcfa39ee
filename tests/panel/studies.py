"""Hand-made studies of Excalibur, written by its columns and not by the code that is tested."""

from __future__ import annotations

from pathlib import Path

HEADER = "* CLASS ASCII OUTPUT FILE. NQ=   3   QU=   5  50  95"


def number(value: float) -> str:
    mantissa, exponent = f"{value:.5E}".split("E")
    return f"{mantissa}E{int(exponent):+05d}"


def said(expert: str, item: str, scale: str, *values: float | str, text: str = "", numbers: tuple[int, int] = (1, 1)):
    """Return a line of a `.dtt`; the numbers are those of the expert and of the item."""
    names = f"{numbers[0]:5d}{expert:>9}{numbers[1]:5d}{item:>15} {scale}"
    stated = [value if isinstance(value, str) else number(value) for value in values]
    return names + "".join(f"{value:>15}" for value in stated) + (f"{text:>174} " if text else " ")


def known(item: str, value: float | str, scale: str = "UNI", text: str = "", place: int = 1) -> str:
    """Return a line of a `.rls`."""
    stated = value if isinstance(value, str) else number(value)
    return f"{place:5d}{item:>15}{stated:>15} {scale}{text:>174} "


def study(folder: Path, lines: list[str], realisations: list[str] | None = None, header: str = HEADER) -> Path:
    """Write a study and return the path of its `.dtt`."""
    path = folder / "made.dtt"
    path.write_bytes("".join(f"{line}\n" for line in [header, *lines]).encode("cp1252"))
    if realisations is not None:
        path.with_suffix(".rls").write_bytes("".join(f"{line}\n" for line in realisations).encode("cp1252"))
    return path
