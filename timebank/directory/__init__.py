"""People, their logins and what is private about entries: rows that may be corrected and erased."""

from sqlalchemy.orm import Session as Db

from . import approvals, clock, details, logins, orders, people, tokens
from .model import (
    Approval,
    Attempt,
    Base,
    Clock,
    Community,
    Detail,
    DetailPerson,
    Document,
    Evidence,
    Grant,
    Kinship,
    Login,
    Order,
    Person,
    Recorded,
    Request,
    Session,
    Token,
)

__all__ = [
    "Approval",
    "Attempt",
    "Base",
    "Clock",
    "Community",
    "Db",
    "Detail",
    "DetailPerson",
    "Document",
    "Evidence",
    "Grant",
    "Kinship",
    "Login",
    "Order",
    "Person",
    "Recorded",
    "Request",
    "Session",
    "Token",
    "approvals",
    "clock",
    "details",
    "logins",
    "orders",
    "people",
    "tokens",
]
