"""harskish/ganspace beside our principal directions: the same mapping, the same seeds, one thread.

The peer is not part of this project, nor is scikit-learn, which its estimators import. Clone the one and install the
other (with what it needs) somewhere on ``PYTHONPATH``, then run::

    python -m tests.benchmarks.directions_peer CHECKOUT [--model Rosettes]

Timed are 16 directions of w from 8,192 samples, sampling included: the peer's incremental PCA in the batches of 2,000
that its ``decomposition.py`` feeds it, its plain PCA, and our eigenvectors of the covariance; beside them our style
directions (SeFa), which need no samples. How far the found directions agree is the cosine of the angle between their
planes' nearest vectors.

Processor ms on one thread of a busy machine, median of five; cosines to ours, first and mean::

                             Rosettes               Abstract Paint
  GANSpace, incremental PCA   330   1.000  0.728     292   1.000  0.583
  GANSpace, PCA               215   1.000  1.000     171   1.000  1.000
  ours, principal             156                    113
  ours, style (SeFa)           21   0.028  0.294      19   0.046  0.259
"""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
import time
import types
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from studio.engine import TorchEngine
from studio.gallery import SourceStore
from studio.networks import dcgan
from studio.synthesis.directions import MAX_DIRECTIONS, PCA_SAMPLES, eigenvectors, style_directions, w_covariance

BATCH = 2_000


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("checkout", type=Path)
    parser.add_argument("--model", default="Rosettes")
    options = parser.parse_args()
    torch.set_num_threads(1)
    sys.modules.setdefault("fbpca", types.ModuleType("fbpca"))  # of an estimator that is not asked for
    sys.path.insert(0, str(options.checkout))
    estimators = importlib.import_module("estimators")
    with tempfile.TemporaryDirectory() as folder:
        engine = TorchEngine(SourceStore(Path(folder)), device="cpu")
    net = engine.space(engine.library.find(options.model).ref).generator
    assert not isinstance(net, dcgan.Generator)

    @torch.no_grad()
    def samples() -> NDArray[np.float32]:
        z = torch.randn(PCA_SAMPLES, net.config.z_dim, generator=torch.Generator().manual_seed(0))
        return net.mapping(z).numpy()

    def incremental() -> NDArray[np.float64]:
        found, estimator = samples(), estimators.IPCAEstimator(MAX_DIRECTIONS)
        for begin in range(0, len(found), BATCH):
            estimator.fit_partial(found[begin : begin + BATCH])
        return np.asarray(estimator.get_components()[0])

    def plain() -> NDArray[np.float64]:
        estimator = estimators.PCAEstimator(MAX_DIRECTIONS)
        estimator.fit(samples())
        return np.asarray(estimator.get_components()[0])

    def ours() -> NDArray[np.float64]:
        return eigenvectors(w_covariance(net))[0].numpy()

    def sefa() -> NDArray[np.float64]:
        return style_directions(net).numpy()

    reference = ours()
    ways: dict[str, Callable[[], NDArray[np.float64]]] = {
        "GANSpace, incremental PCA": incremental,
        "GANSpace, PCA": plain,
        "ours, principal": ours,
        "ours, style (SeFa)": sefa,
    }
    for name, way in ways.items():
        way()
        times = []
        for _ in range(5):
            began = time.process_time()
            found = way()
            times.append(time.process_time() - began)
        alike = np.abs(reference @ found.T).max(axis=1)
        print(
            f"{name:26} {sorted(times)[2] * 1000:7.1f} processor ms, cosines to ours {alike[0]:.3f} {alike.mean():.3f}"
        )


if __name__ == "__main__":
    main()
