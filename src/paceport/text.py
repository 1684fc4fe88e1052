"""Makes a server's text safe for a terminal."""

_BLANKS = frozenset("\n\r\t\u2028\u2029")


def clean(text: str) -> str:
    """Text of a server made fit for a terminal: no control, escape or bidi characters; spaces for line ends.

    C0 and C1 controls, DEL, the bidi embeddings, overrides and isolates (U+202A-202E, U+2066-2069), U+200E/F, U+061C
    and the line separators go; all else stays, in any script.
    """
    if text.isascii() and text.isprintable():
        return text
    # Each character that occurs is judged once: answers of a megabyte have some hundred different ones.
    fates = {ord(char): " " if char in _BLANKS else None for char in set(text) if char in _BLANKS or _is_hostile(char)}
    return text.translate(fates) if fates else text


def _is_hostile(char: str) -> bool:
    point = ord(char)
    return (
        point < 0x20
        or 0x7F <= point <= 0x9F
        or 0x202A <= point <= 0x202E
        or 0x2066 <= point <= 0x2069
        or point in {0x200E, 0x200F, 0x061C, 0xFEFF}
        or 0xD800 <= point <= 0xDFFF
    )
