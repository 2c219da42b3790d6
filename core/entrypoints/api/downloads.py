"""Files of exports, by signed link, for whoever is signed in and may have them."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse

from core.base.errors import SightlineError
from core.bootstrap import house
from core.entrypoints.api.me import who
from core.exports import service
from core.exports.service import Sending


def download(request: Request) -> Response:
    """The file behind the token; a sentence if there is none for this reader."""
    here = who(request)
    if here is None:
        # Whoever comes by a link from a mail signs in first and finds the file on the report's page.
        return RedirectResponse("/reports")
    try:
        file = service.open_download(house(), request.path_params["token"], here.user_id)
    except SightlineError as error:
        return PlainTextResponse(error.message, error.status)
    return sent(file)


def sent(file: Sending) -> Response:
    """The file as an answer, a piece at a time: a large one is never held whole."""
    length = {} if file.size is None else {"Content-Length": str(file.size)}
    return StreamingResponse(
        file.pieces,
        media_type=file.media_type,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}",
            "Cache-Control": "private, no-store",
            # An exported page may hold anything: it is a file here, never a page of ours.
            "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
            **length,
        },
    )
