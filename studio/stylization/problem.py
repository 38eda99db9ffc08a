"""The optimisation problem of one stylization: photo, styles and settings, and what is minimised at each size."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from weakref import WeakKeyDictionary

import numpy as np
import psutil
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from studio.base import Message
from studio.recipes import StylizeSettings
from studio.stylization.blend import StyleInput, blend_weights, check_picture
from studio.stylization.color import fitted, luma, match_luma, recolored
from studio.stylization.feedforward import guided_enlarge
from studio.stylization.instant import StyleColors, blended_colors, in_colors, wanted_colors
from studio.stylization.masks import Mask, Region, check_mask, fitted_mask, plan_regions
from studio.stylization.nearest import CELL, MOST_PLACES, NearestRegion, Places, grid_of
from studio.stylization.objective import (
    Balance,
    Objective,
    StyleTarget,
    gridded_features,
    picture_statistics,
    to_tensor,
)
from studio.stylization.postprocess import finished, prepared
from studio.stylization.statistics import FeatureStatistics, GramToStyle, StyleLoss, WassersteinToStyle
from studio.stylization.strengths import balance_of

PHOTO_SHARE = (0.6, 1.0)
"""How much of what is compared with the styles is the photo, at either end of the content's range; the rest is the
picture as it is by then."""

_STATISTICS_KEPT = 96
_PLACES_BYTES = 2**28
LEAST_TILE = 256
"""Smallest tile, in pixels."""


def tile_side(device: torch.device) -> int:
    """Largest tile, in pixels, by the memory the device has in all: what is free just now must not change pictures.

    A tile of 1024 pixels and its margin take about 3 GB on the way back.
    """
    if device.type == "cuda":
        total = int(torch.cuda.get_device_properties(device).total_memory)
    else:
        total = int(psutil.virtual_memory().total)
    return next((side for side, needed in ((2048, 30), (1024, 7), (512, 3.5)) if total > needed * 2**30), 256)


def smaller_tile(tile: int, side: int) -> int:
    """The tile to try next at a size when the memory does not suffice for ``tile``, in pixels."""
    return max(LEAST_TILE, min(tile, side) // 2)


class Problem:
    """A stylization as an optimisation problem, at any size; parameters as for :func:`studio.stylization.optimise`."""

    def __init__(
        self,
        content: NDArray[np.uint8],
        styles: Sequence[StyleInput],
        settings: StylizeSettings,
        mask: Mask | None,
        extractor: nn.Module,
        balance: Balance | None,
        device: torch.device,
        faces: Mask | None = None,
        largest_tile: int | None = None,
    ) -> None:
        self.content, self.styles, self.settings, self.mask = content, styles, settings, mask
        self.faces = faces if settings.faces > 0 and not settings.texture else None
        self.extractor = extractor
        self.grey = settings.keep_colors and settings.color_transfer == "luminance"
        self.balance = balance or balance_of(settings)
        self.device = device
        self.tile_side = largest_tile or tile_side(device)
        self._voting = settings.process >= 3
        self.only_hue = None if settings.process == 1 or settings.keep_colors else _only_hue(styles, settings)

    def variable(self, picture: NDArray[np.uint8]) -> Tensor:
        """The variable that is optimised, from a picture: its colours, or its brightness alone."""
        if self.grey:
            return torch.from_numpy(luma(picture))[None, None].to(self.device)
        return to_tensor(picture, self.device)

    def at(self, side: int) -> ProblemAtSize:
        """Everything needed to optimise at one size."""
        content = prepared(self.content, side, self.settings)
        height, width = content.shape[:2]
        regions, coverage = plan_regions(self.styles, self.mask, self.settings.feather, height, width)
        shown = to_tensor(_grey(luma(content)) if self.grey else content, self.device)
        targets = [self._target(region, shown, side) for region in regions]
        toned = self._toned(shown) if self.balance.nearest else None
        faces = None
        if self.faces is not None:
            faces = self.settings.faces * torch.from_numpy(fitted_mask(self.faces, height, width))[None, None]
        objective = Objective(
            self.extractor,
            shown,
            targets,
            self.balance,
            circular=self.settings.seamless,
            tile_side=self.tile_side,
            nearest=[self._nearest(region, shown, side) for region in regions] if toned is not None else (),
            faces=None if faces is None else faces.to(self.device),
            edges=toned,
        )
        scale = ProblemAtSize(objective, content, toned, self.settings.content_strength)
        if coverage is not None:
            scale.photo = self.variable(content)
            scale.cover = torch.from_numpy(coverage)[None, None].to(self.device)
        return scale

    def _toned(self, photo: Tensor) -> Tensor:
        """The photo in the colours of the styles, by which their places are chosen: it has their darks and lights."""
        toned = self.in_style_colors(_pixels(photo))
        return torch.from_numpy(np.ascontiguousarray(toned.transpose(2, 0, 1)))[None].to(self.device)

    def in_style_colors(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """A picture in the colours of the styles, as far as they count; float32 in 0..1, as it was given."""
        if self.settings.keep_colors:
            return pixels
        wanted = wanted_colors(self.styles, self.content, self.settings)
        return np.clip(in_colors(pixels, wanted), 0, 1)

    def _nearest(self, region: Region, photo: Tensor, side: int) -> NearestRegion:
        strength = self.settings.style_strength
        weights = blend_weights(region.styles)
        styles = [
            (weight * strength, self._places(style, side))
            for style, weight in zip(region.styles, weights, strict=True)
            if weight > 0
        ]
        own = None
        if strength < 1:
            own = gridded_features(self.extractor, photo, self.tile_side, self.settings.seamless)
        share = None
        if region.share is not None:
            whole = torch.from_numpy(region.share)[None, None].to(self.device)
            share = F.avg_pool2d(whole, CELL, ceil_mode=True).flatten()
        return NearestRegion(styles, own, share, self._voting)

    def _target(self, region: Region, photo: Tensor, side: int) -> StyleTarget:
        share = None if region.share is None else torch.from_numpy(region.share)[None, None].to(self.device)
        blend: dict[str, FeatureStatistics] = {}
        strength = self.settings.style_strength
        if strength < 1:
            own = picture_statistics(self.extractor, photo, tuple(self.balance.style), share, self.tile_side)
            blend = {name: statistics.scaled(1 - strength) for name, statistics in own.items()}
        for style, weight in zip(region.styles, blend_weights(region.styles), strict=True):
            if weight == 0:
                continue
            for name, statistics in self._style_statistics(style, side).items():
                part = statistics.scaled(weight * strength)
                blend[name] = blend[name] + part if name in blend else part
        distance = GramToStyle if self.settings.loss == "gram" else WassersteinToStyle
        losses: dict[str, StyleLoss] = {name: distance(statistics) for name, statistics in blend.items()}
        return StyleTarget(losses, share)

    def _places(self, style: StyleInput, side: int) -> Places:
        """The places of one style at the size that it is seen at."""
        known = _known_places.setdefault(self.extractor, OrderedDict())
        key = (*self._style_key(style, side), self._voting)
        if key in known:
            known.move_to_end(key)
            return known[key]
        image, share = self._style_picture(style, side)
        features = gridded_features(self.extractor, image, self.tile_side)
        found = known[key] = Places.of(
            features, *grid_of(*image.shape[2:]), share, MOST_PLACES * (4 if self._voting else 1)
        )
        while len(known) > 1 and sum(places.nbytes for places in known.values()) > _PLACES_BYTES:
            known.popitem(last=False)
        return found

    def _style_key(self, style: StyleInput, side: int) -> tuple[object, ...]:
        """Key of a style at a size in the cache. With the colours kept, it depends on the photo."""
        reference = _digest(fitted(self.content, 256)) if self.settings.keep_colors else None
        return (
            _digest(style.image),
            None if style.part is None else _digest(style.part),
            self._style_side(style, side),
            None if reference is None else (reference, self.settings.color_transfer),
        )

    def _style_side(self, style: StyleInput, side: int) -> int:
        # Enlarged pixels have no strokes in them: a style is never seen larger than it is, unless that is asked for.
        return max(32, min(round(side * style.scale), round(max(style.image.shape[:2]) * max(1, style.scale))))

    def _style_picture(self, style: StyleInput, side: int) -> tuple[Tensor, Tensor | None]:
        """The style as it is seen at a size, (1, 3, height, width), and which part of it counts."""
        check_picture(style.image, Message("The style"))
        picture = fitted(style.image, self._style_side(style, side))
        if self.settings.keep_colors:
            # The style is given the photo's colours.
            reference = fitted(self.content, 256)
            if self.grey:
                picture = _grey(match_luma(luma(picture), luma(reference)))
            else:
                picture = recolored(picture, reference, self.settings.color_transfer)
        share = None
        if style.part is not None:
            share = torch.from_numpy(_part(style.part, *picture.shape[:2]))[None, None].to(self.device)
        return to_tensor(picture, self.device), share

    def _style_statistics(self, style: StyleInput, side: int) -> dict[str, FeatureStatistics]:
        key = (*self._style_key(style, side), tuple(self.balance.style))
        known = _known_statistics.setdefault(self.extractor, OrderedDict())
        if key in known:
            known.move_to_end(key)
            return {name: statistics.to(self.device) for name, statistics in known[key].items()}
        image, share = self._style_picture(style, side)
        layers = tuple(self.balance.style)
        found = picture_statistics(self.extractor, image, layers, share, self.tile_side)
        known[key] = {name: statistics.to("cpu") for name, statistics in found.items()}
        while len(known) > _STATISTICS_KEPT:
            known.popitem(last=False)
        return found

    def enlarged(self, image: Tensor, small: NDArray[np.uint8], target: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """``image`` as uint8 of the size of ``target``, finished."""
        picture = _pixels(image)
        if picture.shape != target.shape:
            picture = guided_enlarge(picture, small, target)
        return self.finished(picture, target)

    def shown(self, image: Tensor, target: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """``image`` of the size of ``target`` as uint8, finished."""
        return self.finished(_pixels(image), target)

    def finished(self, picture: NDArray[np.float32], target: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """uint8 from float 0..1, with kept colours and the photo where it is masked."""
        if self.only_hue is not None:
            picture = in_colors(picture, self.only_hue)
        return finished(picture, target, self.styles, self.settings, self.mask)


_known_statistics: WeakKeyDictionary[nn.Module, OrderedDict[tuple[object, ...], dict[str, FeatureStatistics]]] = (
    WeakKeyDictionary()
)
_known_places: WeakKeyDictionary[nn.Module, OrderedDict[tuple[object, ...], Places]] = WeakKeyDictionary()


class ProblemAtSize:
    """The problem at one size: the loss of the picture that stands in the photo where ``cover`` is below one.

    ``toned`` is the photo by which the nearest places of the styles are chosen; None without them.
    """

    def __init__(
        self, objective: Objective, content: NDArray[np.uint8], toned: Tensor | None, content_strength: float
    ) -> None:
        self.objective, self.content, self.toned = objective, content, toned
        low, high = PHOTO_SHARE
        self.photo_share = low + (high - low) * content_strength
        self.photo: Tensor | None = None
        self.cover: Tensor | None = None

    @property
    def height(self) -> int:
        return self.content.shape[0]

    @property
    def width(self) -> int:
        return self.content.shape[1]

    def choose_nearest(self, image: Tensor) -> bool:
        """Choose the nearest places of the styles anew, by the photo and ``image``; returns whether there are any."""
        if self.toned is None:
            return False
        self.objective.choose_nearest(self.photo_share * self.toned + (1 - self.photo_share) * image.detach())
        return True

    def gradient(self, image: Tensor) -> tuple[float, Tensor]:
        """Loss and its gradient with respect to ``image``, of which only what is covered shows."""
        if self.cover is None or self.photo is None:
            return self.objective.gradient(image)
        loss, gradient = self.objective.gradient(self.photo + self.cover * (image - self.photo))
        return loss, gradient * self.cover


def _only_hue(styles: Sequence[StyleInput], settings: StylizeSettings) -> StyleColors | None:
    """The colours of styles that are drawn in one ink, which a few steps leave tinted; None of all others."""
    if settings.texture or settings.style_strength < 1 or any(style.region is not None for style in styles):
        return None
    colors = blended_colors(styles, by_area=True)
    return colors if colors.monochrome else None


def _part(mask: Mask, height: int, width: int) -> Mask:
    """Mask of the part of a style that counts, at the size of its picture; all of it when the mask is empty."""
    check_mask(mask, Message("The mask of a style"))
    part = fitted_mask(mask, height, width)
    return part if part.mean() > 1e-4 else np.ones_like(part)


def _digest(array: NDArray[np.uint8] | NDArray[np.float32]) -> str:
    return hashlib.blake2b(repr(array.shape).encode() + array.tobytes()).hexdigest()


def _pixels(image: Tensor) -> NDArray[np.float32]:
    pixels: NDArray[np.float32] = image.detach().expand(1, 3, -1, -1)[0].permute(1, 2, 0).float().cpu().numpy()
    return pixels


def _grey(brightness: NDArray[np.float32]) -> NDArray[np.uint8]:
    grey = np.asarray(np.clip(brightness * 255.0 + 0.5, 0, 255), np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)
