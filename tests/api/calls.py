"""Call the API as somebody, and look at problems, receipts and the ledger's size."""

import json as jsons
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.world import HERE, World
from timebank.access import OPERATOR, Right
from timebank.ledger import KeyRole, Receipt, Signer, parse_record
from timebank.services import audits, keys, logins

V1 = "/api/v1"
PLACE = f"{V1}/communities/{HERE}"


@dataclass
class Calls:
    """The API over a world; callers come with tokens that may do all that their login may."""

    app: Flask
    world: World

    def __post_init__(self) -> None:
        self.client = self.app.test_client(use_cookies=False)
        self._tokens: dict[str, str] = {}

    def token(self, name: str, scopes: frozenset[Right] = frozenset(Right), days: int = 90) -> str:
        login = self.world.actors[name].login
        return logins.issue_token(self.world.bank, OPERATOR, login, "test", scopes, days)

    def headers(self, name: str | None) -> dict[str, str]:
        if name is None:
            return {}
        if name not in self._tokens:
            self._tokens[name] = self.token(name)
        return {"Authorization": f"Bearer {self._tokens[name]}"}

    def get(self, address: str, name: str | None = "clerk", **headers: str) -> TestResponse:
        return self.client.get(address, headers=self.headers(name) | _spelled(headers))

    def post(
        self, address: str, json: Any, name: str | None = "clerk", key: str | None = "", **headers: str
    ) -> TestResponse:
        """`key`: a fresh one when empty, none when None."""
        sent = self.headers(name) | _spelled(headers)
        if key is not None:
            sent["Idempotency-Key"] = key or self.world.bank.uuid()
        body = json if isinstance(json, str | bytes) else jsons.dumps(json)
        return self.client.post(address, data=body, content_type="application/json", headers=sent)

    def made(self, address: str, json: Any, name: str = "clerk", key: str = "") -> dict[str, Any]:
        """The answer of a write that must succeed, its receipt checked."""
        response = self.post(address, json, name, key)
        assert response.status_code == 201, response.text
        answer: dict[str, Any] = response.get_json()
        proved(answer, self.log_key())
        assert response.headers["Location"] == f"{PLACE}/entries/{answer['entry']['id']}"
        return answer

    def log_key(self) -> Signer:
        return self.world.bank.keyring.signer(self.world.bank.origin(HERE))

    def person(self, name: str) -> str:
        return self.world.people[name].id

    def size(self) -> int:
        return audits.overview(self.world.bank, self.world.actors["auditor"], HERE, limit=1).head.size

    def visit(self, **change: Any) -> dict[str, Any]:
        return {
            "volunteer": self.person("li"),
            "served": [self.person("wang")],
            "day": self.world.clock.day,
            "minutes": 60,
            "service": "company",
            "confirmed": "card",
        } | change

    def key(self, role: KeyRole = KeyRole.STATION, name: str = "program-1") -> Signer:
        """A key of somebody outside, registered in the ledger."""
        signer = Signer.generate(f"{self.world.bank.origin(HERE)}/{name}")
        keys.register(self.world.bank, OPERATOR, HERE, str(signer.vkey), role)
        return signer


def _spelled(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def proved(answer: dict[str, Any], log_key: Signer) -> Receipt:
    """The receipt of a write's answer: it holds that very entry and leads to the signed root."""
    receipt = Receipt.parse(answer["receipt"].encode())
    record = parse_record(receipt.entry.record)
    assert (record.id, record.seq) == (answer["entry"]["id"], answer["entry"]["seq"])
    assert receipt.checkpoint.is_signed_by(log_key.vkey)
    assert all(proof.leads_to(receipt.checkpoint) for proof in (receipt.entry, *receipt.keys))
    return receipt


def problem(response: TestResponse) -> dict[str, Any]:
    """The problem in a response, with all that every problem must have."""
    assert response.mimetype == "application/problem+json", response.text
    found: dict[str, Any] = response.get_json()
    assert {"type", "title", "status", "detail", "code", "request_id", "instance"} <= found.keys()
    assert found["status"] == response.status_code
    assert found["request_id"] == response.headers["X-Request-ID"]
    assert found["detail"]
    return found
