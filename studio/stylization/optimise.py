"""Style transfer by optimising the picture itself (Gatys, Ecker and Bethge 2016), as it is done best today.

The picture is changed by gradient descent until its features in a perceptual network have the photo's content and the
styles' statistics. What is done here beyond the paper, and why:

* **Style loss.** Features of one layer are summarised by their mean and covariance, and compared by the 2-Wasserstein
  distance between the two Gaussians, instead of by the difference of Gram matrices (which remains as an alternative).
  It is the cost of the cheapest way to move one cloud of features onto the other: strong and weak channels count
  alike, so palettes and fine strokes come out clean where Gram matrices leave noise. (Mroueh 2020, "Wasserstein Style
  Transfer", arXiv:1905.12828; the Gaussian formula is eq. 5.)
* **Blending.** Means and *raw* second moments of several styles add up linearly, covariances do not. They are kept per
  style and size, so that a moved slider costs no new pass over any style. The photo takes part with weight
  1 - style_strength.
* **Regions.** Each region has statistics of its own, with every position weighted by the region's share of it.
* **Coarse to fine** from 128 pixels on in steps of sqrt(2), each size starting from the one before.
* **L-BFGS** in place of Adam (:mod:`studio.stylization.descent`): a smaller loss after half of the steps.
* **Start** from the instant preview, not from noise or the photo: layout and palette are there from the first second.
  From a finished picture, every size changes only what belongs to it: the fine strokes stay while the coarse ones move.
* **Layers.** Each layer's distance is divided by the energy of its target, which makes the weights below mean the same
  for every network. Shallow layers count most, since they carry palette and strokes.
* **Tiles** bound the memory at any size; see :mod:`studio.stylization.objective`.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections import OrderedDict
from collections.abc import Sequence
from weakref import WeakKeyDictionary

import numpy as np
import psutil
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from studio.base import Message, Progress, Work
from studio.base.memory import OutOfMemory, is_out_of_memory
from studio.recipes import StylizeSettings
from studio.recipes.steps.stylize import Process
from studio.stylization.blend import StyleInput, blend_weights, check_picture
from studio.stylization.color import fitted, luma, match_luma, recolored, resized
from studio.stylization.descent import LimitedMemory
from studio.stylization.feedforward import guided_enlarge, preview
from studio.stylization.instant import StyleColors, blended_colors, in_colors, photo_colors
from studio.stylization.masks import Mask, Region, check_mask, fitted_mask, plan_regions
from studio.stylization.nearest import CELL, NearestRegion, Places, grid_of
from studio.stylization.objective import (
    Balance,
    Objective,
    StyleTarget,
    gridded_features,
    picture_statistics,
    to_tensor,
)
from studio.stylization.postprocess import detail_kept, finished, noise_picture, prepared, texture_settings
from studio.stylization.statistics import FeatureStatistics, GramToStyle, StyleLoss, WassersteinToStyle

NEAREST_CONTENT = (0.03, 20.0)
"""The same as below, where the nearest places of the styles are what the picture is to look like: they follow the
photo already."""
NEAREST_STYLE = {"relu1_1": 1.0, "relu2_1": 1.0, "relu3_1": 1.0}
NEAREST_STATISTICS = 0.5
"""Layers whose statistics are matched besides, and the weight of them: the grid of the places sees no grain."""
NEAREST_DETAIL = 0.16
PHOTO_SHARE = (0.6, 1.0)
"""How much of what is compared with the styles is the photo, at either end of the content's range; the rest is the
picture as it is by then."""
CHOOSE_EVERY = 12
"""Steps after which the nearest places are chosen anew."""

CONTENT_WEIGHT: dict[Process, tuple[float, float]] = {1: (0.015, 16.0), 2: (0.08, 5.0)}
"""Weight of the content at the slider's middle, and the factor that the slider spans to either side. By the second a
portrait has its face in the middle, and loses it near the slider's beginning."""

SMOOTHNESS = 2.0
"""Weight of the smoothness: without it, noise the layers do not see stays between the strokes."""
DETAIL_WEIGHT = 0.5

SMALLEST_SIDE = 128
LEAST_TILE = 256
PREVIEW_SECONDS = 0.5
PREVIEW_PATIENCE = 4
"""Large pictures take long to show: so many times as long is worked before the next one."""
_STATISTICS_KEPT = 96
_PLACES_BYTES = 2**28


def content_weight(settings: StylizeSettings) -> float:
    """The weight that the content strength of ``settings`` stands for."""
    middle, span = NEAREST_CONTENT if settings.loss == "nearest" else CONTENT_WEIGHT[settings.process]
    return middle * span ** (2 * settings.content_strength - 1)


def scales(size: int) -> list[int]:
    """Long sides to work at, ascending by sqrt(2) to ``size``: 512 gives [128, 181, 256, 362, 512]."""
    sides = [size]
    while sides[-1] / math.sqrt(2) >= SMALLEST_SIDE - 1:
        sides.append(round(sides[-1] / math.sqrt(2)))
    return sides[::-1]


def steps_per_scale(steps: int, count: int) -> list[int]:
    """How ``steps`` are shared among ``count`` sizes: alike, at least one each, the rest to the largest."""
    shared = [max(1, steps // count)] * count
    shared[-1] = max(1, steps - sum(shared[:-1]))
    return shared


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


def optimise(
    content: NDArray[np.uint8],
    styles: Sequence[StyleInput],
    settings: StylizeSettings,
    *,
    extractor: nn.Module,
    mask: Mask | None = None,
    faces: Mask | None = None,
    start: NDArray[np.uint8] | None = None,
    stop_after: int | None = None,
    device: torch.device | str = "cpu",
    balance: Balance | None = None,
    largest_tile: int | None = None,
) -> Work[NDArray[np.uint8]]:
    """Restyle ``content`` by a blend of ``styles``, at full quality.

    Parameters
    ----------
    content : uint8, (height, width, 3).
    settings : all controls. The seed is that of the little noise the start is given: the same input on the same device
        gives the same pixels.
    extractor : a :class:`studio.networks.vgg.VGGFeatures` on ``device``.
    mask : where the photo is restyled, float32 (h, w) in 0..1, stretched over the photo; None is everywhere.
    faces : where faces are, float32 (h, w) in 0..1, stretched over the photo: there the photo counts more, by how much
        the settings say.
    start : a finished picture to change instead of the instant preview. Its fine strokes stay while coarse ones move.
    stop_after : return the picture of this step, on the way to the last: what an artist saw who cancelled then.
    balance : weights of the parts of the loss; default those that the strengths stand for.
    largest_tile : side of tiles in pixels; default what the memory allows.

    Yields
    ------
    Progress a step; the first, and one every half second, carries a preview of the size of the result. Whoever stops
    early keeps the last preview as result.

    Raises
    ------
    StudioError
        Without styles, with a picture that is none, or when not even a small picture fits into the memory.
    """
    device = torch.device(device)
    check_picture(content, Message("The photo"))
    blend_weights(styles)
    if start is not None:
        check_picture(start, Message("The picture to start from"))
    if settings.texture:
        content, mask = noise_picture(content, styles, settings), None
        settings = texture_settings(settings)
    size, steps = settings.size, settings.steps
    target = prepared(content, size, settings)
    if settings.style_strength <= 0:
        return target
    job = _Job(content, styles, settings, mask, extractor, balance, device, faces)
    job.tile_side = largest_tile or tile_side(device)
    base: Tensor | None = None
    if start is None:
        start = content if settings.texture else preview(content, styles, _sketch(settings), mask=mask)
    else:
        base = job.variable(resized(start, *target.shape[:2]))
    first = resized(start, *target.shape[:2]).astype(np.float32) / np.float32(255)
    yield Progress(0, steps, Message("Sketching"), job.finished(first, target))
    del first  # at 4096 pixels each of these is 200 MB

    sides = scales(size)
    shares = steps_per_scale(steps, len(sides))
    state = LimitedMemory(job.variable(start))
    noise = torch.Generator().manual_seed(settings.seed)
    done, shown, patience = 0, time.monotonic(), PREVIEW_SECONDS
    reduced = 1.0
    scale: _Scale | None = None
    index = 0
    while index < len(sides):
        side = max(32, round(sides[index] * reduced))
        message = Message("Optimising at {size} px", size=side)
        try:
            scale = None  # what the size before has kept of the photo goes before there is more
            scale = job.at(side)
            if base is not None:
                state.image = base
            state = state.at(scale.height, scale.width, noise if index == 0 and base is None else None)
            before = state.image if base is not None else None
            for step in range(shares[index]):
                if step % CHOOSE_EVERY == 0 and scale.choose_nearest(state.image) and step:
                    state = LimitedMemory(state.image)  # the curvature was that of another loss
                state.descend(scale.gradient)
                preview_image = None
                last = step == shares[index] - 1 or done + step + 1 == stop_after
                if last or time.monotonic() - shown > patience:
                    making = time.monotonic()
                    if base is None or before is None:
                        preview_image = job.enlarged(state.image, scale.content, target)
                    else:
                        preview_image = job.shown(_changed(base, state.image - before), target)
                    shown = time.monotonic()
                    patience = max(PREVIEW_SECONDS, PREVIEW_PATIENCE * (shown - making))
                yield Progress(min(steps, done + step + 1), steps, message, preview_image)
                if done + step + 1 == stop_after and preview_image is not None:
                    return preview_image
            if base is not None and before is not None:
                base = _changed(base, state.image - before)
            small = scale.content
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            if device.type == "cuda":
                torch.cuda.empty_cache()
            if side <= SMALLEST_SIDE:
                raise OutOfMemory(
                    Message("There is not enough memory for style transfer at {side} pixels.", side=side),
                    "Close other programs, or choose a smaller size.",
                ) from error
            if min(job.tile_side, side) > LEAST_TILE:
                job.tile_side = smaller_tile(job.tile_side, side)
            else:
                # Go on with what the sizes before gave, a little smaller than asked for.
                reduced *= 0.75
            continue
        done += shares[index]
        index += 1
    return job.shown(base, target) if base is not None else job.enlarged(state.image, small, target)


def _sketch(settings: StylizeSettings) -> StylizeSettings:
    """Settings of the instant preview that the optimisation begins with.

    Palettes are given back at the very end: in between the strokes are matched to the styles' own.
    """
    keep = settings.keep_colors and settings.color_transfer == "luminance"
    return settings.model_copy(update={"size": min(settings.size, 256), "keep_colors": keep})


def _changed(base: Tensor, change: Tensor) -> Tensor:
    """``base`` plus ``change``, which may be smaller."""
    if change.shape != base.shape:
        change = F.interpolate(change, base.shape[2:], mode="bicubic", align_corners=False)
    return (base + change).clamp(0, 1)


def _balance(settings: StylizeSettings) -> Balance:
    """The weights that the strengths of ``settings`` stand for."""
    content = 0.0 if settings.texture else content_weight(settings)
    detail = detail_kept(settings) * settings.detail
    if settings.loss == "nearest":
        return Balance(
            style=NEAREST_STYLE,
            statistics=NEAREST_STATISTICS,
            nearest=1.0,
            content=content,
            smoothness=SMOOTHNESS,
            detail=NEAREST_DETAIL * detail,
        )
    return Balance(content=content, smoothness=SMOOTHNESS, detail=DETAIL_WEIGHT * detail)


class _Job:
    """The parts of a job that stay the same over all sizes."""

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
    ) -> None:
        self.content, self.styles, self.settings, self.mask = content, styles, settings, mask
        self.faces = faces if settings.faces > 0 and not settings.texture else None
        self.extractor = extractor
        self.grey = settings.keep_colors and settings.color_transfer == "luminance"
        self.balance = balance or _balance(settings)
        self.device = device
        self.tile_side = tile_side(device)
        self.only_hue = None if settings.process == 1 or settings.keep_colors else _only_hue(styles, settings)

    def variable(self, picture: NDArray[np.uint8]) -> Tensor:
        """The variable that is optimised, from a picture: its colours, or its brightness alone."""
        if self.grey:
            return torch.from_numpy(luma(picture))[None, None].to(self.device)
        return to_tensor(picture, self.device)

    def at(self, side: int) -> _Scale:
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
        scale = _Scale(objective, content, toned, self.settings.content_strength)
        if coverage is not None:
            scale.photo = self.variable(content)
            scale.cover = torch.from_numpy(coverage)[None, None].to(self.device)
        return scale

    def _toned(self, photo: Tensor) -> Tensor:
        """The photo in the colours of the styles, by which their places are chosen: it has their darks and lights."""
        if self.settings.keep_colors:
            return photo
        wanted = blended_colors(self.styles)
        strength = self.settings.style_strength
        pixels = _pixels(photo)
        if strength < 1:
            wanted = wanted.scaled(strength) + photo_colors(self.content).scaled(1 - strength)
        toned = np.clip(in_colors(pixels, wanted), 0, 1)
        return torch.from_numpy(np.ascontiguousarray(toned.transpose(2, 0, 1)))[None].to(self.device)

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
        return NearestRegion(styles, own, share)

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
        key = self._style_key(style, side)
        if key in known:
            known.move_to_end(key)
            return known[key]
        image, share = self._style_picture(style, side)
        features = gridded_features(self.extractor, image, self.tile_side)
        found = known[key] = Places.of(features, *grid_of(*image.shape[2:]), share)
        while len(known) > 1 and sum(places.nbytes for places in known.values()) > _PLACES_BYTES:
            known.popitem(last=False)
        return found

    def _style_key(self, style: StyleInput, side: int) -> tuple[object, ...]:
        """What a style at a size is known by. With the colours kept, it depends on the photo."""
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


class _Scale:
    """The loss at one size, of the picture that stands in the photo where ``cover`` is below one.

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
    colors = blended_colors(styles)
    return colors if colors.monochrome else None


def _part(mask: Mask, height: int, width: int) -> Mask:
    """Which part of a style is looked at; all of it when the mask is empty."""
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
