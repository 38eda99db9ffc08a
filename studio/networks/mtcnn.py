"""The three networks of MTCNN, which find faces from coarse to fine.

Zhang et al. 2016, "Joint face detection and alignment using multitask cascaded convolutional networks"
(arXiv:1604.02878), with the layers of its published weights. Inputs are RGB of -1..1 (grey is 0); tensors are named as
in the weights' files, so that these load as they are.
"""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

CELL = 12
"""Side of the square that a place of the proposal network's maps sees, in pixels."""
STRIDE = 2
"""Pixels from one such square to the next."""
REFINED = 24
"""Side of what the refinement network sees."""
FINAL = 48
"""Side of what the output network sees."""


class ProposalNetwork(nn.Module):
    """Faces of about 12 pixels anywhere in a picture of any size of at least 12 pixels."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.prelu1 = nn.Conv2d(3, 10, 3), nn.PReLU(10)
        self.conv2, self.prelu2 = nn.Conv2d(10, 16, 3), nn.PReLU(16)
        self.conv3, self.prelu3 = nn.Conv2d(16, 32, 3), nn.PReLU(32)
        self.conv4_1, self.conv4_2 = nn.Conv2d(32, 2, 1), nn.Conv2d(32, 4, 1)

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        """Probabilities (n, h, w) of a face at each place, and how its box lies in the square there (n, 4, h, w)."""
        x = F.max_pool2d(self.prelu1(self.conv1(picture)), 2, ceil_mode=True)
        x = self.prelu3(self.conv3(self.prelu2(self.conv2(x))))
        return self.conv4_1(x).softmax(dim=1)[:, 1], self.conv4_2(x)


class RefinementNetwork(nn.Module):
    """Faces among squares of 24 pixels."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.prelu1 = nn.Conv2d(3, 28, 3), nn.PReLU(28)
        self.conv2, self.prelu2 = nn.Conv2d(28, 48, 3), nn.PReLU(48)
        self.conv3, self.prelu3 = nn.Conv2d(48, 64, 2), nn.PReLU(64)
        self.dense4, self.prelu4 = nn.Linear(576, 128), nn.PReLU(128)
        self.dense5_1, self.dense5_2 = nn.Linear(128, 2), nn.Linear(128, 4)

    def forward(self, squares: Tensor) -> tuple[Tensor, Tensor]:
        """Probabilities (n,) of a face in squares (n, 3, 24, 24), and how its box lies in the square (n, 4)."""
        x = F.max_pool2d(self.prelu1(self.conv1(squares)), 3, 2, ceil_mode=True)
        x = F.max_pool2d(self.prelu2(self.conv2(x)), 3, 2, ceil_mode=True)
        x = self.prelu4(self.dense4(_flat(self.prelu3(self.conv3(x)))))
        return self.dense5_1(x).softmax(dim=1)[:, 1], self.dense5_2(x)


class OutputNetwork(nn.Module):
    """Faces among squares of 48 pixels, with five landmarks."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.prelu1 = nn.Conv2d(3, 32, 3), nn.PReLU(32)
        self.conv2, self.prelu2 = nn.Conv2d(32, 64, 3), nn.PReLU(64)
        self.conv3, self.prelu3 = nn.Conv2d(64, 64, 3), nn.PReLU(64)
        self.conv4, self.prelu4 = nn.Conv2d(64, 128, 2), nn.PReLU(128)
        self.dense5, self.prelu5 = nn.Linear(1152, 256), nn.PReLU(256)
        self.dense6_1, self.dense6_2, self.dense6_3 = nn.Linear(256, 2), nn.Linear(256, 4), nn.Linear(256, 10)

    def forward(self, squares: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Probabilities (n,), boxes in the square (n, 4) and landmarks in it (n, 5, 2) as (x, y) of 0..1."""
        x = F.max_pool2d(self.prelu1(self.conv1(squares)), 3, 2, ceil_mode=True)
        x = F.max_pool2d(self.prelu2(self.conv2(x)), 3, 2, ceil_mode=True)
        x = F.max_pool2d(self.prelu3(self.conv3(x)), 2, 2, ceil_mode=True)
        x = self.prelu5(self.dense5(_flat(self.prelu4(self.conv4(x)))))
        landmarks = self.dense6_3(x).unflatten(1, (2, 5)).transpose(1, 2)  # five x come before five y
        return self.dense6_1(x).softmax(dim=1)[:, 1], self.dense6_2(x), landmarks


class FaceNetworks(nn.Module):
    """The three networks, as :func:`studio.faces.find_faces` takes them."""

    def __init__(self) -> None:
        super().__init__()
        self.pnet, self.rnet, self.onet = ProposalNetwork(), RefinementNetwork(), OutputNetwork()
        self.requires_grad_(False)
        self.eval()


def _flat(maps: Tensor) -> Tensor:
    """Maps as rows in the order of the published weights, which were trained with columns first."""
    return maps.permute(0, 3, 2, 1).flatten(1)
