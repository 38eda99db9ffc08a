"""The training process as ``torchrun`` starts it, but noting the losses of every step rather than means over time."""

import sys
from pathlib import Path

from studio.training import loop

if __name__ == "__main__":
    loop.EVENT_SECONDS = 0.0
    sys.exit(loop.train_process(Path(sys.argv[1])))
