"""What kind of file some bytes are, in the words of the upload endpoint. The name is ignored."""

import re
import zlib

from paceport.errors import FileError

_ENOUGH = 65_536
_XML_ROOTS = (("gpx", "gpx"), ("TrainingCenterDatabase", "tcx"))


def data_type_of(content: bytes, path: str) -> str:
    """ "fit", "gpx", "tcx" or "json" (strength workouts), with ".gz" where the bytes are packed.

    Raises FileError, naming `path`, for anything else and for a packed file that cannot be unpacked.
    """
    if not content:
        raise _refuse(path, "it is empty")
    if content[:2] == b"\x1f\x8b":
        try:
            head = zlib.decompressobj(wbits=31).decompress(content, _ENOUGH)
        except zlib.error as error:
            raise _refuse(path, "it looks gzipped but cannot be unpacked") from error
        return f"{_plain_type(head, path)}.gz"
    return _plain_type(content[:_ENOUGH], path)


def _plain_type(head: bytes, path: str) -> str:
    # FIT: the mark stands behind a header size, versions and a data size; FIT SDK, "File Header".
    if head[8:12] == b".FIT":
        return "fit"
    text = head.decode("utf-16" if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8", "replace").lstrip(
        "\ufeff \t\r\n"
    )
    # Comments may quote anything: the first real element decides.
    text = re.sub(r"<!--.*?-->|<\?.*?\?>|<![A-Z][^>]*>", "", text, flags=re.DOTALL).lstrip()
    root = re.match(r"<(?:[\w.-]+:)?([\w.-]+)", text)
    for name, kind in _XML_ROOTS:
        if root is not None and root[1] == name:
            return kind
    if text.startswith("{") and '"sets"' in text:
        return "json"
    raise _refuse(path, f"its root is <{root[1][:40]}>" if root else "it is not a FIT, GPX or TCX file")


def _refuse(path: str, why: str) -> FileError:
    return FileError(path=path, why=why, fix="give a FIT, GPX or TCX file, gzipped or not")
