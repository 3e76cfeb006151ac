"""Logins: which secrets open, how often one may try, how long a session lasts."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher
from sqlalchemy import create_engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Db

from timebank.directory import Attempt, Base, Login, Session, Token, logins, tokens
from timebank.keyring import Master, Vault

NOW = 1_790_000_000_000
MINUTE = 60_000
VAULT = Vault(Master(bytes(range(32))))
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PACE = logins.Pace(window_ms=15 * MINUTE, per_name=5, per_address=20)
CLERK = "c" * 32


@pytest.fixture
def db(database_url: str) -> Iterator[Db]:
    engine = create_engine(database_url)
    Base.metadata.create_all(engine)
    with Db(engine) as db:
        yield db
    engine.dispose()


@pytest.fixture
def clerk(db: Db) -> Login:
    new = logins.NewLogin(id=CLERK, name="clerk-wu", shown="吴红", secret="Lantern 7", created_at=NOW)
    logins.create(db.connection(), VAULT, CHEAP, new)
    return db.get_one(Login, CLERK)


def verify(
    db: Db,
    secret: str,
    *,
    name: str = "clerk-wu",
    address: str = "192.0.2.1",
    now: int = NOW,
    hasher: PasswordHasher = CHEAP,
) -> logins.Verdict:
    verdict = logins.verify(db, VAULT, hasher, PACE, name=name, secret=secret, address=address, now=now)
    db.commit()
    return verdict


def open_session(db: Db, now: int = NOW) -> str:
    return logins.open_session(db, CLERK, now=now, lasts_ms=12 * 60 * MINUTE, random=os.urandom)


def find_session(db: Db, token: str, now: int = NOW) -> Session | None:
    found = logins.find_session(db, token, now=now, idle_ms=30 * MINUTE)
    db.flush()  # what every request asks goes to the driver, past the ORM
    visitor = logins.by_session(db.connection(), token, now=now, idle_ms=30 * MINUTE)
    assert (None if visitor is None else visitor.login) == (None if found is None else found.login)
    return found


def find_token(db: Db, bearer: str, now: int = NOW) -> logins.Visitor | None:
    db.flush()
    return logins.by_token(db.connection(), bearer, now=now)


# Secrets


def test_the_right_secret_opens_and_a_wrong_one_does_not(db: Db, clerk: Login) -> None:
    assert verify(db, "Lantern 7").login is clerk
    assert verify(db, "Lantern 7", name=" Clerk-Wu ").login is clerk
    assert verify(db, "lantern 7") == logins.Verdict()
    assert verify(db, "") == logins.Verdict()
    assert verify(db, "Lantern 7", name="clerk-li") == logins.Verdict()


def test_a_login_shows_its_name_only_through_the_vault(db: Db, clerk: Login) -> None:
    assert logins.shown_name(VAULT, clerk.id, clerk.sealed_name) == "吴红"
    assert "吴红".encode() not in (clerk.sealed_name or b"")


def test_a_pin_cannot_be_guessed_from_the_database_alone(db: Db, clerk: Login) -> None:
    logins.set_secret(db, VAULT, CHEAP, login=clerk, secret="735102", now=NOW)
    assert verify(db, "735102").login is clerk
    thief = Vault(Master(bytes(32)))
    clerk.name_blind = thief.blind("logins.name", "clerk-wu")
    db.commit()
    assert logins.verify(db, thief, CHEAP, PACE, name="clerk-wu", secret="735102", address="x", now=NOW).login is None


def test_a_hash_copied_to_another_login_opens_nothing(db: Db, clerk: Login) -> None:
    new = logins.NewLogin(id="d" * 32, name="lead-xu", shown="徐", secret="Willow 3", created_at=NOW)
    logins.create(db.connection(), VAULT, CHEAP, new)
    db.get_one(Login, new.id).secret_hash = clerk.secret_hash
    db.commit()
    assert verify(db, "Lantern 7", name="lead-xu").login is None


def test_a_login_name_is_given_once(db: Db, clerk: Login) -> None:
    again = logins.NewLogin(id="d" * 32, name="ＣＬＥＲＫ-wu", shown="x", secret="x", created_at=NOW)
    with pytest.raises(IntegrityError):
        logins.create(db.connection(), VAULT, CHEAP, again)


def test_a_closed_login_does_not_open(db: Db, clerk: Login) -> None:
    clerk.active = False
    assert verify(db, "Lantern 7") == logins.Verdict()


class Counted(PasswordHasher):
    """Counts how often the slow work is done."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.works = 0

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self.works += 1
        return super().hash(password, salt=salt)

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
        self.works += 1
        return super().verify(hash, password)


@pytest.mark.parametrize(("name", "active"), [("clerk-wu", True), ("clerk-wu", False), ("nobody", True)])
def test_a_wrong_name_costs_as_much_as_a_wrong_secret(db: Db, clerk: Login, name: str, active: bool) -> None:
    clerk.active = active
    counted = Counted()
    assert verify(db, "wrong", name=name, hasher=counted).login is None
    assert counted.works == 1


def test_a_secret_is_hashed_anew_when_the_price_has_risen(db: Db, clerk: Login) -> None:
    before = clerk.secret_hash
    assert verify(db, "Lantern 7").login is clerk
    assert clerk.secret_hash == before
    assert verify(db, "Lantern 7", hasher=PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)).login is clerk
    assert "t=2" in (clerk.secret_hash or "")
    assert verify(db, "Lantern 7").login is clerk


# Pace


def test_after_five_wrong_secrets_even_the_right_one_waits_out_the_window(db: Db, clerk: Login) -> None:
    for _ in range(5):
        assert verify(db, "wrong") == logins.Verdict()
    counted = Counted()
    assert verify(db, "Lantern 7", hasher=counted, now=NOW + MINUTE) == logins.Verdict(retry_at=NOW + 15 * MINUTE)
    assert counted.works == 0
    assert verify(db, "Lantern 7", now=NOW + 15 * MINUTE - 1).retry_at == NOW + 15 * MINUTE
    assert verify(db, "Lantern 7", now=NOW + 15 * MINUTE).login is clerk


def test_attempts_side_by_side_are_all_counted(db: Db, clerk: Login) -> None:
    db.commit()

    def attempt(_number: int) -> logins.Verdict:
        with Db(db.get_bind()) as other:
            return verify(other, "wrong")

    with ThreadPoolExecutor(max_workers=12) as threads:
        verdicts = list(threads.map(attempt, range(12)))
    assert sorted(verdict.retry_at is None for verdict in verdicts) == [False] * 7 + [True] * 5


def test_a_name_that_nobody_has_is_held_up_alike(db: Db) -> None:
    for _ in range(5):
        assert verify(db, "wrong", name="nobody") == logins.Verdict()
    assert verify(db, "wrong", name="nobody").retry_at == NOW + 15 * MINUTE


def test_another_name_s_failures_are_not_mine(db: Db, clerk: Login) -> None:
    for _ in range(6):
        verify(db, "wrong", name="nobody")
    assert verify(db, "Lantern 7").login is clerk


def test_one_address_trying_many_names_is_held_up(db: Db, clerk: Login) -> None:
    for number in range(20):
        verify(db, "wrong", name=f"name-{number}")
    assert verify(db, "Lantern 7").retry_at == NOW + 15 * MINUTE
    assert verify(db, "Lantern 7", address="192.0.2.2").login is clerk


def test_a_right_secret_starts_afresh_and_does_not_count_against_the_station(db: Db, clerk: Login) -> None:
    for _ in range(4):
        verify(db, "wrong")
    for _ in range(40):
        assert verify(db, "Lantern 7").login is clerk
    for _ in range(5):
        assert verify(db, "wrong") == logins.Verdict()


def test_neither_name_nor_address_is_kept_readable(db: Db) -> None:
    verify(db, "wrong", name="13800000001", address="192.0.2.77")
    kept = b"".join(db.scalars(select(Attempt.subject)))
    assert len(kept) == 64
    assert b"13800000001" not in kept
    assert b"192.0.2.77" not in kept


# Sessions


def test_a_session_is_found_by_its_token_and_the_token_is_not_stored(db: Db, clerk: Login) -> None:
    token = open_session(db)
    session = find_session(db, token)
    assert session is not None
    assert session.login == CLERK
    assert len(token) == 43
    assert token.encode() not in session.token_hash
    assert find_session(db, token[:-1] + ("A" if token[-1] != "A" else "E")) is None
    assert find_session(db, "") is None


def test_a_session_left_alone_ends(db: Db, clerk: Login) -> None:
    token = open_session(db)
    assert find_session(db, token, NOW + 30 * MINUTE - 1) is not None
    assert find_session(db, token, NOW + 30 * MINUTE) is None


def test_a_session_in_use_goes_on_until_its_last_hour_and_no_longer(db: Db, clerk: Login) -> None:
    token = open_session(db)
    end = NOW + 12 * 60 * MINUTE
    for now in range(NOW, end, 29 * MINUTE):
        session = find_session(db, token, now)
        assert session is not None
        logins.see_session(session, now)
        db.flush()
    assert find_session(db, token, end - 1) is not None
    assert find_session(db, token, end) is None


def test_a_session_is_noted_once_a_minute(db: Db, clerk: Login) -> None:
    session = find_session(db, open_session(db))
    assert session is not None
    assert not logins.see_session(session, NOW + MINUTE - 1)
    assert session.seen_at == NOW
    assert logins.see_session(session, NOW + MINUTE)
    assert session.seen_at == NOW + MINUTE


def test_a_revoked_session_is_refused_and_the_others_go_on(db: Db, clerk: Login) -> None:
    phone, desk = open_session(db), open_session(db, NOW + 1)
    session = find_session(db, phone)
    assert session is not None
    logins.revoke(session, NOW + 2)
    assert find_session(db, phone, NOW + 2) is None
    assert [s.token_hash for s in logins.sessions_of(db, CLERK, NOW + 2)] == [logins.hash_of(desk)]
    assert find_session(db, desk, NOW + 2) is not None


def test_a_new_secret_ends_every_session_and_the_old_secret(db: Db, clerk: Login) -> None:
    token = open_session(db)
    logins.set_secret(db, VAULT, CHEAP, login=clerk, secret="Willow 3", now=NOW)
    assert find_session(db, token) is None
    assert verify(db, "Lantern 7").login is None
    assert verify(db, "Willow 3").login is clerk


def test_closing_a_login_ends_its_sessions_and_tokens(db: Db, clerk: Login) -> None:
    token = open_session(db)
    bearer = tokens.issue(db, CLERK, label="x", scopes=[], now=NOW, expires_at=NOW + MINUTE, random=os.urandom)
    clerk.active = False
    assert find_session(db, token) is None
    assert find_token(db, bearer, NOW) is None


# Grants and API tokens


def test_a_grant_given_twice_stays_one(db: Db, clerk: Login) -> None:
    logins.grant(db.connection(), CLERK, "clerk", "520302001001", NOW)
    logins.grant(db.connection(), CLERK, "clerk", "520302001001", NOW + 1)
    logins.grant(db.connection(), CLERK, "auditor", "*", NOW)
    assert logins.grants_of(db, CLERK) == (("auditor", "*"), ("clerk", "520302001001"))


def test_the_database_refuses_a_role_that_nobody_knows(db: Db, clerk: Login) -> None:
    with pytest.raises(IntegrityError, match="ck_grants_role_known"):
        logins.grant(db.connection(), CLERK, "mayor", "*", NOW)


def test_an_api_token_has_its_scopes_until_it_ends(db: Db, clerk: Login) -> None:
    scopes = ["see_day", "audit", "audit"]
    bearer = tokens.issue(
        db, CLERK, label="figures", scopes=scopes, now=NOW, expires_at=NOW + MINUTE, random=os.urandom
    )
    assert bearer.startswith("tbk_")
    found = find_token(db, bearer, NOW + MINUTE - 1)
    assert found is not None
    assert (found.login, found.mark) == (CLERK, "audit see_day")
    assert find_token(db, bearer, NOW + MINUTE) is None
    assert find_token(db, bearer[:-1], NOW) is None
    assert db.scalar(select(func.count()).select_from(Token).where(Token.token_hash == bearer.encode())) == 0


def test_a_revoked_api_token_is_refused(db: Db, clerk: Login) -> None:
    bearer = tokens.issue(db, CLERK, label="x", scopes=[], now=NOW, expires_at=NOW + MINUTE, random=os.urandom)
    found = find_token(db, bearer, NOW)
    assert found is not None
    assert found.mark == ""
    tokens.revoke(db.get_one(Token, logins.hash_of(bearer)), NOW)
    assert find_token(db, bearer, NOW) is None
