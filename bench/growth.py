"""How things grow: one ledger of a million entries and one of ten thousand, and two hundred ledgers beside them."""

from collections.abc import Callable, Iterator

from sqlalchemy import Connection

from bench.raw import Rows, rows_since, sqlite_copy, write_sqlite
from bench.rounds import Measured, interleave
from bench.shop import Counter
from bench.verification import filled, whole_of
from tests.counting import asked_of
from timebank.access import OPERATOR
from timebank.bank import Bank
from timebank.ledger import SignedIntent, debt_of, reads
from timebank.services import communities

SMALL, LARGE, LEDGERS = 10_000, 1_000_000, 200
BATCH = 1000


def measure(rounds: int, large: int = LARGE) -> Iterator[Measured]:
    """Appends, a balance, a receipt, a page of history and the start of a service, in the large against the small."""
    small, big = filled(SMALL), filled(large)
    against = f"the same at {SMALL:,} entries"
    batches = {counter: [[counter.visit() for _ in range(BATCH)] for _ in range(rounds)] for counter in (small, big)}
    yield interleave(
        f"append_all of {BATCH:,} at {large:,} entries", lambda: _append(big, batches[big].pop()), against,
        lambda: _append(small, batches[small].pop()), "entries", rounds,
    )  # fmt: skip
    yield _by_hand(big, small, f"the same rows by sqlite3 alone, at {large:,} entries", against, rounds)
    for name, ask in QUESTIONS.items():
        print(f"{name}: {_told(small, ask)} at {SMALL:,} entries, {_told(big, ask)} at {large:,}")
        yield interleave(
            f"{name} at {large:,} entries", _repeated(big, ask), against, _repeated(small, ask), "questions", rounds
        )
    name = f"start of the service at {large:,} entries"
    yield interleave(name, lambda: _start(big), against, lambda: _start(small), "starts", rounds)
    yield from whole_of(big, rounds, _size(big))
    for number in range(LEDGERS):
        code = f"5203020{number:05d}"
        founding = communities.Founding(code=code, name="社区", town="街道", county="区")
        communities.found(big.bank, OPERATOR, founding)
    more = [[big.visit() for _ in range(BATCH)] for _ in range(rounds)]
    less = [[small.visit() for _ in range(BATCH)] for _ in range(rounds)]
    yield interleave(
        f"append_all of {BATCH:,} beside {LEDGERS} more ledgers", lambda: _append(big, more.pop()), against,
        lambda: _append(small, less.pop()), "entries", rounds,
    )  # fmt: skip


def _append(counter: Counter, batch: list[SignedIntent]) -> int:
    with counter.bank.work(counter.origin) as work:
        return len(work.writer.append_all(batch))


def _by_hand(big: Counter, small: Counter, name: str, against: str, rounds: int) -> Measured:
    """What of it is the database: rows of so many batches more, written into copies of the two as they stood."""
    copies = {counter: sqlite_copy(counter.bank.engine) for counter in (big, small)}
    rows = {counter: [_rows_of_a_batch(counter) for _ in range(rounds)] for counter in copies}

    def write(counter: Counter) -> int:
        write_sqlite(copies[counter], rows[counter].pop(0))
        return BATCH

    measured = interleave(name, lambda: write(big), against, lambda: write(small), "entries", rounds)
    for copy in copies.values():
        copy.close()
    return measured


def _rows_of_a_batch(counter: Counter) -> Rows:
    with counter.bank.work(counter.origin) as work:
        first = work.writer.append_all([counter.visit() for _ in range(BATCH)])[0].seq
    return rows_since(counter.bank.engine, first)


def _balance(connection: Connection, head: reads.Head, counter: Counter) -> None:
    reads.accounts_named(connection, head, [counter.accounts[0], debt_of(counter.accounts[0])])


def _receipt(connection: Connection, head: reads.Head, counter: Counter) -> None:
    reads.receipts(connection, head, [reads.record_at(connection, head, head.size // 2)])


def _history(connection: Connection, head: reads.Head, counter: Counter) -> None:
    reads.told(connection, head, counter.accounts[0], until=head.size, most=20, newest=True)


Ask = Callable[[Connection, reads.Head, Counter], None]
QUESTIONS: dict[str, Ask] = {"a balance": _balance, "a receipt": _receipt, "a page of history": _history}


def _told(counter: Counter, ask: Ask) -> str:
    with asked_of(counter.bank) as asked, counter.bank.view() as view:
        head = view.head(counter.origin)
        ask(view.connection, head, counter)
    return f"{asked.statements} statements, {asked.rows} rows"


def _repeated(counter: Counter, ask: Ask, count: int = 100) -> Callable[[], int]:
    def run() -> int:
        with counter.bank.view() as view:
            head = view.head(counter.origin)
            for _ in range(count):
                ask(view.connection, head, counter)
        return count

    return run


def _size(counter: Counter) -> int:
    with counter.bank.view() as view:
        return view.head(counter.origin).size


def _start(counter: Counter) -> int:
    """Open the bank, and find out whether each ledger is as far as it was acknowledged."""
    bank = Bank(counter.bank.settings, clock=counter.clock)
    with bank.view() as view:
        assert all(bank.behind(view.connection, head) is None for head in reads.heads(view.connection))
    bank.close()
    return 1
