"""What the application remembers between sessions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from studio.base.fields import About
from studio.base.files import write_atomic
from studio.base.paths import data_dir, pictures_dir

SETTINGS_FILE = "settings.json"


class AppSettings(BaseModel):
    """Kept as ``settings.json`` in the data folder, written atomically.

    Attributes
    ----------
    gallery_folder : where pictures are saved; empty is ``Pictures/Latent Studio``.
    geometry, window_state : base64 of what ``QMainWindow`` saves.
    windows : base64 of the places of other windows ("models", ...).
    splitters : base64 of splitter states by the splitters' object names.
    export_profile : colour profile of exported pictures: the photo's own where it has one, or always sRGB.
    style_shelf : whether the Stylize room shows the style library.
    last_folders : the folder last used, by purpose ("photo", "export", "training", ...).
    """

    model_config = ConfigDict(validate_assignment=True, extra="ignore")

    # A language is named in itself, so that one finds it in any language.
    language: Annotated[
        Literal["system", "en", "zh_CN"],
        About("&Language", choices={"system": "Same as the system", "en": "English", "zh_CN": "简体中文"}),
    ] = "system"
    theme: Annotated[
        Literal["dark", "light", "system"],
        About("&Theme", choices={"dark": "Dark", "light": "Light", "system": "Same as the system"}),
    ] = "dark"
    device: Annotated[
        Literal["auto", "cuda", "mps", "cpu"],
        About(
            "&Device",
            tip="What pictures are computed on.",
            choices={
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
            choices={"photo": "The photo's own profile", "srgb": "sRGB"},
        ),
    ] = "photo"
    geometry: str = ""
    window_state: str = ""
    windows: dict[str, str] = {}
    splitters: dict[str, str] = {}
    last_room: Annotated[int, Field(ge=0, le=3)] = 0
    style_shelf: bool = True
    last_folders: dict[str, str] = {}

    @classmethod
    def load(cls, path: Path | None = None) -> AppSettings:
        """Read the settings; a missing or damaged file gives the defaults (that one is kept as ``.damaged``)."""
        path = path or data_dir() / SETTINGS_FILE
        try:
            return cls.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return cls()
        except (ValidationError, OSError):
            path.replace(path.with_suffix(".damaged"))
            return cls()

    def save(self, path: Path | None = None) -> None:
        """Write the settings.

        Raises
        ------
        StudioError
            When the data folder cannot be written.
        """
        write_atomic(path or data_dir() / SETTINGS_FILE, self.model_dump_json(indent=2))

    def pictures_folder(self) -> Path:
        """The gallery folder in use."""
        return Path(self.gallery_folder) if self.gallery_folder else pictures_dir()

    def last_folder(self, purpose: str) -> str:
        """The folder last used for ``purpose`` when it still exists, else an empty string (Qt's own choice)."""
        folder = self.last_folders.get(purpose, "")
        return folder if folder and Path(folder).is_dir() else ""

    def remember_folder(self, purpose: str, path: Path | str) -> None:
        """Remember the folder of ``path`` (or ``path`` itself when it is a folder) for ``purpose``."""
        path = Path(path)
        self.last_folders[purpose] = str(path if path.is_dir() else path.parent)
