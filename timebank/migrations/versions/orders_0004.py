"""Orders know how far they have come; where people were; who may confirm with a torn-off code."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_OUTCOME = """
UPDATE orders SET state = COALESCE((
    SELECT CASE entries.kind WHEN 'settle' THEN 'confirmed' ELSE 'released' END
    FROM holds JOIN entries ON entries.ledger = holds.ledger AND entries.seq = holds.outcome
    WHERE holds.id = orders.hold
), 'open')
"""


def upgrade() -> None:
    _extend_orders()
    _create_presences()
    _create_beside_orders()


def _extend_orders() -> None:
    with op.batch_alter_table("orders") as orders:
        orders.add_column(sa.Column("state", sa.String(length=12), server_default="open", nullable=False))
        orders.add_column(sa.Column("rank", sa.SmallInteger(), server_default="5", nullable=False))
        orders.add_column(sa.Column("payer", sa.String(length=10), server_default="elder", nullable=False))
        orders.add_column(sa.Column("start", sa.Integer(), server_default="1440", nullable=False))
        orders.add_column(sa.Column("end", sa.Integer(), nullable=True))
        orders.add_column(sa.Column("gender", sa.String(length=1), nullable=True))
        orders.add_column(sa.Column("speaks", sa.String(length=10), nullable=True))
        orders.add_column(sa.Column("grid", sa.String(length=20), nullable=True))
        orders.add_column(sa.Column("sealed_place", sa.LargeBinary(), nullable=True))
        orders.add_column(sa.Column("volunteer", sa.String(length=32), nullable=True))
        orders.add_column(sa.Column("series", sa.String(length=32), nullable=True))
        orders.add_column(sa.Column("checked_in_at", sa.BigInteger(), nullable=True))
        orders.add_column(sa.Column("checked_out_at", sa.BigInteger(), nullable=True))
        orders.add_column(sa.Column("due_at", sa.BigInteger(), nullable=True))
        orders.add_column(sa.Column("lapses_at", sa.BigInteger(), nullable=True))
        orders.add_column(sa.Column("steps", sa.Integer(), server_default="0", nullable=False))
        orders.add_column(sa.Column("entitlement", sa.String(length=20), nullable=True))
        orders.add_column(sa.Column("paid", sa.Integer(), nullable=True))
        orders.drop_index(op.f("ix_orders_community"))
        orders.create_foreign_key(op.f("fk_orders_volunteer_people"), "people", ["volunteer"], ["id"])
        orders.create_check_constraint(op.f("ck_orders_start_in_day"), "start BETWEEN 0 AND 1440")
    op.create_index("ix_orders_board", "orders", ["community", "state", "rank", "wanted_day", "start", "id"])
    op.create_index("ix_orders_due", "orders", ["state", "due_at"])
    op.create_index("ix_orders_series", "orders", ["series"])
    op.create_index("ix_orders_volunteer", "orders", ["volunteer", "state", "wanted_day"])
    op.create_index("ix_people_volunteers", "people", ["community", "is_volunteer"])
    op.execute(_OUTCOME)


def _create_presences() -> None:
    op.create_table(
        "presences",
        sa.Column("entry", sa.String(length=255), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_presences_person_people")),
        sa.PrimaryKeyConstraint("entry", "person", name=op.f("pk_presences")),
    )
    op.create_index("ix_presences_person_day", "presences", ["person", "day"])


def _create_beside_orders() -> None:
    op.create_table(
        "order_elders",
        sa.Column("order", sa.String(length=32), nullable=False),
        sa.Column("elder", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["elder"], ["people.id"], name=op.f("fk_order_elders_elder_people")),
        sa.ForeignKeyConstraint(["order"], ["orders.id"], name=op.f("fk_order_elders_order_orders")),
        sa.PrimaryKeyConstraint("order", "elder", name=op.f("pk_order_elders")),
    )
    op.create_index(op.f("ix_order_elders_elder"), "order_elders", ["elder"])
    op.create_table(
        "order_events",
        sa.Column("order", sa.String(length=32), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("login", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["order"], ["orders.id"], name=op.f("fk_order_events_order_orders")),
        sa.PrimaryKeyConstraint("order", "n", name=op.f("pk_order_events")),
    )
    op.create_table(
        "ratings",
        sa.Column("order", sa.String(length=32), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("stars", sa.SmallInteger(), nullable=False),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("side IN ('elder', 'volunteer')", name=op.f("ck_ratings_side_known")),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_ratings_stars")),
        sa.ForeignKeyConstraint(["order"], ["orders.id"], name=op.f("fk_ratings_order_orders")),
        sa.PrimaryKeyConstraint("order", "side", name=op.f("pk_ratings")),
    )
    op.create_table(
        "tear_offs",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("order", sa.String(length=32), nullable=True),
        sa.Column("void_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("length(code_hash) = 32", name=op.f("ck_tear_offs_code_hash_length")),
        sa.ForeignKeyConstraint(["order"], ["orders.id"], name=op.f("fk_tear_offs_order_orders")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_tear_offs_person_people")),
        sa.PrimaryKeyConstraint("person", "code_hash", name=op.f("pk_tear_offs")),
    )
