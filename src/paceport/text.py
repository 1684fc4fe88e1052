"""Makes text safe for a terminal and for a database; puts a sentence that counts one thing into the singular."""

import re

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


def storable(text: str) -> str:
    """Text that a database takes: file names may hold bytes that are no letters."""
    return text.encode("utf-8", "backslashreplace").decode()


_ONE = re.compile(r"1 (?!of )(?=[a-z])")
_PLURALS = (
    *("positions", "gaps", "stretches", "altitudes", "heart rates", "cadences", "power values", "values", "jumps"),
    "samples",
    *("points", "sessions", "bytes", "steps"),
)
_NOUN = re.compile(rf"\b({'|'.join(_PLURALS)})\b")
# What stands behind a noun, in its plural and in its singular.
_VERBS = (("were", "was"), ("count as", "counts as"), ("do not", "does not"), ("repeat", "repeats"), ("their", "its"))


def in_singular(text: str) -> str:
    """A sentence that counts one thing, put into the singular: "1 gaps count" → "1 gap counts". Others stay."""
    text = text.replace(" 1 times", " once")
    one = _ONE.match(text)
    noun = _NOUN.search(text, one.end()) if one else None
    if one is None or noun is None:
        return text
    singular = noun[1].removesuffix("es" if noun[1] == "stretches" else "s")
    before, after = text[: noun.start()], text[noun.end() :]
    for plural, single in _VERBS:
        after = re.sub(rf"\b{plural}\b", single, after, count=1)
    return f"{before}{singular}{after}"


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
