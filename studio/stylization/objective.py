"""The loss of a picture at one size, and its gradient, of the whole picture at once or tile by tile.

**Tiles.** The style's statistics belong to the whole picture, yet memory should not grow with it. Their distance
depends on the picture only through sums over positions (:mod:`studio.stylization.statistics`), so two passes give the
exact gradient: the first collects the sums without keeping anything for the way back, from which follows what a change
of each sum is worth; the second goes back through one tile at a time with these prices. A tile is seen with a margin
wider than the network's field of view, and only its own positions count, so that tiles leave no trace. What compares
neighbouring pixels goes by bands (:mod:`studio.stylization.local_losses`). So all that grows with the picture is
the picture, its gradient and the photo's features.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from studio.stylization.local_losses import DETAIL_STEPS, Neighbours, laplacian
from studio.stylization.nearest import CELL, NEAREST_LAYERS, NearestRegion, grid_of, on_grid
from studio.stylization.statistics import FeatureStatistics, StyleLoss, feature_statistics

STYLE_LAYERS: dict[str, float] = {"relu1_1": 256, "relu2_1": 64, "relu3_1": 16, "relu4_1": 4, "relu5_1": 1}
"""Layers whose statistics are matched, with their weights (their sum is scaled to 1)."""

CONTENT_LAYER = "relu4_2"

HALO = 96
"""Pixels around a tile. relu5_1 sees 66 to each side; a multiple of 16 keeps the poolings in step."""

FACE_GAIN = 7.0
"""How many times more the photo counts in a face that counts by one."""
FACE_FREEDOM = 1.1
"""How much less the nearest places of the styles count there."""

_POOLINGS = {"relu1": 0, "relu2": 1, "relu3": 2, "relu4": 3, "relu5": 4}


@dataclass(frozen=True)
class Balance:
    """The weights of the parts of the loss.

    Each part is divided by the energy of its target, which makes the weights mean the same for every network.

    Attributes
    ----------
    style : weight by layer.
    statistics : weight of all layers' statistics together.
    nearest : weight of the distance to the nearest places of the styles.
    content : weight of the photo's features in relu4_2.
    smoothness : weight of the squared differences between neighbouring pixels.
    detail : weight of the photo's Laplacian (Li et al. 2017, "Laplacian-steered neural style transfer").
    """

    style: Mapping[str, float] = field(default_factory=lambda: dict(STYLE_LAYERS))
    statistics: float = 1.0
    nearest: float = 0.0
    content: float = 0.2
    smoothness: float = 0.0
    detail: float = 0.0


@dataclass(frozen=True, eq=False)
class StyleTarget:
    """The style of one region: a loss by layer, and the region's share of each pixel, (1, 1, height, width)."""

    losses: Mapping[str, StyleLoss]
    share: Tensor | None = None


@dataclass(frozen=True)
class Tile:
    """The place of a tile: its own rows and columns, and those it is seen with (from the first, to the last)."""

    top: int
    bottom: int
    left: int
    right: int
    seen: tuple[int, int, int, int]


def tiles(height: int, width: int, side: int | None, *, circular: bool = False) -> list[Tile]:
    """Tiles of about ``side`` pixels that cover the picture; None is one tile, the picture itself.

    With ``circular`` the margins go beyond the picture, to be taken from its opposite edge.
    """
    if side is None or max(height, width) <= side:
        return [Tile(0, height, 0, width, (0, height, 0, width))]

    def cuts(length: int) -> list[tuple[int, int]]:
        count = math.ceil(length / side)
        step = math.ceil(length / count / 16) * 16
        return [(start, min(length, start + step)) for start in range(0, length, step)]

    found = []
    for top, bottom in cuts(height):
        for left, right in cuts(width):
            seen = (top - HALO, bottom + HALO, left - HALO, right + HALO)
            if not circular:
                seen = (max(0, seen[0]), min(height, seen[1]), max(0, seen[2]), min(width, seen[3]))
            found.append(Tile(top, bottom, left, right, seen))
    return found


class Objective:
    """The loss at one size.

    Parameters
    ----------
    content : the photo, (1, 3, height, width) in 0..1.
    targets : the style of each region.
    tile_side : largest tile; None: the picture as a whole.
    nearest : the places of the styles of each region; :meth:`choose_nearest` must come before the first gradient.
    faces : where the photo's own features count more, and by how much: (1, 1, height, width), 0 is as everywhere.
    edges : the picture whose fine detail is kept; None: ``content``.
    """

    def __init__(
        self,
        extractor: nn.Module,
        content: Tensor,
        targets: Sequence[StyleTarget],
        balance: Balance,
        *,
        circular: bool = False,
        tile_side: int | None = None,
        nearest: Sequence[NearestRegion] = (),
        faces: Tensor | None = None,
        edges: Tensor | None = None,
    ) -> None:
        self.extractor, self.targets, self.balance, self.circular = extractor, targets, balance, circular
        self.nearest = nearest
        self.height, self.width = content.shape[2:]
        self.tiles = tiles(self.height, self.width, tile_side, circular=circular)
        layers = (*balance.style, *(NEAREST_LAYERS if nearest else ()), *((CONTENT_LAYER,) if balance.content else ()))
        self.layers = tuple(dict.fromkeys(layers))
        self._freedom: Tensor | None = None
        self._face_content: Tensor | None = None
        if faces is not None:
            cells = F.avg_pool2d(faces, CELL, ceil_mode=True).flatten()
            self._freedom = (1 - FACE_FREEDOM * cells).clamp(min=0.1)
            self._face_content = F.avg_pool2d(faces, 2 ** _POOLINGS[CONTENT_LAYER[:5]], ceil_mode=True)[0]
        self._shares = [_layer_shares(target.share, balance.style) for target in targets]
        areas = [1.0 if target.share is None else float(target.share.mean()) for target in targets]
        self._areas = [area / sum(areas) for area in areas]
        self._style_sum = sum(balance.style.values())
        # The photo's features are kept in half precision: at 4096 pixels they are the largest thing in memory.
        self._wanted: list[Tensor | None] = [None] * len(self.tiles)
        self._energy = 1.0
        if balance.content:
            energy, count = 0.0, 0
            for number, tile in enumerate(self.tiles):
                found = self._content_of(content, tile)
                energy, count = energy + float(found.square().sum()), count + found.numel()
                self._wanted[number] = found.to(torch.bfloat16) if len(self.tiles) > 1 else found
                del found  # not to be there still while the next tile's are made
            self._energy = max(1e-12, energy / count)
            self._count = count
        detailed = content if edges is None else edges
        wanted = [laplacian(detailed, step, circular) for step in DETAIL_STEPS] if balance.detail else []
        self._neighbours = Neighbours(
            balance.smoothness, balance.detail, wanted, circular, None if faces is None else 1 + FACE_GAIN * faces
        )

    @torch.no_grad()
    def _content_of(self, content: Tensor, tile: Tile) -> Tensor:
        return self._features(_cut(content, tile), tile, (CONTENT_LAYER,))[CONTENT_LAYER]

    # -- nearest places ----------------------------------------------------------------------------------------------

    @torch.no_grad()
    def choose_nearest(self, image: Tensor) -> None:
        """Choose the places of the styles anew that are most like ``image``, (1, 3, height, width) in 0..1."""
        if not self.nearest:
            return
        total = math.prod(grid_of(self.height, self.width))
        seen: list[list[Tensor]] = [[] for _ in self.nearest]
        for tile in self.tiles:
            features, cells = self._gridded(self._features(_cut(image, tile), tile, NEAREST_LAYERS), tile)
            for region, whole in zip(self.nearest, seen, strict=True):
                parts = region.seen(features)
                if cells is None:
                    whole[:] = parts
                    continue
                if not whole:
                    whole[:] = [part.new_empty(len(part), total) for part in parts]
                for large, part in zip(whole, parts, strict=True):
                    large[:, cells] = part
        for region, whole in zip(self.nearest, seen, strict=True):
            region.choose(whole, *grid_of(self.height, self.width))

    def _gridded(self, found: Mapping[str, Tensor], tile: Tile) -> tuple[Tensor, Tensor | None]:
        """A tile's own places, (channels, places), and which of the picture's these are; None: all."""
        if len(self.tiles) == 1:
            return on_grid(found, *grid_of(self.height, self.width)), None
        rows, columns = _own(tile, "relu3_3")
        wide = grid_of(self.height, self.width)[1]
        across = torch.arange(columns.start, columns.stop)
        cells = (torch.arange(rows.start, rows.stop)[:, None] * wide + across).flatten()
        gridded = on_grid(found, rows.stop - rows.start, columns.stop - columns.start)
        return gridded, cells.to(gridded.device)

    def _nearest_term(self, found: Mapping[str, Tensor], number: int) -> Tensor:
        if not self.nearest:
            return next(iter(found.values())).new_zeros(())
        features, cells = self._gridded(found, self.tiles[number])
        total = features.new_zeros(())
        for region in self.nearest:
            distance = region.distance(features, cells)
            for share in (region.share, self._freedom):
                if share is not None:
                    distance = distance * (share if cells is None else share[cells])
            total = total + distance.sum()
        return total * (self.balance.nearest / math.prod(grid_of(self.height, self.width)))

    # -- the loss ----------------------------------------------------------------------------------------------------

    def value(self, image: Tensor) -> float:
        """Loss of ``image``, (1, 1 or 3, height, width) in 0..1."""
        with torch.no_grad():
            statistics, content = self._collect(image)
            style = self._style_of(statistics)
            return float(style) + content + float(self._neighbours.loss(image.expand(1, 3, -1, -1)))

    def gradient(self, image: Tensor) -> tuple[float, Tensor]:
        """Loss of ``image`` and the gradient of it, of the shape of ``image``."""
        image = image.detach()
        if len(self.tiles) == 1:
            variable = image.requires_grad_()
            colored = variable.expand(1, 3, -1, -1)
            loss = self._whole(colored) + self._neighbours.loss(colored)
            (gradient,) = torch.autograd.grad(loss, variable)
            return float(loss.detach()), gradient
        statistics, content = self._collect(image)
        leaves = [
            {name: FeatureStatistics(m.mean.requires_grad_(), m.second.requires_grad_()) for name, m in each.items()}
            for each in statistics
        ]
        style = self._style_of(leaves)
        style.backward()  # type: ignore[no-untyped-call]
        pixels, total = self._neighbours.gradient(image)
        for number, tile in enumerate(self.tiles):
            _add_cut(total, self._tile_gradient(image, number, leaves), tile)
        return float(style.detach()) + content + pixels, total

    def _tile_gradient(self, image: Tensor, number: int, leaves: Sequence[Mapping[str, FeatureStatistics]]) -> Tensor:
        """A tile's part of the gradient, of the pixels it is seen with; ``leaves`` carry the prices of the sums."""
        tile = self.tiles[number]
        part = _cut(image, tile).clone().requires_grad_()
        found = self._features(part.expand(1, 3, -1, -1), tile, self.layers)
        worth = self._content_term(found, number) + self._nearest_term(found, number)
        for shares, each in zip(self._shares, leaves, strict=True):
            for name, prices in each.items():
                own = self._tile_statistics(found[name], shares[name], tile, name)
                # The Gram matrices' distance does not ask for the mean, which has no price then.
                for sums, price in ((own.mean, prices.mean.grad), (own.second, prices.second.grad)):
                    if price is not None:
                        worth = worth + (sums * price).sum()
        (gradient,) = torch.autograd.grad(worth, part)
        return gradient

    def _whole(self, image: Tensor) -> Tensor:
        tile = self.tiles[0]
        found = self._features(image, tile, self.layers)
        loss = self._content_term(found, 0) + self._nearest_term(found, 0)
        for target, shares, area in zip(self.targets, self._shares, self._areas, strict=True):
            for name, weight in self.balance.style.items():
                share = shares[name]
                flat = None if share is None else share.flatten()
                distance = target.losses[name].of_features(found[name].flatten(1), flat)
                loss = loss + self.balance.statistics * area * weight / self._style_sum * distance
        return loss

    def _collect(self, image: Tensor) -> tuple[list[dict[str, FeatureStatistics]], float]:
        """Statistics of the whole picture for each region, and the content loss."""
        statistics: list[dict[str, FeatureStatistics]] = [{} for _ in self.targets]
        content = 0.0
        with torch.no_grad():
            for number, tile in enumerate(self.tiles):
                found = self._features(_cut(image, tile).expand(1, 3, -1, -1), tile, self.layers)
                content += float(self._content_term(found, number) + self._nearest_term(found, number))
                for shares, each in zip(self._shares, statistics, strict=True):
                    for name in self.balance.style:
                        own = self._tile_statistics(found[name], shares[name], tile, name)
                        each[name] = each[name] + own if name in each else own
                del found  # not to be there still while the next tile's are made
        return statistics, content

    def _style_of(self, statistics: Sequence[Mapping[str, FeatureStatistics]]) -> Tensor:
        parts = [
            area * weight / self._style_sum * target.losses[name].of_statistics(found[name])
            for target, found, area in zip(self.targets, statistics, self._areas, strict=True)
            for name, weight in self.balance.style.items()
        ]
        return self.balance.statistics * torch.stack(parts).sum()

    def _tile_statistics(self, found: Tensor, share: Tensor | None, tile: Tile, name: str) -> FeatureStatistics:
        """A tile's part of the statistics of the whole picture."""
        flat = found.flatten(1)
        if share is None:
            step = 2 ** _POOLINGS[name[:5]]
            whole = math.ceil(self.height / step) * math.ceil(self.width / step)
            return feature_statistics(flat).scaled(flat.shape[1] / whole)
        rows, columns = _own(tile, name)
        return feature_statistics(flat, share[rows, columns].flatten())

    def _content_term(self, found: Mapping[str, Tensor], number: int) -> Tensor:
        wanted = self._wanted[number]
        if wanted is None:
            return next(iter(found.values())).new_zeros(())
        apart = (found[CONTENT_LAYER] - wanted).square()
        if self._face_content is not None:
            rows, columns = _own(self.tiles[number], CONTENT_LAYER)
            apart = apart * (1 + FACE_GAIN * self._face_content[:, rows, columns])
        distance = apart.sum()
        return distance * (self.balance.content / (self._energy * self._count))

    def _features(self, seen: Tensor, tile: Tile, layers: Sequence[str]) -> dict[str, Tensor]:
        """Features of a tile's own positions, float32, (channels, rows, columns)."""
        whole = len(self.tiles) == 1
        found = features(self.extractor, seen, layers, circular=self.circular and whole)
        if whole:
            return found
        own = {}
        for name, each in found.items():
            step = 2 ** _POOLINGS[name[:5]]
            top, left = (tile.top - tile.seen[0]) // step, (tile.left - tile.seen[2]) // step
            rows, columns = _own(tile, name)
            own[name] = each[:, top : top + rows.stop - rows.start, left : left + columns.stop - columns.start]
        return own


def features(
    extractor: nn.Module, image: Tensor, layers: Sequence[str], *, circular: bool = False
) -> dict[str, Tensor]:
    """Features of ``image``, (1, 3, height, width), as float32, (channels, rows, columns) each."""
    with _fast_precision(image.device):
        found = extractor(image.contiguous(memory_format=torch.channels_last), layers, circular=circular)
    # Not value[0], whose gradient would be laid out anew.
    return {name: value.squeeze(0).float() for name, value in found.items()}


def _fast_precision(device: torch.device) -> AbstractContextManager[object]:
    """bfloat16 convolutions where a graphics card has instructions for them: twice as fast, and looks the same."""
    fast = device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)
    return torch.autocast(device.type, torch.bfloat16, enabled=fast)


def picture_statistics(
    extractor: nn.Module, image: Tensor, layers: Sequence[str], share: Tensor | None, tile_side: int | None
) -> dict[str, FeatureStatistics]:
    """Statistics of every layer of ``image``, (1, 3, height, width), by tiles; ``share`` as in :class:`StyleTarget`."""
    balance = Balance(dict.fromkeys(layers, 1.0), content=0.0)
    objective = Objective(extractor, image, [StyleTarget({}, share)], balance, tile_side=tile_side)
    return objective._collect(image)[0][0]


@torch.no_grad()
def gridded_features(extractor: nn.Module, image: Tensor, tile_side: int | None, circular: bool = False) -> Tensor:
    """Features of ``image``, (1, 3, height, width), on the grid of its cells, by tiles: (channels, places)."""
    objective = Objective(extractor, image, [], Balance({}, content=0.0), circular=circular, tile_side=tile_side)
    whole = torch.empty(0)
    for tile in objective.tiles:
        features, cells = objective._gridded(objective._features(_cut(image, tile), tile, NEAREST_LAYERS), tile)
        if cells is None:
            return features
        if not len(whole):
            whole = features.new_empty(len(features), math.prod(grid_of(*image.shape[2:])))
        whole[:, cells] = features
    return whole


def _layer_shares(share: Tensor | None, layers: Mapping[str, float]) -> dict[str, Tensor | None]:
    """The share of each position of each layer, (rows, columns) with the sum one."""
    shares: dict[str, Tensor | None] = {}
    for name in layers:
        if share is None:
            shares[name] = None
            continue
        step = 2 ** _POOLINGS[name[:5]]
        small = share if step == 1 else F.avg_pool2d(share, step, ceil_mode=True)
        shares[name] = small[0, 0] / small.sum().clamp(min=1e-12)
    return shares


def _own(tile: Tile, name: str) -> tuple[slice, slice]:
    """Rows and columns of a layer that belong to a tile."""
    step = 2 ** _POOLINGS[name[:5]]
    rows = slice(tile.top // step, math.ceil(tile.bottom / step))
    return rows, slice(tile.left // step, math.ceil(tile.right / step))


def _cut(image: Tensor, tile: Tile) -> Tensor:
    """The pixels a tile is seen with."""
    top, bottom, left, right = tile.seen
    height, width = image.shape[2:]
    if top >= 0 and left >= 0 and bottom <= height and right <= width:
        return image[..., top:bottom, left:right]
    rows = torch.arange(top, bottom, device=image.device) % height
    columns = torch.arange(left, right, device=image.device) % width
    return image[..., rows, :][..., columns]


def _add_cut(total: Tensor, part: Tensor, tile: Tile) -> None:
    """Add to ``total`` where :func:`_cut` took from."""
    top, bottom, left, right = tile.seen
    height, width = total.shape[2:]
    if top >= 0 and left >= 0 and bottom <= height and right <= width:
        total[..., top:bottom, left:right] += part
        return
    rows = torch.arange(top, bottom, device=total.device) % height
    columns = torch.arange(left, right, device=total.device) % width
    wide = total.new_zeros((*total.shape[:2], len(rows), width)).index_add_(3, columns, part)
    total.index_add_(2, rows, wide)


def to_tensor(image: NDArray[np.uint8], device: torch.device | str) -> Tensor:
    """(1, 3, height, width) in 0..1 on ``device``."""
    return torch.tensor(image, device=device).permute(2, 0, 1)[None].float().div_(255)
