"""Distances of generated pictures from a set of pictures, measured on features (n, d) of a classifier.

All functions compute on the CPU in double precision and are functions of their arguments alone: subsets are drawn
with a fixed seed, so that the same features give the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from studio.training.measurements import COPY_SHARE, Verdict

KID_SUBSETS = 100
KID_SUBSET_SIZE = 1000
KID_SEED = 2020
NEIGHBOURS = 3
# Up to this many rows the kernel is computed once for all subsets.
_WHOLE_KERNEL = 4096
_BLOCK = 2048


def resize_for_network(pictures: Tensor, side: int) -> Tensor:
    """(n, 3, h, w) in 0..255 -> (n, 3, side, side) as float32 in 0..255.

    Bicubic with antialiasing and without rounding, as clean-fid does it (Parmar et al. 2022, "On aliased resizing and
    surprising subtleties in GAN evaluation"): plain interpolation drops lines when it makes pictures smaller.
    """
    x = pictures.to(torch.float32)
    if x.shape[-2:] == (side, side):
        return x
    return F.interpolate(x, (side, side), mode="bicubic", align_corners=False, antialias=True).clamp(0, 255)


# ---- kernel inception distance


@dataclass(frozen=True)
class KernelDistance:
    """KID: mean and standard deviation over the subsets. Slightly negative values mean "no difference found"."""

    mean: float
    spread: float
    subset_size: int


def polynomial_kernel(a: Tensor, b: Tensor) -> Tensor:
    """(a b^T / d + 1)^3 for (n, d) and (m, d): the kernel of Bińkowski et al. 2018, section 4."""
    return (a @ b.T / a.shape[1] + 1) ** 3


def mmd2_unbiased(aa: Tensor, ab: Tensor, bb: Tensor) -> float:
    """The squared maximum mean discrepancy, unbiased (Gretton et al. 2012, eq. 3), from kernels (m, m)."""
    m = aa.shape[0]
    within = aa.sum() - aa.trace() + bb.sum() - bb.trace()
    return float(within / (m * (m - 1)) - 2 * ab.mean())


def subset_size_for(generated: int, real: int) -> int:
    """Size of a subset of each: the usual 1000, or half of the smaller set when there are fewer.

    The estimate is unbiased for any size, so sets of different size compare; half leaves subsets to differ, without
    which there would be no spread to tell.
    """
    smaller = min(generated, real)
    return KID_SUBSET_SIZE if smaller >= 2 * KID_SUBSET_SIZE else max(2, smaller // 2)


def kernel_distance(
    generated: Tensor,
    real: Tensor,
    *,
    subsets: int = KID_SUBSETS,
    subset_size: int | None = None,
    seed: int = KID_SEED,
) -> KernelDistance:
    """The kernel inception distance of two sets of features (Bińkowski et al. 2018, "Demystifying MMD GANs").

    Raises
    ------
    ValueError
        With fewer than two pictures, or fewer than ``subset_size``, on a side.
    """
    if min(len(generated), len(real)) < 2:
        raise ValueError("KID needs at least two pictures on each side")
    size = subset_size if subset_size is not None else subset_size_for(len(generated), len(real))
    if size > min(len(generated), len(real)):
        raise ValueError(f"a subset of {size} does not fit into {min(len(generated), len(real))} pictures")
    x, y = generated.double().cpu(), real.double().cpu()
    draw = np.random.RandomState(seed)
    whole = max(len(x), len(y)) <= _WHOLE_KERNEL
    kernels = [polynomial_kernel(a, b) for a, b in ((x, x), (x, y), (y, y))] if whole else []
    values = []
    for _ in range(subsets):
        i = torch.from_numpy(draw.choice(len(x), size, replace=False))
        j = torch.from_numpy(draw.choice(len(y), size, replace=False))
        if whole:
            aa, ab, bb = kernels[0][i][:, i], kernels[1][i][:, j], kernels[2][j][:, j]
        else:
            aa, ab, bb = polynomial_kernel(x[i], x[i]), polynomial_kernel(x[i], y[j]), polynomial_kernel(y[j], y[j])
        values.append(mmd2_unbiased(aa, ab, bb))
    return KernelDistance(float(np.mean(values)), float(np.std(values)), size)


# ---- precision and recall


def _distances(a: Tensor, b: Tensor) -> Tensor:
    """Euclidean distances (n, m) in double precision: near-copies must not drown in rounding."""
    return torch.cat([torch.cdist(rows, b.double()) for rows in a.double().split(_BLOCK)])


def precision_recall(generated: Tensor, real: Tensor, neighbours: int = NEIGHBOURS) -> tuple[float, float]:
    """Improved precision and recall (Kynkäänniemi et al. 2019, eqs. 1 and 2).

    Precision is the share of generated pictures inside the balls that reach from each real picture to its k-th
    neighbour: how many look real. Recall is the converse: how much of the set the generator covers. Sets too small
    for k neighbours use as many as there are.

    Raises
    ------
    ValueError
        With fewer than two pictures on a side.
    """
    if min(len(generated), len(real)) < 2:
        raise ValueError("precision and recall need at least two pictures on each side")
    across = _distances(generated.cpu(), real.cpu())

    def radii(features: Tensor) -> Tensor:
        # The smallest distance is that of a picture to itself.
        k = min(neighbours, len(features) - 1) + 1
        return _distances(features.cpu(), features.cpu()).kthvalue(k, dim=1).values

    precision = (across <= radii(real)[None, :]).any(dim=1).double().mean()
    recall = (across <= radii(generated)[:, None]).any(dim=0).double().mean()
    return float(precision), float(recall)


# ---- Fréchet distance


def frechet_distance(generated: Tensor, real: Tensor) -> float:
    """The Fréchet distance of two Gaussians fitted to the features (Heusel et al. 2017, eq. 6): FID.

    Biased: it falls as more pictures are drawn, and below some 10,000 it says more about their number than about
    their quality. Compare only values of equal numbers; KID has no such bias.
    """
    x, y = generated.double().cpu(), real.double().cpu()
    mean_x, mean_y = x.mean(dim=0), y.mean(dim=0)

    def root(features: Tensor, mean: Tensor) -> Tensor:
        """R with R^T R the covariance, with no more rows than columns."""
        centred = (features - mean) / (len(features) - 1) ** 0.5
        return torch.linalg.qr(centred, mode="r").R if len(features) > features.shape[1] else centred

    a, b = root(x, mean_x), root(y, mean_y)
    # tr sqrt(A^T A B^T B) is the sum of the singular values of A B^T: much smaller than d x d for small sets.
    trace_root = torch.linalg.svdvals(a @ b.T).sum()
    distance = (mean_x - mean_y).square().sum() + a.square().sum() + b.square().sum() - 2 * trace_root
    return float(distance)


# ---- memorising


@dataclass(frozen=True)
class Memorising:
    """Distances of generated pictures from the training pictures.

    Attributes
    ----------
    nearest : (n,) the training picture nearest to each generated one.
    ratio : (n,) the distance to it, over the distance of that training picture to its own nearest neighbour.
    nearer_share : share of generated pictures with a ratio below 1. Alaa et al. 2022 ("How faithful is your synthetic
        data?") call 1 minus this the authenticity; new pictures of the same kind give about one half.
    copy_share : share with a ratio below :data:`studio.training.measurements.COPY_SHARE`.
    """

    nearest: Tensor
    ratio: Tensor
    nearer_share: float
    copy_share: float

    @property
    def verdict(self) -> Verdict:
        """ "new", "close" or "copies"."""
        # Measured on painted figures and emoji: unseen pictures of the same kind give 0.04 to 0.05 and 0.45 to 0.47,
        # mirrored training pictures 0.77 and 0.91 or more.
        if self.copy_share >= 0.25:
            return "copies"
        return "close" if self.copy_share >= 0.12 or self.nearer_share >= 0.75 else "new"


def memorising(generated: Tensor, real: Tensor) -> Memorising:
    """Compare each generated picture with the training picture nearest to it.

    Pictures that lie twice in the set have no distance to measure with: at least a tenth of the set's median counts.

    Raises
    ------
    ValueError
        With fewer than two training pictures.
    """
    if len(real) < 2:
        raise ValueError("the nearest neighbours need at least two training pictures")
    distance, nearest = _distances(generated.cpu(), real.cpu()).min(dim=1)
    own = _distances(real.cpu(), real.cpu()).fill_diagonal_(torch.inf).min(dim=1).values
    own = own.clamp(min=max(1e-9, 0.1 * float(own.median())))
    ratio = distance / own[nearest]
    return Memorising(nearest, ratio, float((ratio < 1).double().mean()), float((ratio < COPY_SHARE).double().mean()))
