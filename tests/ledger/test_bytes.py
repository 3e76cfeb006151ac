"""Canonical JSON, signed notes, keys and the tree: known answers, and everything else refused."""

import hashlib
from collections.abc import Callable
from functools import partial

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from tests.ledger.cast import STATION, signer
from timebank.ledger import Code, Untrusted, Vkey, verify_signature
from timebank.ledger.canonical import decode, encode
from timebank.ledger.keys import FIELD, ORDER, is_sound
from timebank.ledger.merkle import (
    EMPTY_ROOT,
    Frontier,
    Tree,
    check_consistency,
    consistency,
    inclusion,
    node_hash,
    root_from_inclusion,
)
from timebank.ledger.note import Note, Signature

PRINTABLE = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=20)
INTEGERS = st.integers(-(2**53) + 1, 2**53 - 1)
FLAT = PRINTABLE | INTEGERS
NESTED = FLAT | st.lists(FLAT, max_size=4) | st.dictionaries(PRINTABLE, FLAT, max_size=4)
VALUES = NESTED | st.lists(NESTED, max_size=4) | st.dictionaries(PRINTABLE, NESTED, max_size=4)


@given(st.dictionaries(PRINTABLE, VALUES, max_size=5))
def test_the_encoder_agrees_with_rfc_8785_and_reads_back_what_it_wrote(value: dict[str, object]) -> None:
    data = encode(value)
    assert data == rfc8785.dumps(value)  # type: ignore[arg-type]
    assert decode(data) == value


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1.0}',
        b'{"a":1e3}',
        b'{"a":01}',
        b'{"a":-0}',
        b'{"a":+1}',
        b'{"a":9007199254740992}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":null}',
        b'{"a":true}',
        b'{"a":NaN}',
        b'{"b":1,"a":1}',
        b'{"a":1,"a":1}',
        b'{ "a":1}',
        b'{"a":1}\n',
        b'{"a":"\\u0041"}',
        b'{"a":"\\/"}',
        b'{"a":"\\t"}',
        b'{"a":"\x7f"}',
        '{"a":"é"}'.encode(),
        b'{"a":"\xff"}',
        b"[1]",
        b"1",
        b"",
        b"\x00",
        b'{"a":1}{"a":1}',
    ],
)
def test_what_would_be_written_another_way_is_refused(data: bytes) -> None:
    with pytest.raises(Untrusted) as error:
        decode(data)
    assert error.value.code is Code.NOT_CANONICAL


def test_deep_nesting_is_refused_with_its_own_code_or_as_no_json() -> None:
    for depth in (7, 100, 100_000):
        with pytest.raises(Untrusted) as error:
            decode(b'{"a":' * depth + b"1" + b"}" * depth)
        assert error.value.code in (Code.TOO_DEEP, Code.NOT_CANONICAL)


# --- signed notes ----------------------------------------------------------------------------------------------------

# The example of golang.org/x/mod/sumdb/note, which c2sp.org/signed-note describes.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETERS_NOTE = (
    b"If you think cryptography is the answer to your problem,\n"
    b"then you don't know what your problem is.\n"
    b"\n"
    b"\xe2\x80\x94 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6Ryy"
    b"BwJnAM=\n"
)


def test_the_published_example_of_a_signed_note_verifies() -> None:
    note = Note.parse(PETERS_NOTE)
    assert note.to_bytes() == PETERS_NOTE
    assert verify_signature(Vkey.parse(PETER), note.text, note.signatures[0])
    assert not verify_signature(Vkey.parse(PETER), note.text + b"\n", note.signatures[0])


SIGNATURE_LINE = PETERS_NOTE[PETERS_NOTE.rindex(b"\n\n") + 2 :]
NO_NOTES = {
    "no last newline": PETERS_NOTE[:-1],
    "no empty line": PETERS_NOTE.replace(b"\n\n", b"\n"),
    "no signature": PETERS_NOTE.replace(SIGNATURE_LINE, b""),
    "another dash": PETERS_NOTE.replace("— ".encode(), b"- "),
    "an empty line at the end": PETERS_NOTE + b"\n",
    "a tab": PETERS_NOTE.replace(b"problem is", b"problem\tis"),
    "a carriage return": PETERS_NOTE.replace(b"\n", b"\r\n"),
    "not UTF-8": PETERS_NOTE.replace(b"problem is", b"problem\xffis"),
    "cut base64": PETERS_NOTE[:-2] + b"\n",
    "seventeen signatures": PETERS_NOTE + SIGNATURE_LINE * 16,
    "too large": b"x" * 66_000 + PETERS_NOTE,
    "a plus in the name": PETERS_NOTE.replace("— Peter".encode(), "— Peter+".encode()),
    "a space in the name": PETERS_NOTE.replace("— Peter".encode(), "— Peter\N{NO-BREAK SPACE}".encode()),
    "empty": b"",
}


@pytest.mark.parametrize("data", NO_NOTES.values(), ids=NO_NOTES.keys())
def test_a_note_that_is_not_exactly_one_is_untrusted(data: bytes) -> None:
    with pytest.raises(Untrusted):
        Note.parse(data)


def test_base64_with_stray_bits_is_a_second_spelling_and_refused() -> None:
    with pytest.raises(Untrusted):
        Note.parse(PETERS_NOTE.replace(b"JnAM=", b"JnAN="))


# --- Ed25519 ---------------------------------------------------------------------------------------------------------


def _small_order_points() -> list[bytes]:
    """The encodings of all points of order 1, 2, 4 and 8, found by arithmetic on the curve rather than by memory."""
    d = -121665 * pow(121666, -1, FIELD) % FIELD

    def add(p: tuple[int, int], q: tuple[int, int]) -> tuple[int, int]:
        (a, b), (x, y) = p, q
        t = d * a * b * x * y % FIELD
        return (a * y + b * x) * pow(1 + t, -1, FIELD) % FIELD, (b * y + a * x) * pow(1 - t, -1, FIELD) % FIELD

    def times(count: int, p: tuple[int, int]) -> tuple[int, int]:
        total = (0, 1)
        for bit in bin(count)[2:]:
            total = add(total, total)
            total = add(total, p) if bit == "1" else total
        return total

    found: set[tuple[int, int]] = set()
    y = 2
    while len(found) < 8:
        y += 1
        square = (y * y - 1) * pow(d * y * y + 1, -1, FIELD) % FIELD
        x = pow(square, (FIELD + 3) // 8, FIELD)
        if (x * x - square) % FIELD:
            x = x * pow(2, (FIELD - 1) // 4, FIELD) % FIELD
        if (x * x - square) % FIELD == 0:
            torsion = times(ORDER, (x, y))  # what is left of any point when its prime-order part is gone
            found |= {times(count, torsion) for count in range(8)}
    return [(py | (px & 1) << 255).to_bytes(32, "little") for px, py in found]


def test_all_eight_points_of_small_order_are_unsound_with_either_sign() -> None:
    points = _small_order_points()
    assert len(points) == 8
    for point in points:
        other_sign = bytes([*point[:31], point[31] ^ 0x80])
        assert not is_sound(point)
        assert not is_sound(other_sign)
        with pytest.raises(Untrusted) as error:
            Vkey("timebank.example/x", point)
        assert error.value.code is Code.KEY_UNSOUND


@pytest.mark.parametrize("y", range(FIELD, 2**255))
def test_a_y_that_is_not_reduced_is_unsound(y: int) -> None:
    assert not is_sound(y.to_bytes(32, "little"))


def _resigned(change: Callable[[bytes], bytes]) -> bool:
    signature = STATION.sign(b"text\n")
    changed = Signature(signature.name, signature.key_id, change(signature.value))
    return verify_signature(STATION.vkey, b"text\n", changed)


def test_a_good_signature_verifies_and_one_by_another_key_does_not() -> None:
    assert _resigned(lambda value: value)
    other = signer("timebank.example/other")
    assert not verify_signature(STATION.vkey, b"text\n", other.sign(b"text\n"))


def test_an_s_that_was_raised_by_the_order_is_refused() -> None:
    def raised(value: bytes) -> bytes:
        return value[:32] + (int.from_bytes(value[32:], "little") + ORDER).to_bytes(32, "little")

    assert not _resigned(raised)


def test_an_r_of_small_order_is_refused() -> None:
    for point in _small_order_points():
        assert not _resigned(partial(_with_r, point))


def _with_r(point: bytes, value: bytes) -> bytes:
    return point + value[32:]


def test_a_signature_of_another_length_is_refused() -> None:
    assert not _resigned(lambda value: value[:-1])
    assert not _resigned(lambda value: value + b"\0")


def test_a_vkey_whose_parts_do_not_agree_is_unsound() -> None:
    name, key_id, public = str(STATION.vkey).split("+", 2)
    for text in (
        f"{name}x+{key_id}+{public}",
        f"{name}+00000000+{public}",
        f"{name}+{key_id}",
        f"{name}+{key_id}+AAAA",
    ):
        with pytest.raises(Untrusted) as error:
            Vkey.parse(text)
        assert error.value.code is Code.KEY_UNSOUND


# --- the tree --------------------------------------------------------------------------------------------------------

# The test vectors of the Certificate Transparency implementation for RFC 6962: eight leaves, and the roots by size.
CT_LEAVES = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")] + [
    bytes.fromhex("606162636465666768696a6b6c6d6e6f")
]
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def test_roots_are_those_of_the_rfc_6962_vectors() -> None:
    frontier, tree = Frontier(), Tree()
    assert frontier.root() == tree.root() == EMPTY_ROOT == hashlib.sha256(b"").digest()
    for data, root in zip(CT_LEAVES, CT_ROOTS, strict=True):
        frontier.append(leaf(data))
        tree.append(leaf(data))
        assert frontier.root().hex() == tree.root().hex() == root


def test_known_paths_of_the_rfc_6962_vectors() -> None:
    tree = Tree()
    for data in CT_LEAVES:
        tree.append(leaf(data))
    assert [step.hex() for step in inclusion(0, 8, tree.subtree)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [step.hex() for step in consistency(6, 8, tree.subtree)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@given(st.integers(1, 300), st.data())
def test_every_leaf_is_proved_and_no_other_place_or_size_is(size: int, data: st.DataObject) -> None:
    tree = Tree()
    for number in range(size):
        tree.append(leaf(str(number).encode()))
    index = data.draw(st.integers(0, size - 1))
    path = inclusion(index, size, tree.subtree)
    mine = leaf(str(index).encode())
    assert root_from_inclusion(mine, index, size, path) == tree.root()
    other = data.draw(st.integers(0, size - 1))
    if other != index:
        assert root_from_inclusion(mine, other, size, path) != tree.root()
    assert root_from_inclusion(node_hash(mine, mine), index, size, path) != tree.root()


@given(st.integers(1, 200), st.data())
def test_an_older_tree_is_proved_to_be_a_prefix_and_another_one_is_not(size: int, data: st.DataObject) -> None:
    tree = Tree()
    for number in range(size):
        tree.append(leaf(str(number).encode()))
    old = data.draw(st.integers(1, size))
    path = consistency(old, size, tree.subtree)
    assert check_consistency(old, size, tree.root(old), tree.root(), path)
    assert not check_consistency(old, size, leaf(b"another"), tree.root(), path)
    assert not check_consistency(old, size, tree.root(old), leaf(b"another"), path)


def test_the_frontier_closes_the_same_subtrees_as_the_whole_tree() -> None:
    frontier, tree = Frontier(), Tree()
    for number in range(1000):
        assert frontier.append(leaf(str(number).encode())) == tree.append(leaf(str(number).encode()))
    assert frontier.hashes == tree.hashes


@given(st.integers(0, 40), st.lists(st.integers(0, 5), max_size=8))
def test_a_tree_extended_by_many_is_the_one_that_grew_leaf_by_leaf(before: int, sizes: list[int]) -> None:
    leaves = iter(hashlib.sha256(b"%d" % number).digest() for number in range(1000))
    one, other = Frontier(), Frontier()
    for _ in range(before):
        leaf = next(leaves)
        one.append(leaf)
        other.append(leaf)
    for height in sizes:
        batch = [next(leaves) for _ in range(1 << height)]
        one.extend(batch)
        for leaf in batch:
            other.append(leaf)
        assert (one.size, one.hashes, one.root()) == (other.size, other.hashes, other.root())
