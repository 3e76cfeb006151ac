"""Who gave and took which role; when a volunteer has time; who is registered twice; stays; checks of kinship."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

# Added one by one, with their checks: SQLite would have to make the table anew, and half the directory refers to it.
_PEOPLE = (
    "times VARCHAR(200) DEFAULT '' NOT NULL",
    "goes_to VARCHAR(120) DEFAULT '' NOT NULL"
    " CONSTRAINT ck_people_erased_has_no_times CHECK"
    " (erased_at IS NULL OR (same_blind IS NULL AND times = '' AND goes_to = ''))",
)


def upgrade() -> None:
    op.add_column("people", sa.Column("same_blind", sa.LargeBinary(), nullable=True))
    for column in _PEOPLE:
        op.execute(f"ALTER TABLE people ADD COLUMN {column}")
    op.create_index(op.f("ix_people_same_blind"), "people", ["same_blind"])
    _create_role_changes()
    _create_stays()
    op.add_column("kinships", sa.Column("noted_by", sa.String(length=32), nullable=True))
    _create_kin_checks()


def _create_role_changes() -> None:
    op.create_table(
        "role_changes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("login", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["login"], ["logins.id"], name=op.f("fk_role_changes_login_logins")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_changes")),
    )
    op.create_index(op.f("ix_role_changes_login"), "role_changes", ["login"])


def _create_stays() -> None:
    op.create_table(
        "stays",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("from_day", sa.String(length=10), nullable=False),
        sa.Column("expires_on", sa.String(length=10), nullable=True),
        sa.Column("recorded_by", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_stays_person_people")),
        sa.ForeignKeyConstraint(["recorded_by"], ["logins.id"], name=op.f("fk_stays_recorded_by_logins")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stays")),
    )
    op.create_index(op.f("ix_stays_person"), "stays", ["person"])


def _create_kin_checks() -> None:
    op.create_table(
        "kin_checks",
        sa.Column("kinship", sa.String(length=32), nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("drawn_at", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=True),
        sa.Column("checked_by", sa.String(length=32), nullable=True),
        sa.Column("checked_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("answer IN ('true', 'false', 'unclear')", name=op.f("ck_kin_checks_answer_known")),
        sa.CheckConstraint(
            "(answer IS NULL) = (checked_by IS NULL) AND (answer IS NULL) = (checked_at IS NULL)",
            name=op.f("ck_kin_checks_checked_wholly"),
        ),
        sa.ForeignKeyConstraint(["kinship"], ["kinships.id"], name=op.f("fk_kin_checks_kinship_kinships")),
        sa.ForeignKeyConstraint(["community"], ["communities.code"], name=op.f("fk_kin_checks_community_communities")),
        sa.ForeignKeyConstraint(["checked_by"], ["logins.id"], name=op.f("fk_kin_checks_checked_by_logins")),
        sa.PrimaryKeyConstraint("kinship", name=op.f("pk_kin_checks")),
    )
    op.create_index(op.f("ix_kin_checks_community_month"), "kin_checks", ["community", "month"])
