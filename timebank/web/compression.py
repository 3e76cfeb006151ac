"""Pages and files of ours go over the line packed with gzip, a fifth of their size: telephones pay by the byte.

Who can make a browser ask for a page with words of his own in it, and sees how long the answers are, could guess at
what else stands there (BREACH). So each page is packed with a name of random length in gzip's header, as Django does:
no two lengths say the same. Files are the same for everybody, hold no secret, and are packed once.
"""

import gzip
import io
import secrets
from functools import lru_cache

from flask import Request, Response

_KINDS = ("text/html", "text/css", "text/javascript", "image/svg+xml")
_LEVEL = 5  # 6 saves a hundredth more and takes a third longer
_LEAST = 500  # bytes; less fits into one packet anyhow
_LONGEST_NAME = 100  # bytes


def pack(asked: Request, response: Response, *, same_for_all: bool) -> None:
    """Pack the body, if it is text and the browser can unpack it."""
    if response.mimetype not in _KINDS or response.status_code in (204, 206, 304):
        return
    response.vary.add("Accept-Encoding")
    if not asked.accept_encodings.quality("gzip") or "Content-Encoding" in response.headers:
        return
    response.direct_passthrough = False  # a file comes as one
    body = response.get_data()
    if len(body) < _LEAST:
        return
    response.set_data(_packed_once(body) if same_for_all else _packed(body, _name()))
    response.headers["Content-Encoding"] = "gzip"
    tag, _ = response.get_etag()
    if tag is not None:
        response.set_etag(tag, weak=True)  # the same file in other bytes


@lru_cache(maxsize=32)
def _packed_once(body: bytes) -> bytes:
    return _packed(body, "")


def _packed(body: bytes, name: str) -> bytes:
    packed = io.BytesIO()
    with gzip.GzipFile(filename=name, mode="wb", compresslevel=_LEVEL, fileobj=packed, mtime=0) as file:
        file.write(body)
    return packed.getvalue()


def _name() -> str:
    return "a" * secrets.randbelow(_LONGEST_NAME)
