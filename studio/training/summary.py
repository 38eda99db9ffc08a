"""The treatment of a folder's pictures, in arrays: fast enough to be asked anew at every move of a control."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.training.findings import FolderReport, Proposal, propose
from studio.training.framing import Framing, lost_share
from studio.training.picture_decisions import PictureDecisions

NOTICEABLE_LOSS = 0.005
"""A smaller share cut off is a matter of one row of pixels."""


@dataclass(frozen=True)
class Summary:
    """One value for every finding of a report, in order.

    Attributes
    ----------
    used : whether the network sees it.
    lost : share (0..1) of a used picture that is cut off; 0 for random crops, which take it from all over.
    scale : how many times a used picture is enlarged (below 1: made smaller); 0 for others.
    sides : sides of the squares cut out of used pictures, in pixels of the originals.
    alike : whether it nearly repeats an earlier picture.
    """

    used: NDArray[np.bool_]
    lost: NDArray[np.float64]
    scale: NDArray[np.float64]
    alike: NDArray[np.bool_]
    sides: NDArray[np.float64]

    @property
    def cropped(self) -> NDArray[np.bool_]:
        """Used pictures of which something is cut off."""
        return self.used & (self.lost >= NOTICEABLE_LOSS)

    @property
    def enlarged(self) -> NDArray[np.bool_]:
        """Used pictures that are smaller than what the network makes."""
        return self.used & (self.scale > 1)

    @property
    def proposal(self) -> Proposal:
        """The resolution proposed for them."""
        return propose(self.sides[self.used])


def summarise(report: FolderReport, framing: Framing, decisions: PictureDecisions) -> Summary:
    """The effect of ``framing`` and the artist's ``decisions`` on every finding of ``report``."""
    count = len(report.findings)
    sizes = np.array([(found.width, found.height) for found in report.findings], np.float64).reshape(count, 2)
    used = np.fromiter((found.verdict == "used" for found in report.findings), bool, count)
    alike = np.fromiter(
        (found.duplicate_of >= 0 and "duplicate" not in found.reasons for found in report.findings), bool, count
    )
    short, long = sizes.min(axis=1), sizes.max(axis=1)
    side = long.copy() if framing.crop == "fit" else short.copy()
    lost = np.zeros(count)
    if framing.crop in ("centre", "salient"):
        lost = 1 - short / np.maximum(long, 1)
    if decisions.boxes:
        for index, found in enumerate(report.findings):
            box = decisions.boxes.get(found.content)
            if box is not None:
                side[index], lost[index] = box[2], lost_share(found.width, found.height, box)
    scale = framing.resolution / np.maximum(side, 1e-9)
    return Summary(used, np.where(used, lost, 0), np.where(used, scale, 0), alike, side)
