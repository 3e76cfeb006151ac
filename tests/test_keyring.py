"""Secrets at rest: what opens, what does not, and what two processes may not do to one another."""

import base64
import multiprocessing
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from timebank.keyring import Keyring, KeyringError, Master, Vault, VaultError, digits_of
from timebank.ledger import Signer

MASTER = Master(bytes(range(32)))
LOG = "timebank.zunyi.example/c/520302001001"
ROW = "0" * 32


@pytest.fixture
def ring(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path / "keyring", MASTER)


@pytest.fixture
def vault() -> Vault:
    return Vault(MASTER)


# The master key


def test_a_master_key_is_the_same_when_loaded_again(tmp_path: Path) -> None:
    made = Master.create(tmp_path / "master")
    loaded = Master.load(tmp_path / "master", environ={})
    assert loaded.derive("keyring") == made.derive("keyring")
    assert len((tmp_path / "master").read_bytes()) == 32


def test_each_purpose_has_a_key_of_its_own() -> None:
    # RFC 5869 by hand: extract with a salt of zeros, expand with the purpose.
    assert len({MASTER.derive("keyring"), MASTER.derive("vault seal"), MASTER.derive("")}) == 3
    assert MASTER.derive("keyring").hex() == "7a82229453b88cbc6c07ddb31d3a679d30691304fe326f9e1893b3fe729aa856"


def test_a_new_master_key_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    Master.create(tmp_path / "master")
    assert (tmp_path / "master").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o610])
def test_a_master_key_that_others_can_reach_is_refused_with_the_remedy(tmp_path: Path, mode: int) -> None:
    Master.create(tmp_path / "master")
    (tmp_path / "master").chmod(mode)
    with pytest.raises(KeyringError, match="chmod 600"):
        Master.load(tmp_path / "master", environ={})


def test_a_master_key_is_never_overwritten(tmp_path: Path) -> None:
    Master.create(tmp_path / "master")
    before = (tmp_path / "master").read_bytes()
    with pytest.raises(KeyringError, match="exists already"):
        Master.create(tmp_path / "master")
    assert (tmp_path / "master").read_bytes() == before


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_master_key_of_another_length_is_refused(tmp_path: Path, length: int) -> None:
    (tmp_path / "master").write_bytes(bytes(length))
    (tmp_path / "master").chmod(0o600)
    with pytest.raises(KeyringError, match="32 bytes"):
        Master.load(tmp_path / "master", environ={})


def test_the_environment_stands_in_for_the_file(tmp_path: Path) -> None:
    environ = {"TIMEBANK_MASTER_KEY": base64.b64encode(bytes(range(32))).decode()}
    assert Master.load(tmp_path / "absent", environ=environ).derive("x") == MASTER.derive("x")
    with pytest.raises(KeyringError, match="base64"):
        Master.load(tmp_path / "absent", environ={"TIMEBANK_MASTER_KEY": "not base64!"})
    with pytest.raises(KeyringError, match="no master key"):
        Master.load(tmp_path / "absent", environ={})


def test_a_master_key_does_not_print_itself() -> None:
    assert repr(MASTER) == "Master(…)"


# The keyring


def test_a_key_signs_after_the_file_was_read_again(ring: Keyring, tmp_path: Path) -> None:
    station = Signer.generate(f"{LOG}/station-1")
    ring.add(station)
    again = Keyring(tmp_path / "keyring", MASTER).signer(station.name)
    assert again.vkey == station.vkey
    assert again.sign(b"one visit") == station.sign(b"one visit")


def test_the_newest_of_two_log_keys_is_given_and_the_old_one_by_its_id(ring: Keyring, tmp_path: Path) -> None:
    old, new = Signer.generate(LOG), Signer.generate(LOG)
    ring.add(old)
    ring.add(new)
    ring.add(old)  # adding it again does not make it the newest
    for reader in (ring, Keyring(tmp_path / "keyring", MASTER)):
        assert reader.signer(LOG).seed == new.seed
        assert reader.signer(LOG, old.vkey.key_id.hex()).seed == old.seed
        assert reader.names() == (LOG,)


def test_what_another_process_added_is_seen(ring: Keyring, tmp_path: Path) -> None:
    old, new, other = Signer.generate(LOG), Signer.generate(LOG), Signer.generate(f"{LOG}/system-1")
    ring.add(old)
    assert ring.signer(LOG).seed == old.seed
    Keyring(tmp_path / "keyring", MASTER).add(new, other)
    assert ring.signer(f"{LOG}/system-1").seed == other.seed
    assert ring.signer(LOG).seed == new.seed, "a rotated key is not a miss, and must still be noticed"


def test_a_key_that_is_not_held_is_named(ring: Keyring) -> None:
    with pytest.raises(KeyringError, match="holds no key nobody"):
        ring.signer("nobody")
    ring.add(Signer.generate(LOG))
    with pytest.raises(KeyringError, match="ffffffff"):
        ring.signer(LOG, "ffffffff")


def _add_ten(path: Path, process: int) -> None:
    ring = Keyring(path, MASTER)
    for number in range(10):
        ring.add(Signer(f"{LOG}/station-{process}-{number}", bytes([process, number] * 16)))


def test_processes_that_add_at_once_lose_none(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_add_ten, args=(tmp_path / "keyring", number)) for number in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * 4
    wanted = {f"{LOG}/station-{process}-{number}" for process in range(4) for number in range(10)}
    assert set(Keyring(tmp_path / "keyring", MASTER).names()) == wanted


def test_a_crash_before_the_rename_keeps_the_old_keys(
    ring: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring.add(Signer.generate(LOG))

    def crash(_self: Path, _target: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", crash)
        with pytest.raises(KeyboardInterrupt):
            ring.add(Signer.generate(f"{LOG}/system-1"))
    assert Keyring(tmp_path / "keyring", MASTER).names() == (LOG,)
    ring.add(Signer.generate(f"{LOG}/station-1"))
    assert Keyring(tmp_path / "keyring", MASTER).names() == (LOG, f"{LOG}/station-1")


def test_a_write_is_synced_before_and_after_its_rename(ring: Keyring, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def noted_fsync(descriptor: int) -> None:
        done.append("folder" if os.path.isdir(f"/proc/self/fd/{descriptor}") else "file")
        fsync(descriptor)

    def noted_replace(self: Path, target: Path) -> Path:
        done.append("rename")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    ring.add(Signer.generate(LOG), Signer.generate(f"{LOG}/system-1"))
    assert done == ["file", "rename", "folder"]


def test_no_seed_can_be_read_from_the_file(ring: Keyring, tmp_path: Path) -> None:
    key = Signer.generate(LOG)
    ring.add(key)
    raw = (tmp_path / "keyring").read_bytes()
    assert key.seed not in raw
    assert key.seed.hex().encode() not in raw
    assert (tmp_path / "keyring").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("place", [0, 25, 40, -1])
def test_one_flipped_bit_closes_the_keyring(ring: Keyring, tmp_path: Path, place: int) -> None:
    ring.add(Signer.generate(LOG))
    raw = bytearray((tmp_path / "keyring").read_bytes())
    raw[place] ^= 1
    (tmp_path / "keyring").write_bytes(raw)
    with pytest.raises(KeyringError, match=r"altered|not a keyring"):
        Keyring(tmp_path / "keyring", MASTER).names()


def test_another_master_key_does_not_open_it(ring: Keyring, tmp_path: Path) -> None:
    ring.add(Signer.generate(LOG))
    with pytest.raises(KeyringError, match="another master key"):
        Keyring(tmp_path / "keyring", Master(bytes(32))).names()


def _remove(path: Path, _older: bytes) -> None:
    path.unlink()


def _bring_back(path: Path, older: bytes) -> None:
    path.write_bytes(older)


@pytest.mark.parametrize("loss", [_remove, _bring_back])
def test_a_keyring_that_lost_keys_is_noticed_and_not_written_over(
    ring: Keyring, tmp_path: Path, loss: Callable[[Path, bytes], None]
) -> None:
    path = tmp_path / "keyring"
    ring.add(Signer.generate(LOG))
    older = path.read_bytes()
    ring.add(Signer.generate(f"{LOG}/system-1"))
    loss(path, older)
    with pytest.raises(KeyringError, match="vanished"):
        ring.add(Signer.generate(f"{LOG}/station-1"))
    with pytest.raises(KeyringError, match="vanished"):
        ring.signer(LOG)


# The vault


def test_a_sealed_text_opens_in_its_place(vault: Vault) -> None:
    sealed = vault.seal("people.name", ROW, "王小明")
    assert vault.open("people.name", ROW, sealed) == "王小明"
    assert Vault(MASTER).open("people.name", ROW, sealed) == "王小明"
    assert "王小明".encode() not in sealed


@pytest.mark.parametrize(("column", "row"), [("people.name", "1" * 32), ("people.note", ROW)])
def test_a_cell_moved_to_another_row_or_column_does_not_open(vault: Vault, column: str, row: str) -> None:
    sealed = vault.seal("people.name", ROW, "王小明")
    with pytest.raises(VaultError):
        vault.open(column, row, sealed)


def test_the_border_between_column_and_row_counts(vault: Vault) -> None:
    with pytest.raises(VaultError):
        vault.open("people.names", "ake", vault.seal("people.name", "snake", "x"))
    assert vault.blind("a", "bc") != vault.blind("ab", "c")


def test_every_byte_of_a_sealed_cell_matters(vault: Vault) -> None:
    sealed = vault.seal("people.name", ROW, "王")
    for place in range(len(sealed)):
        altered = bytearray(sealed)
        altered[place] ^= 1
        with pytest.raises(VaultError):
            vault.open("people.name", ROW, bytes(altered))
    for length in range(len(sealed)):
        with pytest.raises(VaultError):
            vault.open("people.name", ROW, sealed[:length])


def test_another_master_key_opens_no_cell(vault: Vault) -> None:
    with pytest.raises(VaultError, match="master key"):
        Vault(Master(bytes(32))).open("people.name", ROW, vault.seal("people.name", ROW, "王"))


def test_the_same_text_is_sealed_differently_each_time(vault: Vault) -> None:
    assert len({vault.seal("people.name", ROW, "王") for _ in range(50)}) == 50


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("138 0000 0001", "13800000001"),
        ("+86 138-0000-0001", "13800000001"),
        ("008613800000001", "13800000001"),
        ("１３８００００００" + "０１", "13800000001"),
        ("(0851) 2822-0000", "085128220000"),
        ("  Lead Wang ", "lead wang"),
        ("ＬＥＡＤ ＷＡＮＧ", "lead wang"),
    ],
)
def test_one_person_typed_two_ways_is_found(vault: Vault, typed: str, kept: str) -> None:
    assert vault.blind("logins.name", typed) == vault.blind("logins.name", kept)


@pytest.mark.parametrize(
    ("one", "other"), [("13800000001", "13800000011"), ("wang1", "wang2"), ("1.11.1.1", "11.1.1.1"), ("8613", "13")]
)
def test_two_texts_stay_two(vault: Vault, one: str, other: str) -> None:
    assert vault.blind("x", one) != vault.blind("x", other)


def test_a_blind_index_differs_by_column_and_by_master_key(vault: Vault) -> None:
    assert vault.blind("logins.name", "1380") != vault.blind("people.phone", "1380")
    assert vault.blind("logins.name", "1380") != Vault(Master(bytes(32))).blind("logins.name", "1380")


def test_a_pepper_keeps_capitals_and_belongs_to_one_login(vault: Vault) -> None:
    assert vault.pepper(ROW, "Secret") != vault.pepper(ROW, "secret")
    assert vault.pepper(ROW, "１２３４５６") == vault.pepper(ROW, "123456")
    assert vault.pepper(ROW, "123456") != vault.pepper("1" * 32, "123456")


def test_only_numbers_have_digits() -> None:
    assert digits_of("1234 5678 90") == "1234567890"
    assert digits_of("Wang 3") == ""
    assert digits_of(" - ") == ""


def test_the_cookie_key_is_none_of_the_others(vault: Vault) -> None:
    assert vault.sign_cookie_key() not in {MASTER.derive("keyring"), MASTER.derive("vault seal")}
    assert len(vault.sign_cookie_key()) == 32
