"""The training process as ``torchrun`` starts it, but noting the losses of every step rather than means over time."""

import sys
from pathlib import Path

from studio.training import loop
from studio.training.parallel import end_process

if __name__ == "__main__":
    loop.EVENT_SECONDS = 0.0
    end_process(loop.train_process(Path(sys.argv[1])))
