"""``python -m studio.training RUN``: the training process."""

import sys
from pathlib import Path

from studio.training.loop import train_process

if __name__ == "__main__":
    sys.exit(train_process(Path(sys.argv[1])))
