"""Telling people what happens, in lines, in English or Chinese.

Readable to every Python 3, for it also says that one is too old: nothing in here may need a newer one.
"""

import functools
import locale
import os
import sys
from typing import NoReturn

from installer.chinese import TEXTS


@functools.lru_cache(maxsize=1)
def speaks_chinese() -> bool:
    """Whether ``LATENT_STUDIO_LANGUAGE`` asks for Chinese, or the system where that is not set.

    As in the window, whoever reads traditional characters is spoken to in English; so is everybody where the terminal
    has no Chinese letters.
    """
    try:
        "中文".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    names = ("LATENT_STUDIO_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    said = next((os.environ[name] for name in names if os.environ.get(name)), "")
    if not said and os.name == "nt":
        import ctypes

        number = ctypes.windll.kernel32.GetUserDefaultUILanguage()  # type: ignore[attr-defined,unused-ignore]
        said = locale.windows_locale.get(number, "")
    language = said.replace("-", "_").lower()
    return language.startswith("zh") and not language.startswith(("zh_tw", "zh_hk", "zh_mo", "zh_hant"))


def word(template: str, **values: object) -> str:
    """``template`` in the language of whoever reads it, its ``values`` filled in."""
    if speaks_chinese():
        template = TEXTS.get(template, template)
    return template.format(**values)


def say(template: str, **values: object) -> None:
    """Print one line at once; ``template`` and ``values`` as in :func:`word`."""
    show(word(template, **values))


def show(line: str, end: str = "\n") -> None:
    """Print ``line`` as it is; what the terminal has no letter for becomes a question mark."""
    try:
        print(line, end=end, flush=True)
    except UnicodeEncodeError:
        encoding = sys.stdout.encoding or "ascii"
        print(line.encode(encoding, "replace").decode(encoding), end=end, flush=True)


def fail(template: str, **values: object) -> NoReturn:
    """Say what is wrong and what to do in plain words, and end with exit code 1."""
    sys.stdout.flush()
    complain(word(template, **values))
    sys.exit(1)


def complain(line: str) -> None:
    """Print ``line`` where errors go, under the program's name."""
    sys.stderr.write("Latent Studio: " + line + "\n")


def megabytes(count: float) -> str:
    """``count`` bytes for people: "412 MB", "2.9 GB"."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{max(1, round(count / 1e6))} MB"
