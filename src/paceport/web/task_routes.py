"""The page of a task, the same for a script, and the way to stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from paceport.web.form_post import is_form

if TYPE_CHECKING:
    from starlette.requests import Request

    from paceport.web.page_writer import PageWriter
    from paceport.web.tasks import Task, Tasks


def task_routes(tasks: Tasks, writer: PageWriter) -> list[Route]:
    """Everything under `/tasks/`. A task that is unknown, or of an earlier server, is not found."""

    def asked_for(request: Request) -> Task:
        task = tasks.find(request.path_params["task_id"])
        if task is None:
            raise HTTPException(404)
        return task

    async def as_json(request: Request) -> Response:
        return JSONResponse(asked_for(request).to_json())

    async def page(request: Request) -> Response:
        return HTMLResponse(writer.write(request, "task.html", page=asked_for(request)))

    async def stop(request: Request) -> Response:
        task = asked_for(request)
        tasks.ask_to_stop(task.id)
        if is_form(request.headers):
            return RedirectResponse(task.address, status_code=303)
        return JSONResponse(asked_for(request).to_json())

    return [
        Route("/tasks/{task_id}.json", as_json, methods=["GET"]),
        Route("/tasks/{task_id}", page, methods=["GET"]),
        Route("/tasks/{task_id}/stop", stop, methods=["POST"]),
    ]
