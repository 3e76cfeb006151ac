"""What somebody left behind, her wish for it, who cannot decide alone, and what a social worker found."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_KINDS = "kind IN ('reverse', 'grant', 'visit', 'death', 'incapable', 'close', 'estate')"


def upgrade() -> None:
    with op.batch_alter_table("approvals") as approvals:
        approvals.drop_constraint(op.f("ck_approvals_kind_known"), type_="check")
        approvals.create_check_constraint(op.f("ck_approvals_kind_known"), _KINDS)
    op.execute("ALTER TABLE guardians ADD COLUMN decides BOOLEAN DEFAULT false NOT NULL")
    op.execute("UPDATE guardians SET decides = true WHERE id IN (SELECT id FROM approvals WHERE kind = 'incapable')")
    _create_estates()
    _create_assessments()


def _create_estates() -> None:
    op.create_table(
        "last_wishes",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("heir", sa.String(length=32), nullable=True),
        sa.Column("noted_by", sa.String(length=32), nullable=False),
        sa.Column("noted_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("person <> heir", name=op.f("ck_last_wishes_two_people")),
        sa.ForeignKeyConstraint(["heir"], ["people.id"], name=op.f("fk_last_wishes_heir_people")),
        sa.ForeignKeyConstraint(["noted_by"], ["logins.id"], name=op.f("fk_last_wishes_noted_by_logins")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_last_wishes_person_people")),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_last_wishes")),
    )
    op.create_index(op.f("ix_last_wishes_heir"), "last_wishes", ["heir"])
    op.create_table(
        "estates",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("until_day", sa.String(length=10), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["community"], ["communities.code"], name=op.f("fk_estates_community_communities")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_estates_person_people")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_estates")),
        sa.UniqueConstraint("person", name=op.f("uq_estates_person")),
    )
    op.create_index("ix_estates_open", "estates", ["community", "closed_at"])
    op.create_index("ix_estates_due", "estates", ["closed_at", "until_day"])


def _create_assessments() -> None:
    op.create_table(
        "assessments",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("need", sa.String(length=10), nullable=False),
        sa.Column("accompany", sa.Boolean(), nullable=False),
        sa.Column("expires_on", sa.String(length=10), nullable=True),
        sa.Column("recorded_by", sa.String(length=32), nullable=False),
        sa.CheckConstraint("need IN ('light', 'medium', 'severe')", name=op.f("ck_assessments_need_known")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_assessments_person_people")),
        sa.ForeignKeyConstraint(["recorded_by"], ["logins.id"], name=op.f("fk_assessments_recorded_by_logins")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
    )
    op.create_index(op.f("ix_assessments_person"), "assessments", ["person"])
