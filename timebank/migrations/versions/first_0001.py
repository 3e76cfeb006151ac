"""The first form of the tables: the ledger's and the directory's, and the seat belts of the entries."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# Seat belts against mistakes, not evidence against an operator: who owns the tables can drop them.
_SQLITE = """
CREATE TRIGGER entries_no_{verb} BEFORE {verb} ON entries
BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END
"""
_POSTGRESQL = (
    """
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% are append-only', TG_TABLE_NAME; END $$
""",
    "CREATE TRIGGER entries_no_change BEFORE UPDATE OR DELETE ON entries FOR EACH ROW EXECUTE FUNCTION append_only()",
    "CREATE TRIGGER entries_no_truncate BEFORE TRUNCATE ON entries FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
)


def upgrade() -> None:
    _create_tables()
    if op.get_bind().dialect.name == "postgresql":
        for statement in _POSTGRESQL:
            op.execute(statement)
    else:
        for verb in ("UPDATE", "DELETE"):
            op.execute(_SQLITE.format(verb=verb))


def _create_tables() -> None:
    op.create_table(
        "ledgers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=120), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("ms", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("frontier", sa.LargeBinary(), nullable=False),
        sa.Column("offset_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("quorum", sa.SmallInteger(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("checkpoint", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("size >= 0", name=op.f("ck_ledgers_size")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledgers")),
        sa.UniqueConstraint("origin", name=op.f("uq_ledgers_origin")),
    )
    op.create_table(
        "accounts",
        sa.Column("ledger", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=180), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("served", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.Column("opened", sa.BigInteger(), nullable=True),
        sa.Column("closed", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("kind <> 'debt' OR minutes <= 0", name=op.f("ck_accounts_debt")),
        sa.CheckConstraint("minutes >= 0 OR kind IN ('issue', 'debt', 'due')", name=op.f("ck_accounts_floor")),
        sa.CheckConstraint("held >= 0 AND served >= 0", name=op.f("ck_accounts_sums")),
        sa.ForeignKeyConstraint(["ledger"], ["ledgers.id"], name=op.f("fk_accounts_ledger")),
        sa.PrimaryKeyConstraint("ledger", "name", name=op.f("pk_accounts")),
    )
    op.create_table(
        "days",
        sa.Column("ledger", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account", sa.String(length=180), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("credited", sa.BigInteger(), nullable=False),
        sa.Column("overflowed", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["ledger"], ["ledgers.id"], name=op.f("fk_days_ledger")),
        sa.PrimaryKeyConstraint("ledger", "account", "day", name=op.f("pk_days")),
    )
    op.create_table(
        "devices",
        sa.Column("ledger", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("link", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["ledger"], ["ledgers.id"], name=op.f("fk_devices_ledger")),
        sa.PrimaryKeyConstraint("ledger", "name", name=op.f("pk_devices")),
    )
    op.create_table(
        "entries",
        sa.Column("ledger", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=240), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("ms", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("seq >= 0", name=op.f("ck_entries_seq")),
        sa.ForeignKeyConstraint(["ledger"], ["ledgers.id"], name=op.f("fk_entries_ledger")),
        sa.PrimaryKeyConstraint("ledger", "seq", name=op.f("pk_entries")),
        sa.UniqueConstraint("ledger", "id", name=op.f("uq_entries_ledger_id")),
    )
    op.create_index(op.f("ix_entries_ledger_ms"), "entries", ["ledger", "ms"], unique=False)
    op.create_table(
        "holds",
        sa.Column("ledger", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=180), nullable=False),
        sa.Column("via", sa.String(length=180), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.String(length=32), nullable=True),
        sa.Column("opened", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_holds_minutes")),
        sa.ForeignKeyConstraint(["ledger"], ["ledgers.id"], name=op.f("fk_holds_ledger")),
        sa.PrimaryKeyConstraint("ledger", "id", name=op.f("pk_holds")),
    )
    op.create_index(op.f("ix_holds_ledger_via_outcome"), "holds", ["ledger", "via", "outcome"], unique=False)
    op.create_table(
        "keys",
        sa.Column("ledger", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("key_id", sa.LargeBinary(length=4), nullable=False),
        sa.Column("public", sa.LargeBinary(length=32), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("account", sa.String(length=180), nullable=True),
        sa.Column("compromised_from", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["ledger"], ["ledgers.id"], name=op.f("fk_keys_ledger")),
        sa.PrimaryKeyConstraint("ledger", "name", "key_id", name=op.f("pk_keys")),
    )
    op.create_table(
        "lines",
        sa.Column("ledger", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account", sa.String(length=180), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["ledger"], ["ledgers.id"], name=op.f("fk_lines_ledger")),
        sa.PrimaryKeyConstraint("ledger", "account", "seq", name=op.f("pk_lines")),
    )
    op.create_table(
        "pairs",
        sa.Column("ledger", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("peer", sa.String(length=120), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("link", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["ledger"], ["ledgers.id"], name=op.f("fk_pairs_ledger")),
        sa.PrimaryKeyConstraint("ledger", "peer", name=op.f("pk_pairs")),
    )
    op.create_table(
        "policies",
        sa.Column("ledger", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("from_day", sa.String(length=10), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["ledger"], ["ledgers.id"], name=op.f("fk_policies_ledger")),
        sa.PrimaryKeyConstraint("ledger", "version", name=op.f("pk_policies")),
    )
    op.create_table(
        "subtrees",
        sa.Column("ledger", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["ledger"], ["ledgers.id"], name=op.f("fk_subtrees_ledger")),
        sa.PrimaryKeyConstraint("ledger", "level", "position", name=op.f("pk_subtrees")),
    )
    op.create_table(
        "attempts",
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(subject) = 32", name=op.f("ck_attempts_subject_length")),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_attempts")),
    )
    op.create_index(op.f("ix_attempts_began_at"), "attempts", ["began_at"], unique=False)
    op.create_table(
        "clock",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("confirmed_ms", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_clock_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock")),
    )
    op.create_table(
        "communities",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("town", sa.String(length=100), nullable=False),
        sa.Column("county", sa.String(length=100), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("length(code) = 12", name=op.f("ck_communities_code_length")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_communities")),
        sa.UniqueConstraint("origin", name=op.f("uq_communities_origin")),
    )
    op.create_table(
        "details",
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("entry", sa.String(length=255), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(salt) = 32", name=op.f("ck_details_salt_length")),
        sa.PrimaryKeyConstraint("origin", "entry", name=op.f("pk_details")),
    )
    op.create_table(
        "documents",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_documents_sha256_length")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_documents")),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(length=100), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index(op.f("ix_evidence_origin"), "evidence", ["origin"], unique=False)
    op.create_table(
        "requests",
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("entry", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(digest) = 32", name=op.f("ck_requests_digest_length")),
        sa.PrimaryKeyConstraint("origin", "entry", name=op.f("pk_requests")),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("account", sa.String(length=39), nullable=False),
        sa.Column("card", sa.String(length=10), nullable=False),
        sa.Column("sealed_name", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_phone", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_address", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_note", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_born", sa.LargeBinary(), nullable=True),
        sa.Column("phone_blind", sa.LargeBinary(), nullable=True),
        sa.Column("is_volunteer", sa.Boolean(), nullable=False),
        sa.Column("is_elder", sa.Boolean(), nullable=False),
        sa.Column("is_family", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("registered_at", sa.BigInteger(), nullable=False),
        sa.Column("erased_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("language IN ('zh', 'en')", name=op.f("ck_people_language_known")),
        sa.CheckConstraint("(sealed_phone IS NULL) = (phone_blind IS NULL)", name=op.f("ck_people_phone_can_be_found")),
        sa.CheckConstraint(
            "erased_at IS NOT NULL OR sealed_name IS NOT NULL", name=op.f("ck_people_named_until_erased")
        ),
        sa.CheckConstraint(
            "erased_at IS NULL OR (sealed_name IS NULL AND sealed_phone IS NULL AND sealed_address IS NULL AND sealed_note IS NULL AND sealed_born IS NULL AND phone_blind IS NULL)",
            name=op.f("ck_people_erased_is_empty"),
        ),
        sa.CheckConstraint("length(account) = 39", name=op.f("ck_people_account_length")),
        sa.CheckConstraint("length(card) = 10", name=op.f("ck_people_card_length")),
        sa.CheckConstraint("length(id) = 32", name=op.f("ck_people_id_length")),
        sa.ForeignKeyConstraint(["community"], ["communities.code"], name=op.f("fk_people_community_communities")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("account", name=op.f("uq_people_account")),
        sa.UniqueConstraint("card", name=op.f("uq_people_card")),
    )
    op.create_index(op.f("ix_people_community"), "people", ["community"], unique=False)
    op.create_index(op.f("ix_people_phone_blind"), "people", ["phone_blind"], unique=False)
    op.create_table(
        "details_people",
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("entry", sa.String(length=255), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_details_people_person_people")),
        sa.PrimaryKeyConstraint("origin", "entry", "person", name=op.f("pk_details_people")),
    )
    op.create_index(op.f("ix_details_people_person"), "details_people", ["person"], unique=False)
    op.create_table(
        "kinships",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("member", sa.String(length=32), nullable=False),
        sa.Column("elder", sa.String(length=32), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("proof", sa.String(length=20), nullable=False),
        sa.Column("consented_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "proof IN ('household_book', 'marriage_certificate', 'birth_certificate', 'declaration')",
            name=op.f("ck_kinships_proof_known"),
        ),
        sa.CheckConstraint(
            "relation IN ('spouse', 'parent', 'parent_in_law', 'grandparent', 'child', 'grandchild', 'other')",
            name=op.f("ck_kinships_relation_known"),
        ),
        sa.CheckConstraint("member <> elder", name=op.f("ck_kinships_two_people")),
        sa.ForeignKeyConstraint(["elder"], ["people.id"], name=op.f("fk_kinships_elder_people")),
        sa.ForeignKeyConstraint(["member"], ["people.id"], name=op.f("fk_kinships_member_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kinships")),
    )
    op.create_index(op.f("ix_kinships_elder"), "kinships", ["elder"], unique=False)
    op.create_index(op.f("ix_kinships_member"), "kinships", ["member"], unique=False)
    op.create_table(
        "logins",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=True),
        sa.Column("sealed_name", sa.LargeBinary(), nullable=True),
        sa.Column("name_blind", sa.LargeBinary(), nullable=True),
        sa.Column("secret_hash", sa.String(length=200), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "NOT active OR (sealed_name IS NOT NULL AND name_blind IS NOT NULL AND secret_hash IS NOT NULL)",
            name=op.f("ck_logins_active_is_complete"),
        ),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_logins_person_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_logins")),
        sa.UniqueConstraint("name_blind", name=op.f("uq_logins_name_blind")),
    )
    op.create_index(op.f("ix_logins_person"), "logins", ["person"], unique=False)
    op.create_table(
        "orders",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("elder", sa.String(length=32), nullable=False),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("service", sa.String(length=100), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("wanted_day", sa.String(length=20), nullable=False),
        sa.Column("sealed_note", sa.LargeBinary(), nullable=True),
        sa.Column("hold", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_orders_minutes_positive")),
        sa.ForeignKeyConstraint(["community"], ["communities.code"], name=op.f("fk_orders_community_communities")),
        sa.ForeignKeyConstraint(["elder"], ["people.id"], name=op.f("fk_orders_elder_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("hold", name=op.f("uq_orders_hold")),
    )
    op.create_index(op.f("ix_orders_community"), "orders", ["community"], unique=False)
    op.create_index(op.f("ix_orders_elder"), "orders", ["elder"], unique=False)
    op.create_table(
        "approvals",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("sealed_payload", sa.LargeBinary(), nullable=True),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decision", sa.String(length=10), nullable=True),
        sa.CheckConstraint("decision IN ('approved', 'refused')", name=op.f("ck_approvals_decision_known")),
        sa.CheckConstraint("kind IN ('reverse', 'grant')", name=op.f("ck_approvals_kind_known")),
        sa.CheckConstraint(
            "(decision IS NULL) = (decided_by IS NULL) AND (decision IS NULL) = (decided_at IS NULL)",
            name=op.f("ck_approvals_decided_wholly"),
        ),
        sa.CheckConstraint("asked_by <> decided_by", name=op.f("ck_approvals_second_person")),
        sa.ForeignKeyConstraint(["asked_by"], ["logins.id"], name=op.f("fk_approvals_asked_by_logins")),
        sa.ForeignKeyConstraint(["community"], ["communities.code"], name=op.f("fk_approvals_community_communities")),
        sa.ForeignKeyConstraint(["decided_by"], ["logins.id"], name=op.f("fk_approvals_decided_by_logins")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
    )
    op.create_index(op.f("ix_approvals_community"), "approvals", ["community"], unique=False)
    op.create_index(op.f("ix_approvals_subject"), "approvals", ["subject"], unique=False)
    op.create_table(
        "grants",
        sa.Column("login", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("granted_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "role IN ('member', 'clerk', 'lead', 'auditor', 'admin')", name=op.f("ck_grants_role_known")
        ),
        sa.ForeignKeyConstraint(["login"], ["logins.id"], name=op.f("fk_grants_login_logins")),
        sa.PrimaryKeyConstraint("login", "role", "community", name=op.f("pk_grants")),
    )
    op.create_table(
        "recorded",
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("entry", sa.String(length=255), nullable=False),
        sa.Column("login", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["login"], ["logins.id"], name=op.f("fk_recorded_login_logins")),
        sa.PrimaryKeyConstraint("origin", "entry", name=op.f("pk_recorded")),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("login", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("length(token_hash) = 32", name=op.f("ck_sessions_token_hash_length")),
        sa.ForeignKeyConstraint(["login"], ["logins.id"], name=op.f("fk_sessions_login_logins")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_login"), "sessions", ["login"], unique=False)
    op.create_table(
        "tokens",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("login", sa.String(length=32), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("scopes", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("length(token_hash) = 32", name=op.f("ck_tokens_token_hash_length")),
        sa.ForeignKeyConstraint(["login"], ["logins.id"], name=op.f("fk_tokens_login_logins")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_tokens")),
    )
    op.create_index(op.f("ix_tokens_login"), "tokens", ["login"], unique=False)
