"""The model library: every model file in the program's and in the artist's folder."""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from studio.base import Message, StudioError
from studio.base.files import atomic_path, file_stamp, new_path, scratch_folder, sha256_of
from studio.base.names import fitting_stem, readable, same_name
from studio.base.paths import kept_models_dir, models_dir, resources_dir
from studio.base.trash import move_to_trash
from studio.checkpoints.info import ModelInfo, describe, is_foreign, read_card, rewrite_card
from studio.recipes import FileRef

MAX_NAME = 200
Stamp = tuple[str, int]


class ModelLibrary:
    """Lists models; files are the truth, hashes are remembered as long as size and time stay the same. Thread-safe."""

    def __init__(self, folders: Sequence[Path] | None = None, kept: Path | None = None) -> None:
        """
        Parameters
        ----------
        folders : where to look, the first being the program's own; default ``resources/models`` and ``models_dir()``.
        kept : where copies of used starter models lie (:meth:`keep`); default ``kept_models_dir()``, and none when
            ``folders`` are named.
        """
        self.folders = tuple(folders) if folders is not None else (resources_dir() / "models", models_dir())
        self.kept = kept_models_dir() if kept is None and folders is None else kept
        self._known: dict[Stamp, ModelInfo | None] = {}
        self._lock = threading.Lock()

    def models(self) -> list[ModelInfo]:
        """All readable models, starter models first, then by name. Other files in the folders are passed over.

        A starter model of an earlier version of the program is one of the artist's own.
        """
        with self._lock:
            found = [
                info
                for number, folder in enumerate(self.folders)
                for info in self._models_in(folder, starter=number == 0 and len(self.folders) > 1)
            ]
            if self.kept is not None:
                hashes = {info.hash for info in found}
                found += [info for info in self._models_in(self.kept, starter=False) if info.hash not in hashes]
        return sorted(found, key=lambda info: (not info.starter, info.name.lower(), str(info.path)))

    def _models_in(self, folder: Path, *, starter: bool) -> Iterator[ModelInfo]:
        if not folder.is_dir():
            return
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() == ".safetensors" and not path.name.startswith("."):
                info = self._describe(path, starter=starter)
                if info is not None:
                    yield info

    def keep(self, info: ModelInfo) -> None:
        """Keep a copy of a starter model that draws, once.

        The next version of the program may bring a better one under its name; what was made with this one stays
        editable. Nothing is said when it cannot be kept: the picture matters more.
        """
        if self.kept is None or not info.starter:
            return
        copy = self.kept / f"{info.path.stem}-{info.hash[:8]}{info.path.suffix}"
        if not copy.exists():
            with contextlib.suppress(StudioError, OSError):
                self.kept.mkdir(parents=True, exist_ok=True)
                with atomic_path(copy) as temporary:
                    shutil.copyfile(info.path, temporary)

    def add(self, path: Path, *, card: Mapping[str, Any] | None = None) -> ModelInfo:
        """Copy a model file into the artist's folder; one that is there already is only named.

        A network of another program (``.pkl``, ``.pt``, ``.safetensors`` ...) is turned into a model file of ours. What
        a file holds decides, not how it is called.

        Parameters
        ----------
        card : what is known about another program's network and its file does not say: fields of its card.

        Raises
        ------
        StudioError
            When the file is no model that can be read, or the folder cannot be written.
        """
        if is_foreign(path):
            return self._convert(path, card or {})
        from studio.checkpoints.store import check_model

        check_model(path)
        return self._copy(path, f"{path.stem}.safetensors")

    def _convert(self, path: Path, known: Mapping[str, Any]) -> ModelInfo:
        # Imported here: listing models must not wait for torch.
        from studio.checkpoints.discriminators import discriminator_path, save_discriminator
        from studio.checkpoints.foreign import import_discriminator, import_network
        from studio.checkpoints.store import save_model

        generator, card = import_network(path)
        training = {**card.training, **known.get("training", {})}
        card = card.model_copy(update={**known, "training": training})
        with scratch_folder() as folder:
            converted = folder / f"{fitting_stem(readable(path.stem), '.safetensors')}.safetensors"
            save_model(converted, generator, card)
            info = self._copy(converted, converted.name)
        # What is not understood of the discriminator must not keep the generator out.
        with contextlib.suppress(StudioError):
            discriminator = import_discriminator(path)
            if discriminator is not None:
                save_discriminator(discriminator_path(info.hash), discriminator)
        return info

    def _copy(self, path: Path, name: str) -> ModelInfo:
        read_card(path)
        file_hash = sha256_of(path)
        for info in self.models():
            if info.hash == file_hash:
                return info
        ending = Path(name).suffix
        target = self.folders[-1] / f"{fitting_stem(Path(name).stem, ending)}{ending}"
        if target.exists():
            target = target.with_stem(f"{fitting_stem(path.stem, target.suffix)}-{file_hash[:8]}")
        with new_path(target, numbered=True) as taken:
            shutil.copyfile(path, taken.temporary)
        return describe(taken.path, file_hash)

    def find(self, model: FileRef | str) -> ModelInfo:
        """The model with this content hash (or, for a text that is no hash, with this name or file name).

        Raises
        ------
        StudioError
            When the library has no such model.
        """
        wanted = model if isinstance(model, str) else model.hash
        models = self.models()
        for info in models:
            if (
                wanted == info.hash
                or wanted in info.former
                or (
                    isinstance(model, str)
                    and any(same_name(wanted, name) for name in (info.name, info.path.name, str(info.path)))
                )
            ):
                return info
        if isinstance(model, str) and Path(wanted).is_file():
            path = Path(wanted).resolve()
            return describe(path, sha256_of(path))
        shown = model if isinstance(model, str) else (model.name or model.hash[:12])
        names = ", ".join(f"“{info.name}”" for info in models) or "none yet"
        raise StudioError(
            Message("The model “{name}” is not in your library (there: {names}).", name=shown, names=names),
            Message("Put its .safetensors file into {folder} and try again.", folder=self.folders[-1]),
        )

    def edit(
        self, info: ModelInfo, *, name: str | None = None, licence: str | None = None, description: str | None = None
    ) -> ModelInfo:
        """Change what a model's card says. Its hash changes with it; recipes that name the former one still find it.

        Raises
        ------
        StudioError
            For a starter model, an empty or over-long name, or a file that cannot be written.
        """
        if info.starter:
            raise StudioError(
                Message("“{name}” travels with the program and stays as it is.", name=info.name),
                "Export a copy and add that.",
            )
        card = read_card(info.path)
        changes = {"name": name, "licence": licence, "description": description}
        wanted = {key: value.strip() for key, value in changes.items() if value is not None}
        if not wanted.get("name", card.name) or len(wanted.get("name", "")) > MAX_NAME:
            raise StudioError(Message("A model's name has 1 to {most} letters.", most=MAX_NAME), "Choose another name.")
        if all(getattr(card, key) == value for key, value in wanted.items()):
            return info
        wanted |= {"former": (*(old for old in card.former if old != info.hash), info.hash)[-1000:]}  # type: ignore[dict-item]
        rewrite_card(info.path, card.model_copy(update=wanted))
        return describe(info.path, sha256_of(info.path))

    def remove(self, info: ModelInfo) -> None:
        """Move a model's file to the system's trash. Pictures made with it stay, and work again when it is put back.

        Raises
        ------
        StudioError
            For a starter model, or when there is no trash for this disk.
        """
        if info.starter:
            raise StudioError(
                Message("“{name}” travels with the program.", name=info.name), "Only models of your own can be removed."
            )
        move_to_trash(info.path)

    def _describe(self, path: Path, *, starter: bool) -> ModelInfo | None:
        try:
            stamp = str(path), file_stamp(path)
        except OSError:
            return None
        if stamp not in self._known:
            try:
                self._known[stamp] = describe(path, sha256_of(path), starter=starter)
            except (StudioError, OSError):
                self._known[stamp] = None
        return self._known[stamp]
