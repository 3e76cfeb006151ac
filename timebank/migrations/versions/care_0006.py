"""Doubts about entries, calls, what was found odd, certificates of service, and what was filed."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    _create_questions()
    _create_callbacks()
    _create_flags()
    _create_certificates()
    _create_filings()


def _create_questions() -> None:
    op.create_table(
        "questions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("entry", sa.String(length=255), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("called", sa.Boolean(), nullable=False),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decision", sa.String(length=10), nullable=True),
        sa.CheckConstraint("decision IN ('stands', 'reversed')", name=op.f("ck_questions_decision_known")),
        sa.CheckConstraint("asked_by <> decided_by", name=op.f("ck_questions_second_person")),
        sa.CheckConstraint(
            "(decision IS NULL) = (decided_by IS NULL) AND (decision IS NULL) = (decided_at IS NULL)",
            name=op.f("ck_questions_decided_wholly"),
        ),
        sa.ForeignKeyConstraint(["community"], ["communities.code"], name=op.f("fk_questions_community_communities")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_questions_person_people")),
        sa.ForeignKeyConstraint(["asked_by"], ["logins.id"], name=op.f("fk_questions_asked_by_logins")),
        sa.ForeignKeyConstraint(["decided_by"], ["logins.id"], name=op.f("fk_questions_decided_by_logins")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    is_open = sa.text("decision IS NULL")
    op.create_index(
        "uq_questions_open",
        "questions",
        ["origin", "entry"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_index("ix_questions_community", "questions", ["community", "decision", "asked_at"])
    op.create_index(op.f("ix_questions_entry"), "questions", ["entry"])


def _create_callbacks() -> None:
    op.create_table(
        "callbacks",
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("entry", sa.String(length=255), nullable=False),
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("drawn_at", sa.BigInteger(), nullable=False),
        sa.Column("called_by", sa.String(length=32), nullable=True),
        sa.Column("called_at", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.String(length=12), nullable=True),
        sa.CheckConstraint("answer IN ('given', 'not-given', 'unreachable')", name=op.f("ck_callbacks_answer_known")),
        sa.CheckConstraint(
            "(answer IS NULL) = (called_by IS NULL) AND (answer IS NULL) = (called_at IS NULL)",
            name=op.f("ck_callbacks_called_wholly"),
        ),
        sa.ForeignKeyConstraint(["community"], ["communities.code"], name=op.f("fk_callbacks_community_communities")),
        sa.ForeignKeyConstraint(["called_by"], ["logins.id"], name=op.f("fk_callbacks_called_by_logins")),
        sa.PrimaryKeyConstraint("community", "month", "entry", name=op.f("pk_callbacks")),
    )


def _create_flags() -> None:
    op.create_table(
        "flags",
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("figure", sa.Integer(), nullable=False),
        sa.Column("closed_by", sa.String(length=32), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.CheckConstraint("figure >= 0", name=op.f("ck_flags_figure_counted")),
        sa.ForeignKeyConstraint(["community"], ["communities.code"], name=op.f("fk_flags_community_communities")),
        sa.ForeignKeyConstraint(["closed_by"], ["logins.id"], name=op.f("fk_flags_closed_by_logins")),
        sa.PrimaryKeyConstraint("community", "kind", "subject", "period", name=op.f("pk_flags")),
    )


def _create_certificates() -> None:
    op.create_table(
        "certificates",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.String(length=10), nullable=False),
        sa.Column("last_day", sa.String(length=10), nullable=False),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("public_until", sa.String(length=10), nullable=False),
        sa.Column("issued_by", sa.String(length=32), nullable=True),
        sa.Column("issued_at", sa.BigInteger(), nullable=True),
        sa.Column("stopped_by", sa.String(length=32), nullable=True),
        sa.Column("stopped_at", sa.BigInteger(), nullable=True),
        sa.Column("objection", sa.String(length=10), nullable=True),
        sa.CheckConstraint("objection IN ('hours', 'person', 'other')", name=op.f("ck_certificates_objection_known")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_certificates_minutes_positive")),
        sa.CheckConstraint("(issued_by IS NULL) = (issued_at IS NULL)", name=op.f("ck_certificates_issued_wholly")),
        sa.CheckConstraint(
            "(stopped_by IS NULL) = (stopped_at IS NULL) AND (stopped_by IS NULL) = (objection IS NULL)",
            name=op.f("ck_certificates_stopped_wholly"),
        ),
        sa.CheckConstraint("issued_at IS NULL OR stopped_at IS NULL", name=op.f("ck_certificates_issued_or_stopped")),
        sa.CheckConstraint("asked_by <> issued_by", name=op.f("ck_certificates_second_person")),
        sa.ForeignKeyConstraint(
            ["community"], ["communities.code"], name=op.f("fk_certificates_community_communities")
        ),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_certificates_person_people")),
        sa.ForeignKeyConstraint(["asked_by"], ["logins.id"], name=op.f("fk_certificates_asked_by_logins")),
        sa.ForeignKeyConstraint(["issued_by"], ["logins.id"], name=op.f("fk_certificates_issued_by_logins")),
        sa.ForeignKeyConstraint(["stopped_by"], ["logins.id"], name=op.f("fk_certificates_stopped_by_logins")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("number", name=op.f("uq_certificates_number")),
    )
    op.create_index(op.f("ix_certificates_person"), "certificates", ["person"])
    op.create_index("ix_certificates_public", "certificates", ["community", "issued_at", "stopped_at", "public_until"])


def _create_filings() -> None:
    op.create_table(
        "filings",
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("entry", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("changed_by", sa.String(length=32), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'filed', 'returned')", name=op.f("ck_filings_state_known")),
        sa.ForeignKeyConstraint(["community"], ["communities.code"], name=op.f("fk_filings_community_communities")),
        sa.ForeignKeyConstraint(["changed_by"], ["logins.id"], name=op.f("fk_filings_changed_by_logins")),
        sa.PrimaryKeyConstraint("community", "entry", name=op.f("pk_filings")),
    )
