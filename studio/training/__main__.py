"""``python -m studio.training RUN``: the training process."""

import sys
from pathlib import Path

from studio.base.allocator import keep_pages
from studio.training.parallel import end_process
from studio.training.process import train_process

if __name__ == "__main__":
    keep_pages()
    end_process(train_process(Path(sys.argv[1])))
