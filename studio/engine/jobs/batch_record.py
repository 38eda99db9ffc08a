"""The document of a batch: its settings, and what failed, beside the pictures that it makes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from studio.base import Message, StudioError
from studio.base.messages import NOTHING, StoredMessage
from studio.recipes import FileRef, PhotoRecipe, StylizeRecipe
from studio.recipes.documents import recipe_format
from studio.recipes.steps import FinishingStep

RUN_FILE = "latent-studio-batch.json"
ANY_PHOTO = PhotoRecipe(photo=FileRef(hash="0" * 64, name="each photo"))
"""Stands for the photo in a batch's recipe."""


def _without_version(record: dict[str, object]) -> dict[str, object]:
    """The record itself said its version before there was an envelope around it."""
    return {key: value for key, value in record.items() if key != "version"}


BATCH = recipe_format("latent-studio-batch", "batch", bare=2, upgrades={2: {"": _without_version}})

FolderRecipe = Annotated[StylizeRecipe | FinishingStep, Field(discriminator="kind")]
"""A recipe that changes a photo."""
Existing = Literal["keep", "overwrite", "skip"]
Suffix = Literal[".png", ".jpg", ".webp", ".tif"]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class BatchSettings(_Value):
    """The settings of a batch.

    Attributes
    ----------
    folder : the photos.
    photos : only these of them; empty: all that there are. See :func:`common_folder`.
    recipe : how each is made; its content is put in for every photo, see :func:`batch_recipe`.
    subfolders : photos in sub-folders too; their pictures lie in sub-folders of the same names.
    existing : when a picture's name is taken by another file: "keep" it and take a free name, "overwrite" it, or "skip"
        the photo.
    suffix : the kind of file.
    keep_photos : put a copy of each photo into the store of sources, so that its picture can be changed later even
        when the photo has moved.
    """

    folder: Path
    photos: tuple[Path, ...] = ()
    recipe: FolderRecipe
    subfolders: bool = True
    existing: Existing = "keep"
    suffix: Suffix = ".jpg"
    keep_photos: bool = False


class BatchFailure(_Value):
    """The reason why a photo has no picture. ``photo`` is its path below the folder."""

    photo: str
    message: StoredMessage
    action: StoredMessage = NOTHING


class BatchRecord(_Value):
    """The run file."""

    settings: BatchSettings
    total: int = 0
    failures: tuple[BatchFailure, ...] = ()


def batch_recipe(recipe: StylizeRecipe, *, masks: bool = False) -> StylizeRecipe:
    """``recipe`` with a blank in place of its photo. ``masks``: keep what was painted for it.

    Raises
    ------
    StudioError
        For a texture, which has no photo.
    """
    if recipe.texture:
        raise StudioError(
            "A texture is made of styles alone; there is nothing to do for each photo.", "Switch the texture off."
        )
    changes: dict[str, object] = {"content": ANY_PHOTO, "start": None, "stop_after": None}
    if not masks:
        changes["mask"] = None
        changes["styles"] = tuple(use.model_copy(update={"region": None}) for use in recipe.styles)
    return recipe.model_copy(update=changes)


def read_batch(out: Path) -> BatchRecord | None:
    """The run file in a folder of pictures; None when there is none.

    Raises
    ------
    StudioError
        When it is damaged or of a newer version.
    """
    path = out / RUN_FILE
    try:
        return BatchRecord.model_validate(BATCH.loads(path.read_bytes()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise StudioError(
            Message("{path} is damaged or of a newer version.", path=path),
            "Update Latent Studio, or choose the settings anew.",
        ) from error
