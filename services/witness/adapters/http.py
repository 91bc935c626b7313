"""The witness over HTTP (C2SP tlog-witness)."""

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import PlainTextResponse

from plateward.tlog.evidence import ConsistencyEvidence
from plateward.tlog.keys import NotSigned
from plateward.tlog.text import Malformed
from services.witness.witnessing import AnotherLog, AnotherSize, UnknownLog, Witnessing

logger = structlog.get_logger("services.witness")

REQUEST_BYTES_MAX = 64 * 1024
SIZE_TYPE = "text/x.tlog.size"


def witness_routes(witnessing: Witnessing) -> APIRouter:
    """The one thing that a witness does."""
    router = APIRouter()

    @router.post("/add-checkpoint")
    async def add_checkpoint(request: Request) -> Response:
        content = bytearray()
        async for chunk in request.stream():
            content += chunk
            if len(content) > REQUEST_BYTES_MAX:
                return PlainTextResponse("a checkpoint and its proof are shorter\n", 413)
        return await run_in_threadpool(_answer, witnessing, bytes(content))

    return router


def _answer(witnessing: Witnessing, content: bytes) -> Response:
    try:
        signature = witnessing.add_checkpoint(ConsistencyEvidence.parse(content.decode()))
    except (Malformed, UnicodeDecodeError) as error:
        return PlainTextResponse(f"{error}\n", 400)
    except UnknownLog as error:
        return PlainTextResponse(f"{error}\n", 404)
    except NotSigned as error:
        return PlainTextResponse(f"{error}\n", 403)
    except AnotherSize as error:
        return Response(f"{error.size}\n", 409, headers={"Content-Type": SIZE_TYPE})
    except AnotherLog as error:
        # Both are signed by the log's own key: together they are what convicts it.
        logger.error("witness.another_log", reason=str(error), before=str(error.before), now=str(error.now))
        return PlainTextResponse(f"{error}\n", 409 if error.same_size else 422)
    return PlainTextResponse(signature.line())
