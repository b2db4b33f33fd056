"""The tree: as RFC 6962 tests it, and as an independent library sees it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from survey_service.conduct.merkle import (
    EMPTY,
    Inclusion,
    Peaks,
    Place,
    consistency,
    cover,
    hash_of,
    inclusion,
    is_consistent,
    leaf_hash,
    node_hash,
    root_from,
)

# The leaves with which implementations of RFC 6962 are tested, and the root after each.
LEAVES = [
    bytes.fromhex(each)
    for each in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSIONS = [  # index and size from 1, and the hashes that lead up
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (3, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        2,
        5,
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
CONSISTENCIES = [  # an older size, a newer one, and the hashes that show that it only grew
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
SIZES = st.integers(1, 70)


def _grown(contents: list[bytes]) -> tuple[list[bytes], dict[Place, bytes]]:
    """Return the root after each leaf, the empty one first, and every full subtree."""
    tree, kept = Peaks(), dict[Place, bytes]()
    roots = [tree.root]
    for content in contents:
        kept.update(tree.append(leaf_hash(content)))
        roots.append(tree.root)
    return roots, kept


def _proof(index: int, size: int, kept: dict[Place, bytes]) -> Inclusion:
    hashes = tuple(hash_of(leaves, kept) for leaves in inclusion(index, size))
    return Inclusion(index, size, hashes)


def test_the_roots_are_those_of_the_standard() -> None:
    roots, kept = _grown(LEAVES)

    assert [root.hex() for root in roots] == ROOTS
    assert [hash_of((0, size), kept).hex() for size in range(9)] == ROOTS


@pytest.mark.parametrize(("number", "size", "hashes"), INCLUSIONS)
def test_the_proofs_are_those_of_the_standard(number: int, size: int, hashes: list[str]) -> None:
    roots, kept = _grown(LEAVES)

    proof = _proof(number - 1, size, kept)

    assert [one.hex() for one in proof.hashes] == hashes
    assert root_from(leaf_hash(LEAVES[number - 1]), proof) == roots[size]


@pytest.mark.parametrize(("old", "new", "hashes"), CONSISTENCIES)
def test_the_proofs_of_growth_are_those_of_the_standard(
    old: int, new: int, hashes: list[str]
) -> None:
    roots, kept = _grown(LEAVES)

    proof = [hash_of(leaves, kept) for leaves in consistency(old, new)]

    assert [one.hex() for one in proof] == hashes
    assert is_consistent(old, new, (roots[old], roots[new]), proof)


def test_a_tree_goes_on_from_its_right_edge() -> None:
    roots, kept = _grown(LEAVES)
    edge = Peaks(5, [kept[place] for place in cover((0, 5))])

    edge.append(leaf_hash(LEAVES[5]))

    assert (edge.size, edge.root) == (6, roots[6])


@given(SIZES)
def test_another_library_sees_the_same_tree(size: int) -> None:
    contents = [str(number).encode() for number in range(size)]
    other = InmemoryTree(algorithm="sha256")
    for content in contents:
        other.append_entry(content)

    roots, kept = _grown(contents)

    assert roots[1:] == [other.get_root(old) for old in range(1, size + 1)]
    for index in range(size):
        path = other.prove_inclusion(index + 1, size).path
        ours = [leaf_hash(contents[index]), *_proof(index, size, kept).hashes]
        assert set(path) == set(ours)


@given(SIZES, st.data())
def test_every_proof_leads_to_the_root_and_no_other_does(size: int, data: st.DataObject) -> None:
    contents = [str(number).encode() for number in range(size)]
    roots, kept = _grown(contents)
    index = data.draw(st.integers(0, size - 1))
    proof, leaf = _proof(index, size, kept), leaf_hash(contents[index])

    assert root_from(leaf, proof) == roots[size]
    assert root_from(leaf_hash(b"another"), proof) != roots[size]
    assert root_from(leaf, Inclusion(index, size, (*proof.hashes, leaf))) is None
    assert root_from(leaf, Inclusion(size, size, proof.hashes)) is None
    if size > 1:
        assert root_from(leaf, Inclusion(index, size, proof.hashes[:-1])) is None
        other = (index + 1) % size
        assert root_from(leaf, Inclusion(other, size, proof.hashes)) != roots[size]


@given(SIZES, st.data())
def test_a_log_that_only_grew_is_consistent_and_no_other_is(size: int, data: st.DataObject) -> None:
    roots, kept = _grown([str(number).encode() for number in range(size)])
    old = data.draw(st.integers(1, size))
    proof = [hash_of(leaves, kept) for leaves in consistency(old, size)]
    both = (roots[old], roots[size])

    assert is_consistent(old, size, both, proof)
    assert not is_consistent(old, size, (EMPTY, roots[size]), proof)
    assert not is_consistent(old, size, both, [*proof, EMPTY])
    assert not is_consistent(0, size, both, proof)
    assert not is_consistent(size + 1, size, both, proof)
    if proof:
        assert not is_consistent(old, size, both, proof[:-1])
        assert not is_consistent(old, size, both, [node_hash(EMPTY, EMPTY), *proof[1:]])


def test_a_proof_of_growth_without_hashes_proves_nothing() -> None:
    roots, _ = _grown(LEAVES)

    assert not is_consistent(3, 7, (roots[3], roots[7]), [])
