"""``python -m studio``."""

import sys

if __name__ == "__main__":
    try:
        from studio.cli import main
    except KeyboardInterrupt:  # the libraries take a moment to load
        sys.exit(130)
    main()
