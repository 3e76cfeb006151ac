"""Who might notice: each looks at a scene after the deed and says what it found, in words."""

import io
from collections.abc import Callable

from sqlalchemy.exc import IntegrityError

from tests.trials import proofs
from tests.trials.scene import Scene
from tests.world import HERE
from timebank.access import OPERATOR
from timebank.ledger import Checkpoint, Corrupted, Declined, Export, export, leaf_hash, reads, verify_ledger
from timebank.ledger.merkle import Tree
from timebank.services import audits, receipts

ADMISSION = "refused"
WRITE = "next write"
SCRUB = "scrub"
NEW = "audit from seal"
FULL = "full audit"
VERIFIER = "verifier"
RECEIPT = "receipt"
HEAD = "head outside"
COLUMNS = (ADMISSION, WRITE, SCRUB, NEW, FULL, VERIFIER, RECEIPT, HEAD)


def look(scene: Scene) -> dict[str, str]:
    """What each detector says, by column; those that find nothing are left out."""
    scene.reopen()
    found = {RECEIPT: holder(scene), HEAD: _answer(with_head, scene), VERIFIER: _answer(verifier, scene)}
    # The scrub first and the full audit last: what passes is kept, and the next one builds on it.
    found |= {SCRUB: audited(scene, audits.SCRUB), NEW: audited(scene, audits.NEW), FULL: audited(scene, audits.FULL)}
    forget_faults(scene)
    found[WRITE] = write(scene)
    return {column: words for column, words in found.items() if words is not None}


def audited(scene: Scene, kind: str) -> str | None:
    """As the operator's command and the nightly job do it: with the high-water file and the audits kept."""
    (found,) = audits.run(scene.world.bank, OPERATOR, [HERE], kind)
    return found.fault


def forget_faults(scene: Scene) -> None:
    """So that the next write is stopped by what it finds itself, not by what an audit found a moment ago."""
    with scene.owner() as connection:
        connection.exec_driver_sql("DELETE FROM audits WHERE fault IS NOT NULL")
    scene.reopen()


def write(scene: Scene) -> str | None:
    """Somebody records a visit as on any day."""
    try:
        return _words(lambda: scene.world.record("daughter", "chen", minutes=30))
    except IntegrityError as error:  # the tables themselves: the number is taken
        return str(error.orig)


def exported(scene: Scene) -> bytes:
    with scene.world.bank.view() as view:
        head = view.head(scene.origin)
        if head.checkpoint is None:
            raise Corrupted("has no checkpoint that reads", origin=scene.origin)
        return b"".join(export(reads.raw_records(view.connection, head), head.checkpoint))


def verifier(scene: Scene) -> str | None:
    """The independent verifier on an export, and our own: both must say the same."""
    data = exported(scene)
    theirs, ours = proofs.verified(data), verified_by_us(scene.origin, data)
    assert (theirs is None) == (ours is None), f"the verifiers differ: {theirs} / {ours}"
    return theirs


def verified_by_us(origin: str, data: bytes) -> str | None:
    file = Export(io.BytesIO(data))

    def replayed() -> None:
        raws = list(file)
        assert file.checkpoint is not None
        verify_ledger(origin, raws, file.checkpoint)

    return _words(replayed)


def with_head(scene: Scene) -> str | None:
    """Somebody kept the head that the day's digest on the notice board covers, and compares an export with it."""
    data, head = exported(scene), Checkpoint.parse(scene.outside.head)
    tree = Tree()
    for raw in Export(io.BytesIO(data)):
        tree.append(leaf_hash(raw))
    found = None
    if tree.size < head.size:
        found = f"{head.size} records were seen, there are {tree.size}"
    elif tree.root(head.size) != head.root:
        found = f"its first {head.size} records are not those that were seen"
    # Where the export is good by itself, the independent verifier with `--head` must say the same.
    if proofs.verified(data) is None:
        assert (proofs.verified(data, scene.outside.head) is None) == (found is None)
    return found


def holder(scene: Scene) -> str | None:
    """Somebody comes with a receipt."""
    assert proofs.proved(scene.outside.receipt) is None
    standing: list[str] = []

    def asked() -> None:
        standing.append(receipts.check(scene.world.bank, scene.outside.receipt).standing)

    return _words(asked) or next((one for one in standing if one in ("ahead", "forked")), None)


def _answer(ask: Callable[[Scene], str | None], scene: Scene) -> str | None:
    """Where there is no export at all, that is the answer."""
    said: list[str | None] = []
    return _words(lambda: said.append(ask(scene))) or said[0]


def _words(ask: Callable[[], object]) -> str | None:
    try:
        ask()
    except (Corrupted, Declined) as error:
        return str(error)
    return None
