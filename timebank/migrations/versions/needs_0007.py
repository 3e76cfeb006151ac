"""What a volunteer can do and where somebody lives; on which day an order was served; the board of one grid."""

from alembic import op

revision = "0007"
down_revision = "0006"

# Added one by one, with their checks: SQLite would have to make the table anew, and half the directory refers to it.
_PEOPLE = (
    "gender VARCHAR(1) CONSTRAINT ck_people_gender_known CHECK (gender IN ('f', 'm'))",
    "speaks VARCHAR(200) DEFAULT '' NOT NULL",
    "offers VARCHAR(500) DEFAULT '' NOT NULL",
    "grid VARCHAR(20)"
    " CONSTRAINT ck_people_erased_has_no_profile CHECK"
    " (erased_at IS NULL OR (gender IS NULL AND speaks = '' AND offers = '' AND grid IS NULL))",
)


def upgrade() -> None:
    for column in _PEOPLE:
        op.execute(f"ALTER TABLE people ADD COLUMN {column}")
    op.execute("ALTER TABLE orders ADD COLUMN served_on VARCHAR(10)")
    op.create_index("ix_orders_grid", "orders", ["community", "state", "grid", "rank", "wanted_day", "start", "id"])
    op.create_index("ix_orders_month", "orders", ["community", "wanted_day"])
