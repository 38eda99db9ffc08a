"""The application's settings, remembered between sessions."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError

from studio.base.documents import DocumentError, DocumentFormat
from studio.base.errors import StudioError
from studio.base.fields import About
from studio.base.files import write_atomic
from studio.base.messages import Message
from studio.base.paths import artists_folder, data_dir, pictures_dir
from studio.base.removable import RemovableFolder, mount_of

SETTINGS_FILE = "settings.json"


def _with_style_library(content: dict[str, Any]) -> dict[str, Any]:
    if "style_shelf" in content:
        content["show_style_library"] = content.pop("style_shelf")
    return content


def _with_library_splitter(content: dict[str, Any]) -> dict[str, Any]:
    splitters = content.get("splitters")
    if isinstance(splitters, dict) and "stylize-shelf" in splitters:
        splitters["stylize-library"] = splitters.pop("stylize-shelf")
    return content


SETTINGS = DocumentFormat(
    "latent-studio-settings",
    "settings",
    version=4,
    bare=1,
    upgrades={2: {"": _with_style_library}, 3: {"": _with_library_splitter}},
)
"""The document in that file. Version 1 was the bare settings; one that is renamed gets an upgrade here."""
DROPPED_ACTION = Message("What is named has its default now; the file as it was is kept beside it as settings.damaged.")


class AppSettings(BaseModel):
    """Kept as ``settings.json`` in the data folder, written atomically.

    Attributes
    ----------
    gallery_folder : where pictures are saved; empty is ``Pictures/Latent Studio``.
    geometry, window_state : base64 of what ``QMainWindow`` saves.
    gallery_mount : the mount point that the gallery folder lay on when it was chosen; empty for the system's own disk.
    windows : base64 of the places of other windows ("models", ...).
    splitters : base64 of splitter states by the splitters' object names.
    export_profile : colour profile of exported pictures: the photo's own where it has one, or always sRGB.
    show_style_library : whether the Stylize room shows the style library.
    last_folders : the folder last used, by purpose ("photo", "export", "training", ...).
    """

    model_config = ConfigDict(validate_assignment=True, extra="allow")  # settings of a later version stay

    # A language is named in itself, so that one finds it in any language.
    language: Annotated[
        Literal["system", "en", "zh_CN"],
        About("&Language", value_labels={"system": "Same as the system", "en": "English", "zh_CN": "简体中文"}),
    ] = "system"
    theme: Annotated[
        Literal["dark", "light", "system"],
        About("&Theme", value_labels={"dark": "Dark", "light": "Light", "system": "Same as the system"}),
    ] = "dark"
    device: Annotated[
        Literal["auto", "cuda", "mps", "cpu"],
        About(
            "&Device",
            tip="What pictures are computed on.",
            value_labels={
                "auto": "Choose automatically",
                "cuda": "NVIDIA graphics card (CUDA)",
                "mps": "Apple graphics (MPS)",
                "cpu": "Processor (CPU)",
            },
        ),
    ] = "auto"
    gallery_folder: Annotated[str, About("&Gallery folder", tip="Where pictures are saved.")] = ""
    export_profile: Annotated[
        Literal["photo", "srgb"],
        About(
            "&Colours of exports",
            tip="Colour profile of exported pictures: Display P3, Adobe RGB ... like the photo, or always sRGB.",
            value_labels={"photo": "The photo's own profile", "srgb": "sRGB"},
        ),
    ] = "photo"
    gallery_mount: str = ""
    geometry: str = ""
    window_state: str = ""
    windows: dict[str, str] = {}
    splitters: dict[str, str] = {}
    last_room: Annotated[int, Field(ge=0, le=99)] = 0
    show_style_library: bool = True
    last_folders: dict[str, str] = {}

    _dropped: tuple[Message, ...] = PrivateAttr(default=())

    @property
    def dropped(self) -> tuple[Message, ...]:
        """The parts that :meth:`load` could not use of the file; it has its default now."""
        return self._dropped

    @classmethod
    def load(cls, path: Path | None = None) -> AppSettings:
        """Read the settings, each for itself: one that is damaged or unknown here has its default, the others stay.

        :attr:`dropped` says which, ``DROPPED_ACTION`` what became of them. Such a file is copied to ``.damaged`` beside
        it, since the next saving writes what is left. A missing file gives the defaults.
        """
        path = path or data_dir() / SETTINGS_FILE
        settings = cls()
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return settings
        except OSError as error:
            settings._dropped = (
                Message("The settings {path} cannot be read: {reason}.", path=path, reason=error.strerror or error),
            )
            return settings
        dropped = []
        damage = Message("The settings {path} are damaged.", path=path)
        try:
            found = SETTINGS.loads(content)
        except DocumentError as error:
            found = None
            if error.fault == "newer":
                damage = Message("The settings {path} were written by a newer Latent Studio.", path=path)
        if isinstance(found, dict):
            for name, value in found.items():
                try:
                    if name.startswith("_"):
                        raise ValueError(name)
                    setattr(settings, name, value)
                except (ValidationError, ValueError, AttributeError, TypeError):
                    dropped.append(Message("The setting “{name}” has a value that is not known here.", name=name))
        else:
            dropped.append(damage)
        if dropped:
            settings._dropped = tuple(dropped)
            with contextlib.suppress(StudioError):
                write_atomic(path.with_suffix(".damaged"), content)
        return settings

    def save(self, path: Path | None = None) -> None:
        """Write the settings.

        Raises
        ------
        StudioError
            When the data folder cannot be written.
        """
        write_atomic(path or data_dir() / SETTINGS_FILE, SETTINGS.dumps(self.model_dump(mode="json"), indent=2))

    def choose_gallery(self, folder: str) -> None:
        """Keep pictures in ``folder`` from now on, an absolute path; empty: in ``Pictures/Latent Studio``."""
        self.gallery_folder = folder
        self.gallery_mount = mount_of(Path(folder)) if folder else ""

    def pictures_folder(self) -> Path:
        """The gallery folder in use.

        Raises
        ------
        StudioError
            When a folder that was chosen is not there: it was moved, or its disk is not connected. It is not made anew
            then, since pictures would lie under the place where the disk will be.
        """
        if not self.gallery_folder:
            return pictures_dir()
        folder = RemovableFolder(Path(self.gallery_folder), mount=self.gallery_mount, seen=True)
        folder.check()
        return folder.path

    def last_folder(self, purpose: str) -> str:
        """The folder last used for ``purpose`` when it still exists, else an empty string."""
        folder = self.last_folders.get(purpose, "")
        return folder if folder and Path(folder).is_dir() else ""

    def start_folder(self, purpose: str) -> str:
        """The folder where a file dialog for ``purpose`` begins: the last one, else where such files usually lie."""
        last = self.last_folder(purpose)
        if last:
            return last
        if purpose in ("clip", "film"):
            return str(artists_folder("videos"))
        return str(artists_folder("downloads" if purpose == "model" else "pictures"))

    def remember_folder(self, purpose: str, path: Path | str) -> None:
        """Remember the folder of ``path`` (or ``path`` itself when it is a folder) for ``purpose``."""
        path = Path(path)
        self.last_folders[purpose] = str(path if path.is_dir() else path.parent)
