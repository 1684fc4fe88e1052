"""A machine without fonts: settings for the library that the picture's renderer asks where fonts are."""

from pathlib import Path


def without_fonts(folder: Path) -> dict[str, str]:
    """Variables for a process that finds no font; two things are written into the folder."""
    (folder / "no-fonts").mkdir(exist_ok=True)
    settings = folder / "fonts.conf"
    settings.write_text(
        f'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>{folder / "no-fonts"}</dir>'
        "</fontconfig>"
    )
    return {"FONTCONFIG_FILE": str(settings)}
