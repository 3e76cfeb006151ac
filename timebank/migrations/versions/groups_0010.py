"""Who belongs to a group, the rosters of events, and the codes that hang inside a door."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "memberships",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("from_day", sa.String(length=10), nullable=False),
        sa.Column("until_day", sa.String(length=10), nullable=True),
        sa.Column("noted_by", sa.String(length=32), nullable=False),
        sa.CheckConstraint("team <> person", name=op.f("ck_memberships_two_people")),
        sa.ForeignKeyConstraint(["noted_by"], ["logins.id"], name=op.f("fk_memberships_noted_by_logins")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_memberships_person_people")),
        sa.ForeignKeyConstraint(["team"], ["people.id"], name=op.f("fk_memberships_team_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
    )
    op.create_index(op.f("ix_memberships_team"), "memberships", ["team"])
    op.create_index(op.f("ix_memberships_person"), "memberships", ["person"])
    _create_rosters()
    op.create_table(
        "door_codes",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("length(code_hash) = 32", name=op.f("ck_door_codes_code_hash_length")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_door_codes_person_people")),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_door_codes")),
    )


def _create_rosters() -> None:
    op.create_table(
        "rosters",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", sa.String(length=32), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("length(digest) = 32", name=op.f("ck_rosters_digest_length")),
        sa.ForeignKeyConstraint(["community"], ["communities.code"], name=op.f("fk_rosters_community_communities")),
        sa.ForeignKeyConstraint(["recorded_by"], ["logins.id"], name=op.f("fk_rosters_recorded_by_logins")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rosters")),
    )
    op.create_table(
        "roster_rows",
        sa.Column("roster", sa.String(length=32), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("entry", sa.String(length=255), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("facts", sa.String(length=1000), nullable=False),
        sa.CheckConstraint("outcome IN ('entered', 'waiting', 'refused')", name=op.f("ck_roster_rows_outcome_known")),
        sa.CheckConstraint(
            "(outcome = 'refused') = (code IS NOT NULL)", name=op.f("ck_roster_rows_refused_has_a_code")
        ),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_roster_rows_person_people")),
        sa.ForeignKeyConstraint(["roster"], ["rosters.id"], name=op.f("fk_roster_rows_roster_rosters")),
        sa.PrimaryKeyConstraint("roster", "n", name=op.f("pk_roster_rows")),
    )
    op.create_index(op.f("ix_roster_rows_person"), "roster_rows", ["person"])
