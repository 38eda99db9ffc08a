"""What an artist waits for, on a card: finals, films, faces, projection, dragging, merged networks, enlarging."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from studio.base import drain
from studio.checkpoints.enlargers import Enlarger, load_own
from studio.faces import find_faces
from studio.networks.compact import CompactEnlarger
from studio.networks.mtcnn import FaceNetworks
from studio.recipes import EnlargeSettings, FileRef, LatentSeed, NetworkBlend, SampleRecipe, StylizeSettings
from studio.restoration.enlarge import enlarge
from studio.stylization import StyleInput
from studio.stylization.nearest import NearestRegion, Places, sizes_of
from studio.stylization.objective import Balance, Objective, StyleTarget, picture_statistics, to_tensor
from studio.stylization.optimise import optimise
from studio.stylization.statistics import WassersteinToStyle
from studio.stylization.video import ClipStyler
from studio.synthesis.dragging import drag
from studio.synthesis.latents import LatentSpace
from studio.synthesis.network_blending import BlendedSpace
from studio.synthesis.projection import Budget, Stage, project
from tests.gpu.report import Report, both, relative, synchronize
from tests.gpu.subjects import generator, on, picture, random_vgg

RECIPE = SampleRecipe(model=FileRef(hash="0" * 64, name="card"), latent=LatentSeed(seed=1), noise="none")
LARGEST_GRADIENT_DIFFERENCE = 0.05
"""Of gradients through a network: cards round convolutions more coarsely than processors (TF32)."""


# ---- right


def right_tools(report: Report) -> None:
    """The same steps of every tool on processor and device."""
    small = report.small
    side, steps = (32, 2) if small else (256, 12)
    vgg = random_vgg()
    extractors = [on(device, vgg) for device in both(report.device)]

    def by_statistics() -> float:
        found = []
        for extractor, device in zip(extractors, both(report.device), strict=True):
            content, style = (to_tensor(picture(side, seed), device) for seed in (1, 2))
            balance = Balance(content=0.1)
            wanted = picture_statistics(extractor, style, tuple(balance.style), None, 2048)
            target = StyleTarget({name: WassersteinToStyle(each) for name, each in wanted.items()})
            found.append(Objective(extractor, content, [target], balance).gradient(content.clone())[1])
        return relative(found)

    def by_nearest() -> float:
        torch.manual_seed(4)
        channels = sum(sizes_of(15 * (16 if small else 64)))
        style, seen = torch.rand(channels, 24 * 24), torch.rand(channels, 20 * 20)
        found = []
        for device in both(report.device):
            region = NearestRegion([(0.8, Places.of(style.to(device), 24, 24))], own=seen.to(device))
            region.choose(region.seen(seen.to(device)), 20, 20)
            found.append(region.distance(seen.to(device), None))
        return relative(found)

    def projected() -> float:
        found = []
        for extractor, space in zip(extractors, _spaces(report), strict=True):
            *_, last = _projection(space, extractor, "w+", steps)
            found.append(last.loss)
        return relative(found)

    def dragged() -> float:
        size = 16 if small else 256
        found = []
        for space in _spaces(report):
            *_, last = drag(space, RECIPE, [(size * 0.3, size * 0.4)], [(size * 0.5, size * 0.4)], steps=3)
            found.append(last.code)
        return relative(found)

    def merged() -> float:
        found = []
        for space in _spaces(report):
            blended = _blended(space, 0.4)
            found.append(blended.picture(blended.recipe_code(RECIPE), RECIPE).float())
        return float((found[0] - found[1]).abs().max())

    def enlarged() -> float:
        found = []
        for device in both(report.device):
            own = load_own(2, device)
            made = drain(enlarge(picture(side, 3), EnlargeSettings(), lambda _scale: own, (2,), device=device))  # noqa: B023
            found.append(torch.from_numpy(made).float())
        return float((found[0] - found[1]).abs().max())

    def faces() -> float:
        torch.manual_seed(6)
        networks = FaceNetworks()
        found = []
        for device in both(report.device):
            squares = F.interpolate(to_tensor(picture(96, 5), device) * 2 - 1, (48, 48), mode="area")
            found.append(torch.cat([part.flatten() for part in on(device, networks).onet(squares)]))
        return relative(found)

    most = LARGEST_GRADIENT_DIFFERENCE
    report.measure("right", "style loss by statistics, gradient", "of 1", by_statistics, most=most)
    report.measure("right", "style loss by nearest places", "of 1", by_nearest, most=0.02)
    report.measure("right", f"projection, loss after {steps} steps", "of 1", projected, most=most)
    report.measure("right", "dragging, latent after 3 steps", "of 1", dragged, most=most)
    report.measure("right", "two networks as one", "levels", merged, most=4)
    report.measure("right", "enlarging twice", "levels", enlarged, most=2)
    report.measure("right", "networks that find faces", "of 1", faces, most=0.01)


def _spaces(report: Report) -> list[LatentSpace]:
    network = generator(16 if report.small else 256, small=report.small)
    return [LatentSpace(on(device, network)) for device in both(report.device)]


def _projection(space: LatentSpace, extractor: Any, last: Stage, steps: int) -> Any:
    side = space.generator.config.resolution
    wanted = to_tensor(picture(side * 2, 7)[:side, :side].copy(), space.device)
    return project(space, wanted, extractor, RECIPE, last=last, budget=Budget(None, steps))


def _blended(space: LatentSpace, amount: float) -> BlendedSpace:
    torch.manual_seed(8)
    other = on(space.device, space.generator)
    for parameter in other.parameters():
        parameter.add_(torch.randn(parameter.shape).to(parameter) * 0.1)
    blended = BlendedSpace(space, LatentSpace(other))
    blended.set(_blend(blended, amount))
    return blended


def _blend(space: BlendedSpace, amount: float) -> NetworkBlend:
    return NetworkBlend(model=RECIPE.model, amounts=(amount,) * len(space.layers), mapping=amount)


# ---- fast


def stylizing(report: Report) -> None:
    """Steps of the optimisation: all sizes on the way to the largest, and by nearest places or statistics."""
    extractor = on(report.device, random_vgg())
    for size in (32,) if report.small else (512, 1024, 2048):
        for loss in ("nearest", "wasserstein") if size < 1024 else ("nearest",):

            def work(size: int = size, loss: str = loss) -> float:
                return seconds_a_step(report, extractor, size, 4 if report.small else 40, loss=loss)

            report.measure("stylizing", f"{size} px, by {loss}", "s/step", work)


def seconds_a_step(
    report: Report, extractor: nn.Module, size: int, steps: int, *, loss: str = "nearest", tile: int | None = None
) -> float:
    """Time of an optimisation divided by the steps that there was time for."""
    settings = StylizeSettings(size=size, steps=steps, method="optimise", loss=loss)  # type: ignore[arg-type]
    styles = [StyleInput(picture(min(size, 1024), 2), 1.0)]
    work = optimise(picture(size, 1), styles, settings, extractor=extractor, device=report.device, largest_tile=tile)
    began, done = time.perf_counter(), 0
    for progress in work:
        done = progress.step
        if done and report.left <= 0:
            break
    synchronize(report.device)
    return (time.perf_counter() - began) / max(1, done)


def films(report: Report) -> None:
    """A frame that follows another."""
    size = 64 if report.small else 512
    content = picture(size, 1)
    settings = StylizeSettings(size=size, steps=4 if report.small else 30, method="optimise")
    extractor = on(report.device, random_vgg())
    styler = ClipStyler([StyleInput(picture(size, 2), 1.0)], settings, extractor=extractor, device=report.device)

    def work() -> float:
        first = drain(styler.frame(content))
        began = time.perf_counter()
        drain(styler.frame(np.roll(content, 2, 1), first.before))
        synchronize(report.device)
        return time.perf_counter() - began

    report.measure("films", f"{size} px, a frame that follows", "s", work)


def faces(report: Report) -> None:
    """Looking for faces in a photo; with random weights there are more or fewer to look at than in a real one."""
    side = 64 if report.small else 1024
    torch.manual_seed(6)
    networks = on(report.device, FaceNetworks())
    photo = picture(side, 5)
    rounds = 2 if report.small else 5
    report.measure(
        "faces", f"{side} px", "ms", lambda: report.milliseconds(lambda: find_faces(networks, photo), rounds)
    )


def projection(report: Report) -> None:
    """Steps of each stage of finding a photo in a network."""
    size = 16 if report.small else 256
    extractor = on(report.device, random_vgg())
    space = LatentSpace(on(report.device, generator(size, small=report.small)))

    def stage_time(stage: Stage) -> float:
        began: float | None = None
        count = 0
        for step in _projection(space, extractor, "tuned", 20 if report.small else 160):
            if step.stage == stage:
                synchronize(report.device)
                now = time.perf_counter()
                began, count = began or now, count + 1
            elif count:
                break
            if report.left <= 0 and count > 1:
                break
        synchronize(report.device)
        if began is None or count < 2:
            raise RuntimeError("that stage was not reached")
        return (time.perf_counter() - began) * 1000 / count

    for stage in ("search", "w", "w+", "tuned"):
        report.measure(
            "projection",
            f"{size} px, {stage}",
            "ms/step",
            lambda stage=stage: stage_time(stage),  # type: ignore[misc]
        )


def dragging(report: Report) -> None:
    """Steps of dragging points."""
    size, steps = (16, 2) if report.small else (256, 30)
    space = LatentSpace(on(report.device, generator(size, small=report.small)))

    def work() -> float:
        began, count = time.perf_counter(), 0
        for step in drag(space, RECIPE, [(size * 0.2, size * 0.5)], [(size * 0.8, size * 0.5)], steps=steps):
            space.picture(step.code, RECIPE)
            count += 1
            if report.left <= 0:
                break
        return (time.perf_counter() - began) * 1000 / count

    report.measure("dragging", f"{size} px, a step with its picture", "ms", work)


def merging(report: Report) -> None:
    """A picture of two networks after every change of their amounts."""
    size = 16 if report.small else 256
    blended = _blended(LatentSpace(on(report.device, generator(size, small=report.small))), 0.5)
    amounts = iter(np.linspace(0, 1, 1000))

    def draw() -> Tensor:
        blended.set(_blend(blended, float(next(amounts))))
        return blended.picture(blended.recipe_code(RECIPE), RECIPE)

    report.measure(
        "merging", f"{size} px, other amounts", "ms", lambda: report.milliseconds(draw, 2 if report.small else 20)
    )


def enlarging(report: Report) -> None:
    """Megapixels of the given picture a second, by our own network and by one as large as Real-ESRGAN's for films."""
    side = 64 if report.small else 1024
    torch.manual_seed(9)
    compact = CompactEnlarger(8, 2, 4) if report.small else CompactEnlarger(64, 16, 4)
    large = on(report.device, compact).to(memory_format=torch.channels_last)
    networks = {"our own, twice": load_own(2, report.device), "compact, four times": Enlarger(large, 4, compact.reach)}
    for name, network in networks.items():

        def work(network: Enlarger = network) -> float:
            photo = picture(side, 3)
            settings = EnlargeSettings(factor=float(network.scale))
            began = time.perf_counter()
            drain(enlarge(photo, settings, lambda _scale: network, (network.scale,), device=report.device))
            return photo.shape[0] * photo.shape[1] / 1e6 / (time.perf_counter() - began)

        report.measure("enlarging", f"{side} px, {name}", "MP/s", work)
