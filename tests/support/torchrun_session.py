"""Training processes as ``torchrun`` starts them, one after another, noting the losses of every step, not means."""

import sys
from pathlib import Path

from studio.training import loop
from studio.training.parallel import end_process

if __name__ == "__main__":
    loop.EVENT_SECONDS = 0.0
    for run in sys.argv[1:-1]:
        loop.train_process(Path(run))
    end_process(loop.train_process(Path(sys.argv[-1])))
