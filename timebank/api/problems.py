"""Say no in JSON: every error under /api/ becomes an RFC 9457 problem, here and nowhere else."""

import json
import re
import secrets
from typing import Any

import structlog
from flask import Blueprint, Response, g, request
from flask_wtf.csrf import CSRFError
from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException, default_exceptions

from timebank import visitor
from timebank.access import Denied
from timebank.ledger import Code, Corrupted, Declined
from timebank.schemas import refusals
from timebank.schemas.inputs.parts import Said
from timebank.schemas.words import is_chinese

PROBLEMS = "/api/v1/problems"
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_log = structlog.get_logger()

# What can go wrong before or beside the ledger: the status, and the sentence in both languages.
OWN: dict[str, tuple[int, str, str]] = {
    "json-malformed": (
        400,
        "The body is not JSON in UTF-8. Check what your program sends.",
        "请求内容不是 UTF-8 编码的 JSON。请检查您的程序发送的内容。",
    ),
    "json-too-deep": (
        400,
        "The JSON is nested too deep. Nothing here needs that.",
        "JSON 嵌套过深，这里用不到这么多层。",
    ),
    "json-duplicate-key": (
        400,
        "A key occurs twice in one JSON object. Send it once.",
        "同一个 JSON 对象中有重复的键。请只发送一次。",
    ),
    "idempotency-key-missing": (
        400,
        "Send the header Idempotency-Key: a UUID version 7 that you choose once and send again with every retry.",
        "请加上请求头 Idempotency-Key：由您生成一次的 UUID 第 7 版，重试时发送同一个值。",
    ),
    "idempotency-key-malformed": (
        400,
        "The Idempotency-Key must be a UUID version 7, with or without hyphens.",
        "Idempotency-Key 必须是 UUID 第 7 版，连字符可有可无。",
    ),
    "idempotency-key-differs": (
        400,
        "The id in the body is not the Idempotency-Key. Leave the id out.",
        "请求内容中的 id 与 Idempotency-Key 不一致。请去掉 id。",
    ),
    "fields-invalid": (
        422,
        "Some fields are missing, unknown or wrong; see “errors”. Nothing was recorded.",
        "有字段缺失、未知或有误，请看 “errors”。没有记录任何内容。",
    ),
    "not-logged-in": (
        401,
        "Log in first, or send a token: Authorization: Bearer tbk_…",
        "请先登录，或发送令牌：Authorization: Bearer tbk_…",
    ),
    "token-invalid": (
        401,
        "The token is unknown, revoked or expired. Ask the operator for a new one.",
        "令牌无效、已撤销或已过期。请向管理员申请新的令牌。",
    ),
    "denied": (
        403,
        "You may not do this here. Ask the station lead if you think you should.",
        "您不能在这里办理这一项。如有需要，请找站长。",
    ),
    "forged": (
        400,
        "A request that rests on the session cookie needs the header X-CSRFToken; GET /api/v1/session gives it.",
        "依靠会话 Cookie 的请求需要请求头 X-CSRFToken，可由 GET /api/v1/session 取得。",
    ),
    "not-found": (
        404,
        "There is nothing at this address. Check it against /api/v1/openapi.json.",
        "此地址没有内容。请对照 /api/v1/openapi.json 检查。",
    ),
    "method-not-allowed": (
        405,
        "This address does not know this method. The header Allow lists those it knows.",
        "此地址不支持这种方法。请求头 Allow 列出了支持的方法。",
    ),
    "not-acceptable": (
        406,
        "This cannot be given in the form you ask for.",
        "无法以您要求的形式提供。",
    ),
    "media-type-unsupported": (
        415,
        "Send the body as application/json.",
        "请以 application/json 发送请求内容。",
    ),
    "ledger-too-large": (
        422,
        "These books are too large to replay within a request. Ask the operator to run the command “timebank verify”.",
        "账本过大，无法在一次请求中重新核验。请管理员运行命令 “timebank verify”。",
    ),
    "too-many-requests": (
        429,
        "Too many requests. Wait as long as the header Retry-After says.",
        "请求过多。请按请求头 Retry-After 所示的时间等待。",
    ),
    "request-malformed": (
        400,
        "The request cannot be read. Check what your program sends.",
        "无法读取该请求。请检查您的程序发送的内容。",
    ),
    "internal-error": (
        500,
        "This is a fault of ours. Send the same request again later, and tell the operator the request_id.",
        "这是我们的错误。请稍后重新发送同一请求，并把 request_id 告诉管理员。",
    ),
}
_BY_STATUS = {
    401: "not-logged-in",
    403: "denied",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    413: Code.BODY_TOO_LARGE.value,
    415: "media-type-unsupported",
    422: "fields-invalid",
    429: "too-many-requests",
}
_RETRY_AFTER_S = {Code.DATABASE_BUSY: 2, Code.DATABASE_UNAVAILABLE: 10, Code.OUTCOME_UNKNOWN: 10}


class Stopped(Exception):
    """A request that the API itself turns away; the code is one of OWN."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def codes() -> list[str]:
    """Every code that a problem can have."""
    return [code.value for code in Code] + sorted(OWN)


def status_of(code: str) -> int:
    return OWN[code][0] if code in OWN else refusals.status(Code(code))


def title_of(code: str) -> str:
    """A few words for the kind of problem, the same each time."""
    return code.replace("-", " ").capitalize()


def sentence_of(code: str) -> str:
    """What to do, in the reader's language; for codes of our own, which need no facts."""
    _, english, chinese = OWN[code]
    return chinese if is_chinese() else english


def request_id() -> str:
    """The id of this request in logs: the caller's own, where it is well formed."""
    if "request_id" not in g:
        sent = visitor.asked().headers.get("X-Request-ID", "")
        g.request_id = sent if _REQUEST_ID.fullmatch(sent) else secrets.token_hex(16)
    return str(g.request_id)


def members(code: str, detail: str, status: int | None = None, **more: Any) -> dict[str, Any]:
    """The members that every problem has."""
    status = status or status_of(code)
    return {
        "type": f"{PROBLEMS}/{code}",
        "title": title_of(code),
        "status": status,
        "detail": detail,
        "code": code,
    } | more


def declined_members(error: Declined) -> dict[str, Any]:
    """The problem of something that the ledger or the bank declined."""
    # How far the books were seen is for a program to go on from.
    more = {"size": error.facts["size"]} if error.code is Code.PROVE_AGAIN else {}
    return members(error.code.value, refusals.sentence(error.code, error.facts), **more)


def respond(problem: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    """The problem as the answer to this request."""
    whole = problem | {"request_id": request_id(), "instance": request.path}
    body = json.dumps(whole, ensure_ascii=False) + "\n"
    return Response(body, problem["status"], headers, content_type="application/problem+json")


def handle_in(room: Blueprint) -> None:
    """Let this blueprint answer every exception with a problem."""
    room.register_error_handler(Declined, _declined)
    room.register_error_handler(Denied, _denied)
    room.register_error_handler(Stopped, _stopped)
    room.register_error_handler(ValidationError, _invalid)
    room.register_error_handler(Corrupted, _corrupted)
    room.register_error_handler(HTTPException, on_http)
    # By status too: Flask asks for a handler of the application's own for a status before a blueprint's for the class.
    for status in default_exceptions:
        room.register_error_handler(status, on_http)
    room.register_error_handler(Exception, _bug)


def _declined(error: Declined) -> Response:
    headers = {}
    if error.code is Code.TOO_MANY_ATTEMPTS:
        headers["Retry-After"] = str(int(error.facts["minutes"]) * 60)
    if error.code in _RETRY_AFTER_S:
        headers["Retry-After"] = str(_RETRY_AFTER_S[error.code])
    return respond(declined_members(error), headers)


def _denied(error: Denied) -> Response:
    code = "not-logged-in" if error.anonymous else "denied"
    return respond(members(code, sentence_of(code)), _challenge(code))


def _stopped(error: Stopped) -> Response:
    return respond(members(error.code, sentence_of(error.code)), _challenge(error.code))


def _challenge(code: str) -> dict[str, str]:
    """RFC 6750 §3: a 401 says how to come in."""
    challenges = {"not-logged-in": "Bearer", "token-invalid": 'Bearer error="invalid_token"'}
    return {"WWW-Authenticate": challenges[code]} if code in challenges else {}


def _invalid(error: ValidationError) -> Response:
    errors = [_field(pointer, message) for pointer, message in _flat(error.messages, "")]
    if len(errors) == 1 and "code" in errors[0]:
        return respond(members(errors[0]["code"], errors[0]["detail"], errors=errors))
    return respond(members("fields-invalid", sentence_of("fields-invalid"), errors=errors))


def _field(pointer: str, message: object) -> dict[str, str]:
    found = {"pointer": pointer, "detail": str(message)}
    return found | {"code": message.code.value} if isinstance(message, Said) else found


def _flat(messages: object, pointer: str) -> list[tuple[str, object]]:
    """Marshmallow's tree of messages as JSON Pointers (RFC 6901) and their messages."""
    if isinstance(messages, dict):
        found = []
        for key, inner in messages.items():
            step = "" if key == "_schema" else "/" + str(key).replace("~", "~0").replace("/", "~1")
            found += _flat(inner, pointer + step)
        return found
    if isinstance(messages, list):
        return [pair for message in messages for pair in _flat(message, pointer)]
    return [(pointer, messages)]


def _corrupted(error: Corrupted) -> Response:
    _log.critical("ledger corrupted", request_id=request_id(), origin=error.origin, seq=error.seq, what=error.what)
    code = Code.LEDGER_READ_ONLY
    return respond(members(code.value, refusals.sentence(code, {})))


def on_http(error: HTTPException) -> Response:
    """The problem for what Flask and Werkzeug refuse themselves."""
    status = error.code or 500
    if isinstance(error, CSRFError):
        return _forged()
    code = _BY_STATUS.get(status) or ("internal-error" if status >= 500 else "request-malformed")
    sentence = sentence_of(code) if code in OWN else refusals.sentence(Code(code), {})
    kept = {name: value for name, value in error.get_headers(request.environ) if name != "Content-Type"}
    return respond(members(code, sentence, status), kept | _challenge(code))


def _forged() -> Response:
    """Without a session nothing could be forged but a log-in: whoever forgot the token is told that."""
    is_session = visitor.session_token() is not None or request.path.endswith("/session")
    code = "forged" if is_session else "not-logged-in"
    return respond(members(code, sentence_of(code)), _challenge(code))


def _bug(error: Exception) -> Response:
    _log.error("request failed", request_id=request_id(), path=request.path, exc_info=error)
    return respond(members("internal-error", sentence_of("internal-error")))
