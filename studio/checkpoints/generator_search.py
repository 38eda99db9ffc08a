"""The search for the generator in a checkpoint: behind a prefix, deep in dictionaries, averaged or not.

People save networks in many ways: ``DataParallel`` and ``torch.compile`` put a prefix before every name, Lightning
keeps generator and discriminator in one table, training scripts nest dictionaries. The averaged weights draw the better
pictures; they are taken where there are any, and what cannot be read of them is said, never left out in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Literal

import torch
from torch import Tensor

from studio.checkpoints.pickles import Network, Numbers

Kind = Literal["rosinality", "dcgan", "nvidia", "network"]

MAX_DEPTH = 6
MAX_DICTIONARIES = 2000
MAX_LIST = 100
_AVERAGES = frozenset(
    {"ema", "avg", "average", "averaged", "averages", "averaging", "shadow", "swa", "gs", "smooth", "smoothed"}
    | {"polyak", "running", "mavg", "moving"}
)
_FUSED = re.compile(r"(?:net)?(?:g|gen|generator|model|weights?|params?)(ema|avg|swa|smooth)|(ema|avg|swa)(?:net)?g")
"""An average and what it is of, written as one word: "gema", "emaG"."""
_RAW = frozenset({"online", "raw"})
"""What stands beside an average, under one name with it."""
_GENERATORS = frozenset({"g", "gs", "gen", "generator", "netg", "decoder", "stylegan"})
_DISCRIMINATORS = frozenset({"d", "disc", "discriminator", "netd", "critic"})
_MEANS = ("latent_avg", "mean_latent", "w_avg", "dlatent_avg", "latent_mean", "mean_w", "w_mean", "avg_latent")
"""Names that programs give the mean of w."""
_NUMBERED = re.compile(r"((?:[A-Za-z_]\w*\.)*)(\d+)\.(weight|bias|running_mean|running_var|num_batches_tracked)")
_BUFFERS = re.compile(
    r"noises\.|.*(?:\.kernel|running_mean|running_var|num_batches_tracked|resample_filter|noise_const|w_avg)$"
)

# Networks of others, by names that only they have.
_KNOWN = (
    (r"(?:.*\.)?(?:iwt|dwt)\.\w+", "a SWAGAN network (StyleGAN2 with wavelets)"),
    (r"(?:.*\.)?mapping\.embed_proj\.", "a StyleGAN-XL network"),
    (r"(?:.*\.)?progression\.\d+\.", "a StyleGAN network of the first generation, or a progressive GAN"),
    (r"(?:.*\.)?blocks\.\d+\.to_style[12]\.", "a StyleGAN2 network of lucidrains' program"),
    (r"synthesis\.blocks\.4\.const$", "a model of Latent Studio without its card"),
    (r"(?:.*\.)?feat_\d+\.\d+\.", "a FastGAN network"),
    (r"(?:.*\.)?blocks\.\d+\.\d+\.conv1\.", "a BigGAN network"),
    (r"(?:.*\.)?(?:generator\.)?gen_z\.", "a BigGAN network"),
    (
        r"(?:.*\.)?(?:initial_block\.conv_1|rgb_converters\.\d+|scaleLayers\.\d+|toRGBLayers\.\d+)\.",
        "a progressive GAN",
    ),
    (r"(?:.*\.)?synthesis\.layer0\.(?:conv|const)", "a network of the GenForce or HiGAN programs"),
    (r"(?:.*\.)?(?:.*\.)?lora_(?:down|up|A|B|te|unet)[._]|(?:.*\.)?hada_w1", "a LoRA for a diffusion model"),
    (r"(?:.*\.)?control_model\.|controlnet_", "a ControlNet for a diffusion model"),
    (r"(?:model\.diffusion_model|cond_stage_model|first_stage_model|unet|text_encoder)\.", "a diffusion model"),
    (r"(?:.*\.)?(?:double_blocks|single_blocks|transformer_blocks|joint_blocks)\.\d+\.", "a diffusion model"),
    (r"(?:.*\.)?(?:time_mlp|time_embed|time_embedding|t_embedder)\.", "a diffusion model"),
    (r"(?:.*\.)?(?:post_quant_conv|quant_conv|quantize\.embedding)\.", "an autoencoder (VAE or VQGAN)"),
    (r"(?:.*\.)?(?:down_blocks|mid_block|up_blocks)\.", "a diffusion model"),
    (r"\*$|(?:emb_params|clip_[gl])$|<.*>$", "a word learnt for a diffusion model (textual inversion)"),
    (r"(?:.*\.)?(?:embed_tokens|self_attn\.q_proj|wte|token_embedding)\.", "a model of language"),
    (
        r"(?:.*\.)?(?:conv_block\.\d+|model\.1\.model\.1)\.",
        "a network that turns pictures into others (CycleGAN, pix2pix)",
    ),
    (r"(?:.*\.)?(?:cls_token$|pos_embed$|Mixed_5b\.|Conv2d_1a_3x3\.)", "a network that sorts pictures"),
    (r"(?:.*\.)?stylegan_decoder\.", "a network that repairs faces (GFPGAN)"),
    (r"(?:.*\.)?(?:RDB|rdb)\d\.", "a network that enlarges pictures (ESRGAN)"),
    (r"(?:.*\.)?final_linear\.\d+\.", "a discriminator without its generator"),
    (r"(?:latents?|w|ws|w_plus|z|projected_w|dlatents?)$", "a latent without its network"),
    (r"(?:layer[1-4]\.\d+|features\.\d+|classifier(?:\.\d+)?)\.", "a network that sorts pictures"),
)


@dataclass(frozen=True)
class FoundGenerator:
    """A generator in a file, its numbers not read yet.

    Attributes
    ----------
    kind : of the names of its weights; "network" is a whole network of NVIDIA's.
    place : how its dictionary and prefix are called, for messages.
    weights : by their names without prefix; empty for a "network".
    mean_w : the mean of w that lies beside it, of whatever kind; None when there is none.
    averaged : whether its name says that its weights are averages over the training.
    """

    kind: Kind
    place: str
    weights: dict[str, Tensor] = field(default_factory=dict)
    network: Network | None = None
    mean_w: object = None
    averaged: bool = False


def find_generator(content: Mapping[Any, Any]) -> FoundGenerator:
    """The generator in the content of a file: the averaged one, where there is one.

    Raises
    ------
    ValueError
        When there is none (naming what is there), when there are several of one rank, and when there is an average of
        a kind that is not understood.
    """
    places = list(_dictionaries(content))
    found = [each for place, names in places for each in _candidates(place, names)]
    if not found:
        raise ValueError(what_it_is(places))
    best = max(map(_rank, found))
    first, *others = [each for each in found if _rank(each) == best]
    # Another one of the same shape that only lies elsewhere may be the better one: it is not passed over in silence.
    others += [each for each in found if each is not first and each not in others and _may_be_meant(first, each)]
    if others := [each for each in others if not _same(first, each)]:
        names = ", ".join(f"“{each.place}”" for each in (first, *others))
        raise ValueError(f"it holds several generators ({names}): save the one you want in a file of its own")
    chosen = replace(first, mean_w=_mean_beside(first, content, places))
    if not chosen.averaged:
        chosen = _with_average(chosen, places)
    plain = next((each for each in found if each.kind == chosen.kind and not each.averaged), None)
    if chosen.averaged and plain is not None:
        # Averages are often kept of parameters only.
        missing = {name: value for name, value in plain.weights.items() if _BUFFERS.match(name)}
        chosen = replace(chosen, weights={**missing, **chosen.weights})
    return chosen


def _may_be_meant(chosen: FoundGenerator, other: FoundGenerator) -> bool:
    """Return whether ``other`` could be the generator that is wanted as well as the one ``chosen`` by its rank."""
    return (
        other.kind == chosen.kind
        and other.averaged == chosen.averaged
        and not _name_parts(other.place) & _DISCRIMINATORS
        and {name: value.shape for name, value in other.weights.items()}
        == {name: value.shape for name, value in chosen.weights.items()}
    )


def mean_of_w(value: object, w_dim: int) -> Tensor | None:
    """The mean of w, (w_dim,), however a program keeps it; None when ``value`` is None.

    Raises
    ------
    ValueError
        When it is not one mean for all layers, or no numbers.
    """
    if value is None:
        return None
    if isinstance(value, Numbers):
        array = value.array
        value = None if array is None else torch.from_numpy(array.copy())
    elif isinstance(value, list | tuple) and all(isinstance(each, int | float) for each in value):
        value = torch.tensor(value, dtype=torch.float64)
    elif isinstance(value, list | tuple) and value and all(isinstance(each, Tensor) for each in value):
        value = torch.stack([each.detach() for each in value]) if len({each.shape for each in value}) == 1 else None
    if not isinstance(value, Tensor) or not value.is_floating_point():
        raise ValueError("its mean of w is of a kind that is not understood")
    mean = value.detach().float()
    if mean.numel() == w_dim:
        return mean.reshape(w_dim)
    if mean.ndim and mean.numel() and mean.shape[-1] == w_dim:
        rows = mean.reshape(-1, w_dim)
        if torch.allclose(rows, rows[:1].expand_as(rows), rtol=1e-4, atol=1e-5):
            return rows[0].clone()
        raise ValueError(
            f"its mean of w has the shape {tuple(mean.shape)}, with other numbers in each row, where one is wanted"
        )
    raise ValueError(f"its mean of w has the shape {tuple(mean.shape)}, not ({w_dim},)")


def what_it_is(places: list[tuple[str, Mapping[str, Any]]]) -> str:
    """A description of a file without a generator."""
    names = [name for _, tables in places for name, value in tables.items() if isinstance(value, Tensor)]
    for pattern, said in _KNOWN:
        if any(re.match(pattern, name) for name in names):
            return f"it is {said}, which cannot be drawn here"
    if any(name.endswith("synthesis.input.freqs") for name in names):
        return "it holds the weights of a StyleGAN3 network without its settings"
    top = ", ".join(sorted(places[0][1])[:6]) if places else ""
    if not top:
        return "there is nothing in it"
    if {"state", "param_groups"} <= set(places[0][1]):
        return "it is the state of an optimizer, without the network that it trained"
    return f"no StyleGAN or DCGAN generator is in it (it has: {top})"[:200]


def named_kind(names: Mapping[str, Any]) -> str:
    """The kind of network with weights of these names, if it is known but cannot be drawn here; else empty."""
    return next((said for pattern, said in _KNOWN[:2] if any(re.match(pattern, name) for name in names)), "")


# ---- inside


def _name_parts(place: str) -> set[str]:
    """The words in a name like "state_dict.netG_ema"."""
    words = set()
    for word in re.split(r"[^A-Za-z0-9]+", place):
        words.add(word.lower())
        words.update(part.lower() for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", word))
        if fused := _FUSED.fullmatch(word.lower()):
            words.update(part for part in fused.groups() if part)
    return words


def _is_average(place: str) -> bool:
    words = _name_parts(place)
    return bool(words & _AVERAGES) and not words & _RAW


def _rank(found: FoundGenerator) -> tuple[bool, bool, bool, int]:
    words = _name_parts(found.place)
    return (
        not words & _DISCRIMINATORS,
        found.averaged,
        bool(words & _GENERATORS) or found.place == "",
        -found.place.count("."),
    )


def _same(one: FoundGenerator, other: FoundGenerator) -> bool:
    """Return whether two are the very same numbers under two names."""
    if one.network is not None or other.network is not None:
        return one.network is other.network
    return one.weights.keys() == other.weights.keys() and all(
        value.data_ptr() == other.weights[name].data_ptr() for name, value in one.weights.items()
    )


def _dictionaries(content: Mapping[Any, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """All dictionaries in ``content`` with their places, outermost first; networks are not taken apart."""
    waiting: list[tuple[str, Mapping[Any, Any], int]] = [("", content, 0)]
    given = 0
    while waiting and given < MAX_DICTIONARIES:
        place, table, depth = waiting.pop(0)
        given += 1
        names = {str(name): value for name, value in table.items()}
        yield place, names
        if depth < MAX_DEPTH:
            waiting += [
                (f"{place}.{name}".lstrip("."), value, depth + 1)
                for name, value in names.items()
                if isinstance(value, Mapping) and not isinstance(value, Network)
            ]
            waiting += [
                (f"{place}.{name}.{number}".lstrip("."), inner, depth + 1)
                for name, value in names.items()
                if isinstance(value, list | tuple) and len(value) <= MAX_LIST
                for number, inner in enumerate(value)
                if isinstance(inner, Mapping) and not isinstance(inner, Network)
            ]


def _candidates(place: str, names: Mapping[str, Any]) -> Iterator[FoundGenerator]:
    for name, value in names.items():
        where = f"{place}.{name}".lstrip(".")
        if isinstance(value, Network) and "synthesis" in value.get("_modules", {}):
            yield FoundGenerator("network", where, network=value, averaged=_is_average(where))
    tensors = {name: value for name, value in names.items() if isinstance(value, Tensor)}
    for kind, mark in (("rosinality", "input.input"), ("nvidia", "synthesis.b4.const")):
        for name in tensors:
            prefix = name.removesuffix(mark)
            if prefix == name or (prefix and not prefix.endswith(".")):
                continue
            own = {other[len(prefix) :]: value for other, value in tensors.items() if other.startswith(prefix)}
            for mean in _MEANS:
                own.pop(mean, None)
            where = f"{place}.{prefix}".strip(".")
            yield FoundGenerator(kind, where, own, averaged=_is_average(where))  # type: ignore[arg-type]
    yield from _numbered(place, tensors)


def _numbered(place: str, tensors: Mapping[str, Tensor]) -> Iterator[FoundGenerator]:
    """DCGAN generators: numbered layers, each of whose kernels takes what the one before gives."""
    groups: dict[str, dict[str, Tensor]] = {}
    for name, value in tensors.items():
        match = _NUMBERED.fullmatch(name)
        if match is not None:
            groups.setdefault(match[1], {})[f"layers.{match[2]}.{match[3]}"] = value.detach()
    for prefix, layers in groups.items():
        if any(name.startswith(prefix) and not _NUMBERED.fullmatch(name) for name in tensors):
            continue
        order = sorted((n for n in layers if layers[n].dim() == 4), key=lambda n: int(n.split(".")[1]))
        shapes = [tuple(layers[name].shape) for name in order]
        chained = all(a[1] == b[0] for a, b in pairwise(shapes))
        if "layers.0.weight" in layers and len(shapes) > 1 and chained and shapes[0][0] > 4 and shapes[-1][1] <= 4:
            where = f"{place}.{prefix}".strip(".")
            yield FoundGenerator("dcgan", where, layers, averaged=_is_average(where))


def _mean_beside(
    found: FoundGenerator, content: Mapping[Any, Any], places: list[tuple[str, Mapping[str, Any]]]
) -> object:
    """The mean of w nearest to a generator: among its weights, beside its dictionary, or further out."""
    if found.kind != "rosinality":
        return None
    tables = dict(places)
    parts = found.place.split(".") if found.place else []
    for count in range(len(parts), -1, -1):
        place, prefix = ".".join(parts[:count]), ".".join(parts[count:])
        table = tables.get(place)
        if table is None:
            continue
        # Outwards, also at every shorter prefix.
        inner = prefix.split(".") if prefix else []
        for length in range(len(inner), -1, -1):
            start = ".".join(inner[:length])
            for name in _MEANS:
                if (value := table.get(f"{start}.{name}".lstrip("."))) is not None:
                    return value
    return None


def _with_average(found: FoundGenerator, places: list[tuple[str, Mapping[str, Any]]]) -> FoundGenerator:
    """``found`` with the averages that a file keeps of it in other forms.

    Raises
    ------
    ValueError
        When there are averages that cannot be put in their places.
    """
    short = {name.replace(".", ""): name for name in found.weights}
    trained = [name for name in found.weights if not _BUFFERS.match(name)]
    for place, table in places:
        grouped: dict[str, dict[str, object]] = {}
        for name, value in table.items():
            head, _, rest = name.partition(".")
            if rest and isinstance(value, Tensor) and _is_average(head) and value.ndim:
                grouped.setdefault(head, {})[rest] = value
            elif name.split(".")[-1] in _MEANS:
                continue
            elif isinstance(value, list | tuple) and value and _is_average(f"{place}.{name}"):
                if _name_parts(f"{place}.{name}") & _DISCRIMINATORS:
                    continue
                if all(isinstance(each, Tensor) for each in value) and len(value) == len(trained):
                    return replace(found, weights={**found.weights, **dict(zip(trained, value, strict=True))})
                if any(isinstance(each, Tensor) for each in value):
                    raise ValueError(_unread(f"{place}.{name}"))
            elif isinstance(value, Network) and _is_average(name) and not _name_parts(name) & _DISCRIMINATORS:
                raise ValueError(_unread(f"{place}.{name}"))
        if _is_average(place) and not _name_parts(place) & _DISCRIMINATORS:
            tensors = {name: value for name, value in table.items() if isinstance(value, Tensor) and value.ndim}
            if tensors:
                grouped.setdefault(place, {}).update(tensors)
        for name, given in grouped.items():
            if _name_parts(name) & _DISCRIMINATORS or any(each in given for each in _MEANS):
                continue
            own = {short[rest.replace(".", "")]: v for rest, v in given.items() if rest.replace(".", "") in short}
            if all(each in own for each in trained) and trained:
                kept = {each: value for each, value in own.items() if isinstance(value, Tensor)}
                return replace(found, weights={**found.weights, **kept}, averaged=True)
            raise ValueError(_unread(name))
    return found


def _unread(place: str) -> str:
    return f"the average of its weights (“{place.strip('.')[:60]}”) is of a form that is not understood"
