"""What is known of people beyond their names: classes, trainings, guardians, groups, how far a consent goes."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

# Consents given before they had a scope were for everything that somebody may do with hours of her own.
_ALL = "see_own redeem_own gift_own donate_own confirm_own question_own certify_own"

# Added one by one, with their checks: SQLite would have to make the table anew, and half the directory refers to it.
_PEOPLE = (
    "kind VARCHAR(10) DEFAULT 'person' NOT NULL"
    " CONSTRAINT ck_people_kind_known CHECK (kind IN ('person', 'group', 'provider'))",
    "suspended_at BIGINT",
    "deceased_on VARCHAR(10)"
    " CONSTRAINT ck_people_erased_has_no_standing CHECK"
    " (erased_at IS NULL OR (suspended_at IS NULL AND deceased_on IS NULL))",
)
_KINSHIPS = (
    "scope VARCHAR(200) DEFAULT '' NOT NULL",
    "monthly_minutes INTEGER CONSTRAINT ck_kinships_monthly_positive CHECK (monthly_minutes > 0)",
)


def upgrade() -> None:
    for table, columns in (("people", _PEOPLE), ("kinships", _KINSHIPS)):
        for column in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    op.execute(f"UPDATE kinships SET scope = '{_ALL}'")
    _widen_approvals()
    _create_beside_people()


def _widen_approvals() -> None:
    with op.batch_alter_table("approvals") as approvals:
        approvals.drop_constraint(op.f("ck_approvals_kind_known"), type_="check")
        approvals.create_check_constraint(
            op.f("ck_approvals_kind_known"), "kind IN ('reverse', 'grant', 'visit', 'death', 'incapable', 'close')"
        )


def _create_beside_people() -> None:
    op.create_table(
        "person_classes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("proof", sa.String(length=30), nullable=False),
        sa.Column("granted_by", sa.String(length=32), nullable=False),
        sa.Column("from_day", sa.String(length=10), nullable=False),
        sa.Column("expires_on", sa.String(length=10), nullable=True),
        sa.CheckConstraint(
            "name IN ('key-elder', 'disabled', 'minor-in-hardship', 'low-income', 'veteran-family', 'hardship')",
            name=op.f("ck_person_classes_name_known"),
        ),
        sa.ForeignKeyConstraint(["granted_by"], ["logins.id"], name=op.f("fk_person_classes_granted_by_logins")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_person_classes_person_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_classes")),
    )
    op.create_index(op.f("ix_person_classes_person"), "person_classes", ["person"])
    op.create_table(
        "trainings",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("course", sa.String(length=40), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("expires_on", sa.String(length=10), nullable=True),
        sa.Column("recorded_by", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_trainings_person_people")),
        sa.ForeignKeyConstraint(["recorded_by"], ["logins.id"], name=op.f("fk_trainings_recorded_by_logins")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainings")),
    )
    op.create_index(op.f("ix_trainings_person"), "trainings", ["person"])
    op.create_table(
        "guardians",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("ward", sa.String(length=32), nullable=False),
        sa.Column("guardian", sa.String(length=32), nullable=False),
        sa.Column("proof", sa.String(length=30), nullable=False),
        sa.Column("from_day", sa.String(length=10), nullable=False),
        sa.Column("expires_on", sa.String(length=10), nullable=True),
        sa.Column("recorded_by", sa.String(length=32), nullable=False),
        sa.CheckConstraint("ward <> guardian", name=op.f("ck_guardians_two_people")),
        sa.ForeignKeyConstraint(["guardian"], ["people.id"], name=op.f("fk_guardians_guardian_people")),
        sa.ForeignKeyConstraint(["recorded_by"], ["logins.id"], name=op.f("fk_guardians_recorded_by_logins")),
        sa.ForeignKeyConstraint(["ward"], ["people.id"], name=op.f("fk_guardians_ward_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardians")),
    )
    op.create_index(op.f("ix_guardians_guardian"), "guardians", ["guardian"])
    op.create_index(op.f("ix_guardians_ward"), "guardians", ["ward"])
