"""Handing a file in, and asking what became of it."""

from __future__ import annotations

from werkzeug import Response

from paceport.sandbox.http.answers import json_answer
from paceport.sandbox.http.routing import Call, HttpRoute
from paceport.sandbox.json.scalars import Json
from paceport.sandbox.json.uploads import upload_json
from paceport.sandbox.state.refusals import bad_request, not_found
from paceport.sandbox.state.uploads import Upload


def receive(call: Call) -> Response:
    """Take a file in: 201 says received, not done."""
    file = call.request.files.get("file")
    if file is None:
        # A field instead of a file part: some clients send small files so.
        text = call.request.form.get("file")
        if text is None:
            raise bad_request("Upload", "data", "empty")
        content, name = text.encode("utf-8", "surrogateescape"), ""
    else:
        content, name = file.stream.read(), file.filename or ""
    form_fields = {**call.request.args.to_dict(), **call.request.form.to_dict()}
    upload = call.world.uploads.receive(call.grant.athlete_id, content, name, form_fields, call.now)
    return json_answer(_json(call, upload), status=201)


def status(call: Call) -> Response:
    """Where an upload stands."""
    upload = call.world.uploads.poll(call.args["upload_id"], call.grant.athlete_id)
    if upload is None:
        raise not_found()
    return json_answer(_json(call, upload))


def _json(call: Call, upload: Upload) -> Json:
    is_deleted = upload.activity_id in call.world.activity_store.deleted
    return upload_json(upload, call.world.uploads.status(upload), is_deleted=is_deleted)


ROUTES = (
    HttpRoute(method="POST", path="/uploads", handler=receive, needs="activity:write", is_read=False),
    HttpRoute(method="GET", path="/uploads/<int:upload_id>", handler=status, needs="activity:write"),
)
