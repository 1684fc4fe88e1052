"""Words of an export made comparable."""

import unicodedata


def make_comparable(text: str) -> str:
    """A header or word made comparable: composed, case-folded, one blank, straight apostrophe, no byte-order mark."""
    if text.isascii():
        return " ".join(text.split()).casefold()
    composed = unicodedata.normalize("NFC", text).replace("\ufeff", "").replace("\u2019", "'")
    return " ".join(composed.split()).casefold()
