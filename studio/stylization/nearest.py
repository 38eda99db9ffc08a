"""Nearest neighbours of features: every place of the picture is to look like the place of a style that is most like it.

Statistics say how often something occurs in a style, not where; so they mix what a style keeps apart. Here each place
is compared with one place of the style (Kolkin et al. 2022, "Neural Neighbor Style Transfer", arXiv:2203.13215):
whole strokes, cells and washes come over, and what is one thing in the photo stays one thing. Features of four layers
are taken together on a grid of a quarter of the pixels. The most alike by the cosine of the features less their mean,
along the principal axes of the style's, is found anew now and then while the picture changes.

Neighbours may choose places that do not fit each other, which leaves worms of noise in smooth parts. So each place is
to be what it and its eight neighbours agree on (as patches vote for pixels: Wexler, Shechtman and Irani 2007,
"Space-time completion of video"): what lies in the style beside the neighbour's choice, on the side where the place
lies. A mean has less contrast than what it is of; each layer is given its contrast back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import torch
import torch.nn.functional as F
from torch import Tensor

NEAREST_LAYERS = ("relu1_2", "relu2_2", "relu3_3", "relu4_1")
CELL = 4
"""Pixels of a cell of the grid."""
AXES = 128
"""Principal axes along which places are compared."""
MOST_PLACES = 2**14
"""So many of a style are compared with; where neighbours vote, four times as many can be chosen by them."""
_BESIDE = [(row, column) for row in (-1, 0, 1) for column in (-1, 0, 1)]
_AT_ONCE = 4096
_ITERATIONS = 5
_KEYS_KEPT = 2
"""A picture's places are found by so many different scales of layers without finding the axes again."""
BORDER = 1
"""Cells along a style's edges that nothing is taken from: they show where the picture ends."""


def on_grid(found: Mapping[str, Tensor], rows: int, columns: int) -> Tensor:
    """Features (channels, h, w) of all of ``NEAREST_LAYERS`` on a grid, (channels, rows * columns).

    Finer layers are averaged, coarser ones repeated.
    """
    parts = []
    for name in NEAREST_LAYERS:
        part = found[name][None]
        step = CELL >> (int(name[4]) - 1)
        if step > 1:
            part = F.avg_pool2d(part, step, ceil_mode=True)
        elif step == 0:
            part = part.repeat_interleave(2, 2).repeat_interleave(2, 3)
        parts.append(part[0, :, :rows, :columns].flatten(1))
    return torch.cat(parts)


def sizes_of(channels: int) -> list[int]:
    """The channels of each of ``NEAREST_LAYERS``, which have ``channels`` together: 1, 2, 4 and 8 parts."""
    return [channels * part // 15 for part in (1, 2, 4, 8)]


def grid_of(height: int, width: int) -> tuple[int, int]:
    """Rows and columns of the grid of a picture."""
    return -(-height // CELL), -(-width // CELL)


def _main_axes(spread: Tensor) -> Tensor:
    """The axes of the largest variances of a covariance matrix, (channels, axes), by subspace iteration."""
    count = min(AXES, len(spread))
    axes = torch.randn(len(spread), count, generator=torch.Generator().manual_seed(0)).to(spread)
    for _ in range(_ITERATIONS):
        axes = torch.linalg.qr(spread @ axes).Q
    return axes


def _by_channel(layers: Tensor, channels: int) -> Tensor:
    """One number of each layer, (4,), repeated for each of its channels: (channels, 1)."""
    return torch.cat([each.expand(size) for each, size in zip(layers, sizes_of(channels), strict=True)])[:, None]


@dataclass(frozen=True, eq=False)
class Keys:
    """By what the places of a style are found: ``vectors`` (axes, keys) of unit length along ``axes`` (channels, axes).

    Each key is of ``stride`` places.
    """

    axes: Tensor
    vectors: Tensor
    stride: int

    @classmethod
    def of(cls, features: Tensor, scales: Tensor) -> Keys:
        """Those of places with ``features`` (channels, places), whose layers are multiplied by ``scales``."""
        scaled = features * _by_channel(scales, len(features))
        centred = scaled - scaled.mean(1, keepdim=True)
        axes = _main_axes(centred @ centred.T / centred.shape[1])
        stride = -(-centred.shape[1] // MOST_PLACES)
        vectors = axes.T @ centred[:, ::stride]
        return cls(axes, vectors / vectors.norm(dim=0).clamp(min=1e-8), stride)


@dataclass(frozen=True, eq=False)
class Places:
    """The places of a picture that others can be made to look like.

    Attributes
    ----------
    features : (places, channels) of all layers together; in this order choosing places is several times as fast.
    energies : the variance of each layer's features.
    cells : which cell of the picture's grid each place is, ascending.
    grid : rows and columns of that grid.
    """

    features: Tensor
    energies: Tensor
    cells: Tensor
    grid: tuple[int, int]
    _keys: dict[tuple[float, ...], Keys] = field(init=False, default_factory=dict)
    """What :meth:`keys` found for the last scales."""

    @classmethod
    def of(
        cls, features: Tensor, rows: int, columns: int, part: Tensor | None = None, most: int = MOST_PLACES
    ) -> Places:
        """Those of a picture with ``features`` (channels, rows * columns) on the grid.

        Of ``part``, (1, 1, height, width), only where it is above a half; of more than ``most`` a regular choice.
        """
        usable = torch.ones(rows, columns, dtype=torch.bool)
        if min(rows, columns) > 4 * BORDER:
            usable[:BORDER], usable[-BORDER:], usable[:, :BORDER], usable[:, -BORDER:] = False, False, False, False
        if part is not None:
            inside = usable & (F.avg_pool2d(part.cpu(), CELL, ceil_mode=True)[0, 0] > 0.5)
            usable = inside if bool(inside.any()) else usable
        kept = usable.flatten().nonzero()[:, 0]
        kept = kept[:: -(-len(kept) // most)].to(features.device)
        features = features[:, kept]
        spread = features.var(1, correction=0)
        energies = torch.stack([each.sum() for each in spread.split(sizes_of(len(features)))]).clamp(min=1e-8)
        return cls(features.T.contiguous(), energies, kept, (rows, columns))

    def beside(self, chosen: Tensor, row: int, column: int) -> Tensor:
        """The place ``row`` cells below and ``column`` to the right of each of ``chosen``; -1 where there is none."""
        rows, columns = self.grid
        cells = self.cells[chosen.clamp(min=0)]
        down, right = cells // columns + row, cells % columns + column
        inside = (chosen >= 0) & (down >= 0) & (down < rows) & (right >= 0) & (right < columns)
        return torch.where(inside, self._place_at[torch.where(inside, down * columns + right, 0)], -1)

    @cached_property
    def _place_at(self) -> Tensor:
        """The place that each cell of the grid is; -1 where it is none."""
        rows, columns = self.grid
        found = self.cells.new_full((rows * columns,), -1)
        found[self.cells] = torch.arange(len(self.cells), device=self.cells.device)
        return found

    def keys(self, scales: Tensor) -> Keys:
        """By what places are found when layers are multiplied by ``scales``, (4,). The last are remembered.

        They depend neither on the photo nor on how much of it is kept, so a moved slider need not find them again.
        """
        wanted = tuple(scales.tolist())
        if wanted not in self._keys:
            if len(self._keys) == _KEYS_KEPT:
                self._keys.pop(next(iter(self._keys)))
            self._keys[wanted] = Keys.of(self.features.T.contiguous(), scales)
        return self._keys[wanted]

    @property
    def nbytes(self) -> int:
        """Memory of the features."""
        return self.features.nbytes


@dataclass(eq=False)
class _Style:
    """One style of a region: what it is compared by, and which of its places each place of the picture is to be.

    ``matches`` are the places that are averaged, (matches, places of the picture), -1 where there is none; ``contrast``
    is what the mean's deviation from ``middle`` is multiplied by, both (channels, 1).
    """

    weight: float
    places: Places
    keys: Keys
    matches: Tensor | None = None
    middle: Tensor | None = None
    contrast: Tensor | None = None

    def wanted(self, cells: Tensor | slice) -> Tensor:
        """Features that some places of the picture are to have, (channels, places)."""
        assert self.matches is not None
        features = self.places.features
        chosen = self.matches[:, cells]
        if len(chosen) == 1:
            return features[chosen[0]].T.contiguous()
        total = features.new_zeros(chosen.shape[1], features.shape[1])
        for each in chosen:
            total += features[each.clamp(min=0)] * (each >= 0)[:, None]
        mean = total.T.contiguous() / (chosen >= 0).sum(0)
        if self.middle is None or self.contrast is None:
            return mean
        return self.middle + (mean - self.middle) * self.contrast

    def vote(self, rows: int, columns: int) -> None:
        """Let each place of the picture, a grid of ``rows`` and ``columns``, be what its neighbours' matches say."""
        assert self.matches is not None
        own = self.matches[0].view(rows, columns)
        padded = F.pad(own, (1, 1, 1, 1), value=-1)
        around = [padded[1 + row : 1 + row + rows, 1 + column : 1 + column + columns] for row, column in _BESIDE]
        self.matches = torch.stack(
            [
                self.places.beside(each.flatten(), -row, -column)
                for each, (row, column) in zip(around, _BESIDE, strict=True)
            ]
        )
        self.middle = self.contrast = None
        count = rows * columns
        sums = torch.zeros(4, self.places.features.shape[1], device=own.device)
        for start in range(0, count, _AT_ONCE):
            mean = self.wanted(slice(start, min(count, start + _AT_ONCE)))
            chosen = self.places.features[own.flatten()[start : start + _AT_ONCE]].T.contiguous()
            sums += torch.stack([mean.sum(1), mean.square().sum(1), chosen.sum(1), chosen.square().sum(1)])
        mean, mean_square, chosen, chosen_square = sums / count
        sizes = sizes_of(len(mean))
        spreads = zip((chosen_square - chosen**2).split(sizes), (mean_square - mean**2).split(sizes), strict=True)
        gains = [(before.sum().clamp(min=0) / after.sum().clamp(min=1e-8)).sqrt() for before, after in spreads]
        self.middle = mean[:, None]
        self.contrast = _by_channel(torch.stack(gains), len(mean))


@dataclass(eq=False)
class NearestRegion:
    """The styles of one region, with weights that sum to what is not the photo's own.

    Attributes
    ----------
    styles : weight and places of each.
    own : the photo's features on the grid, (channels, places), which have the rest of the weight.
    share : the region's share of each cell, (places,); None: all of every one.
    voting : whether neighbours have a say in what a place is to be.
    """

    styles: Sequence[tuple[float, Places]]
    own: Tensor | None = None
    share: Tensor | None = None
    voting: bool = True
    _known: list[_Style] = field(init=False, default_factory=list)
    _wanted: Tensor | None = field(init=False, default=None)
    """Features that all places are to have, (channels, places), once asked for since the last choice."""
    _scales: Tensor = field(init=False)
    """Factors of the channels, so that all layers count alike."""

    def __post_init__(self) -> None:
        total = sum(weight for weight, _ in self.styles)
        energies = torch.stack([weight / total * places.energies for weight, places in self.styles]).sum(0)
        layers = (len(energies) * energies).rsqrt()
        self._scales = _by_channel(layers, self.styles[0][1].features.shape[1])
        self._known = [_Style(weight, places, places.keys(layers)) for weight, places in self.styles]

    def seen(self, features: Tensor) -> list[Tensor]:
        """Projections by which places with ``features`` are compared, for each style, (axes, places)."""
        return [style.keys.axes.T @ (features * self._scales) for style in self._known]

    def choose(self, seen: Sequence[Tensor], rows: int, columns: int) -> None:
        """Choose the most alike place of each style for every place of the picture, whose :meth:`seen` it is on a grid
        of ``rows`` and ``columns``."""
        for style, each in zip(self._known, seen, strict=True):
            centred = each - each.mean(1, keepdim=True)
            best = [(part.T @ style.keys.vectors).argmax(1) for part in centred.split(_AT_ONCE, 1)]
            style.matches = style.keys.stride * torch.cat(best)[None]
            if self.voting:
                style.vote(rows, columns)
        self._wanted = None

    def distance(self, features: Tensor, cells: Tensor | None) -> Tensor:
        """Squared distance of each place with ``features`` to what it is to be, about 1 at first; (places,).

        ``cells`` says which places of the whole picture these are; None: all.
        """
        if cells is not None:  # of a tile: those of a whole large picture would be too much to keep
            wanted = self._features_wanted(features, cells)
        elif self._wanted is None:
            wanted = self._wanted = self._features_wanted(features, None)
        else:
            wanted = self._wanted
        return ((features - wanted) * self._scales).square().sum(0)

    @torch.no_grad()
    def _features_wanted(self, like: Tensor, cells: Tensor | None) -> Tensor:
        wanted = torch.zeros_like(like)
        for style in self._known:
            wanted += style.weight * style.wanted(slice(None) if cells is None else cells)
        if self.own is not None:
            rest = 1 - sum(style.weight for style in self._known)
            wanted += rest * (self.own if cells is None else self.own[:, cells])
        return wanted
