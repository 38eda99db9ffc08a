"""Children of one or two samples, and the document of their family tree."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from studio.base import StudioError
from studio.networks import stylegan2
from studio.recipes import FileRef, LatentSeed, SampleRecipe
from studio.recipes.family import FAMILY, FamilyTree, Person
from studio.recipes.mixing import layer_latents
from studio.synthesis.breeding import MIDDLE, Inheritance, child
from studio.synthesis.latents import LatentSpace

MODEL = FileRef(hash="0" * 64, name="test")
LAYERS = 6


def seeded(seed: int) -> SampleRecipe:
    return SampleRecipe(model=MODEL, latent=LatentSeed(seed=seed))


A, B = seeded(1), seeded(2)


@pytest.fixture(scope="module")
def space() -> LatentSpace:
    torch.manual_seed(0)
    config = stylegan2.StyleGAN2Config(resolution=16, z_dim=8, w_dim=8, channel_base=128, channel_max=8)
    return LatentSpace(stylegan2.Generator(config).eval().requires_grad_(False))


def test_of_one_parent_without_mutation_comes_the_parent_and_mutation_leads_away(space: LatentSpace) -> None:
    assert child(A, None, 5, 0.0, layers=LAYERS) == A
    own = space.recipe_code(A)
    distances = [
        float((space.recipe_code(child(A, None, 5, mutation, layers=LAYERS)) - own).norm())
        for mutation in (0.1, 0.3, 0.6, 1.0)
    ]
    assert 0 < distances[0] < distances[1] < distances[2] < distances[3]
    assert distances[1] == pytest.approx(distances[3] * 0.3, rel=1e-3)


@pytest.mark.parametrize("seed", range(8))
def test_each_layer_is_that_of_one_parent_and_both_give_some(space: LatentSpace, seed: int) -> None:
    code, a, b = (space.recipe_code(one)[0] for one in (child(A, B, seed, 0.0, layers=LAYERS), A, B))
    of_a = {layer for layer in range(LAYERS) if torch.equal(code[layer], a[layer])}
    of_b = {layer for layer in range(LAYERS) if torch.equal(code[layer], b[layer])}
    assert of_a and of_b and of_a | of_b == set(range(LAYERS)) and not of_a & of_b


def test_children_lie_between_their_parents_those_of_mixtures_and_of_networks_without_w_too(space: LatentSpace) -> None:
    mixture = child(A, seeded(3), 1, 0.0, layers=LAYERS)
    for a in (A, mixture):
        born = child(a, B, 4, 0.0, layers=LAYERS, inheritance="blend")
        code, one, two = (space.recipe_code(recipe) for recipe in (born, a, B))
        share = float((code - one).norm() / (two - one).norm())
        assert MIDDLE[0] <= share <= MIDDLE[1]
        assert torch.allclose(code, torch.lerp(one, two, share), atol=1e-5)
    plain = child(A, B, 4, 0.0, layers=0)
    assert plain.latent.kind == "mix" and not plain.style_mix


@pytest.mark.parametrize("inheritance", ["layers", "blend"])
def test_a_seed_gives_one_child_and_another_seed_another(inheritance: Inheritance) -> None:
    born = [child(A, B, seed, 0.2, layers=LAYERS, inheritance=inheritance) for seed in (7, 7, 8)]
    assert born[0] == born[1] != born[2]


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99), st.text(max_size=80)), max_size=12))
def test_a_family_comes_back_from_its_document_whole(births: list[tuple[int, int, str]]) -> None:
    tree = FamilyTree(model=MODEL)
    for number, (one, two, name) in enumerate(births):
        known = [person.recipe for person in tree.persons]
        parents = [known[one % len(known)], known[two % len(known)]] if known else [A]
        tree = tree.with_child(seeded(1000 + number), parents)
        tree = tree.renamed(tree.persons[-1].number, name)
    assert FAMILY.loads(FAMILY.dumps(tree)) == tree
    rows = tree.generations()
    assert sum(map(len, rows)) == len(tree.persons)
    depth = {person.number: row for row, persons in enumerate(rows) for person in persons}
    assert all(depth[parent] < depth[person.number] for person in tree.persons for parent in person.parents)


def test_nobody_joins_twice_and_a_family_without_sense_is_refused() -> None:
    tree = FamilyTree(model=MODEL).with_child(seeded(3), [A, B])
    assert [(one.number, one.parents) for one in tree.persons] == [(1, ()), (2, ()), (3, (1, 2))]
    assert tree.with_child(seeded(3), [B]) == tree
    other = SampleRecipe(model=FileRef(hash="1" * 64), latent=LatentSeed(seed=1))
    for persons in (
        (Person(number=1, recipe=A, parents=(1,)),),
        (Person(number=2, recipe=A), Person(number=1, recipe=B)),
        (Person(number=1, recipe=other),),
    ):
        with pytest.raises(ValidationError):
            FamilyTree(model=MODEL, persons=persons)
    with pytest.raises(StudioError, match="no family tree"):
        FAMILY.loads('{"format": "latent-studio-recipe", "version": 4, "recipe": {}}')


def test_parts_are_inherited_whole_and_what_is_kept_is_the_first_parents() -> None:
    groups = [{0, 1}, {2, 3}, {4, 5}]
    for seed in range(12):
        found = layer_latents(child(A, B, seed, 0, layers=LAYERS, inheritance="parts", groups=groups), LAYERS)
        assert all(len({found[layer] for layer in group}) == 1 for group in groups)
        assert set(found) == {A.latent, B.latent}
        for inheritance in ("layers", "parts", "blend"):
            one = child(A, B, seed, 0.5, layers=LAYERS, inheritance=inheritance, kept={2, 3}, groups=groups)
            latents = layer_latents(one, LAYERS)
            assert latents[2] == latents[3] == A.latent and A.latent not in (latents[0], latents[5])
    alone = layer_latents(child(A, None, 1, 0.5, layers=LAYERS, kept={0}), LAYERS)
    assert alone[0] == A.latent != alone[1]


def test_who_is_taken_out_of_a_tree_is_bridged() -> None:
    tree = FamilyTree(model=MODEL).with_child(seeded(3), [A, B]).with_child(seeded(4), [seeded(3)])
    tree = tree.with_child(seeded(5), [seeded(3), seeded(4)])
    left = tree.without(3)
    assert [(person.number, person.parents) for person in left.persons] == [(1, ()), (2, ()), (4, (1, 2)), (5, (4,))]
