"""The recipes of films: a clip, stylized frame by frame, or repaired, cleaned and enlarged.

They are documents of their own beside that of pictures: a film is no picture, and nothing that takes recipes of
pictures (galleries, blends, undo) can take one. What it has in common with them, it holds: the recipe of one frame.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, model_validator

from studio.base import Message, StudioError
from studio.base.fields import About
from studio.recipes.documents import ValueFormat, recipe_format
from studio.recipes.sequences.comment import comment_with, document_in
from studio.recipes.steps import FinishingStep, PhotoRecipe, Recipe, StylizeRecipe
from studio.recipes.tree import subjects
from studio.recipes.values import FileRef, Share, Value

FlowName = Literal["dis", "raft_small", "raft_large"]
SMALLEST_FILM, LARGEST_FILM = 32, 8192
"""Long sides of films in pixels."""
Seconds = Annotated[float, Field(ge=0, lt=1e7, allow_inf_nan=False)]


class ClipRange(Value):
    """The part of a clip that is filmed.

    Attributes
    ----------
    start, end : in seconds from the clip's first frame; an end of None: to its end.
    """

    start: Annotated[Seconds, About("From", unit="s")] = 0.0
    end: Annotated[Seconds, About("To", unit="s")] | None = None

    @model_validator(mode="after")
    def _forwards(self) -> ClipRange:
        if self.end is not None and self.end <= self.start:
            raise ValueError("the film ends before it starts")
        return self


class FilmRecipe(ClipRange):
    """A stylized clip.

    Attributes
    ----------
    frame_recipe : how a frame is stylized; "look" in documents. Its content is the clip, by the hash of its file, whose
        frames take the photo's place one after the other.
    stabilise : 0..1, how firmly what was there in the frame before stays; 0 stylizes every frame for itself.
    flow : the optical flow that finds it: "dis", or a RAFT whose weights must be there.
    """

    kind: Literal["film"] = "film"
    frame_recipe: Annotated[StylizeRecipe, About("Look")] = Field(validation_alias="look", serialization_alias="look")
    stabilise: Annotated[
        Share,
        About(
            "Stabilise",
            tip="How firmly strokes stay from frame to frame. At 0 every frame is made for itself.",
        ),
    ] = 0.8
    flow: Annotated[FlowName, About("Optical flow")] = "dis"

    @model_validator(mode="after")
    def _whole(self) -> FilmRecipe:
        if self.frame_recipe.content.opened_photo is None:
            raise ValueError("the content of a film's frames is its clip")
        if self.frame_recipe.texture or self.frame_recipe.seamless:
            raise ValueError("textures and seamless pictures make no films")
        return self

    @property
    def clip(self) -> FileRef:
        """The clip, by content."""
        return _clip_of(self.frame_recipe)

    @property
    def frame_side(self) -> int | None:
        """Long side in pixels that frames of the clip are brought to before anything is done to them."""
        return self.frame_recipe.size


class FinishedFilmRecipe(ClipRange):
    """A clip that is repaired, cleaned or enlarged, or several of these.

    Attributes
    ----------
    frame_recipe : how a frame is finished; "look" in documents: steps in one another, around the clip by the hash of
        its file.
    """

    kind: Literal["finished-film"] = "finished-film"
    frame_recipe: Annotated[FinishingStep, About("Look")] = Field(
        discriminator="kind", validation_alias="look", serialization_alias="look"
    )

    @model_validator(mode="after")
    def _of_a_clip(self) -> FinishedFilmRecipe:
        *steps, content = subjects(self.frame_recipe)
        if not isinstance(content, PhotoRecipe) or content.max_side is not None:
            raise ValueError("the content of a film's frames is its clip")
        if not all(isinstance(step, FinishingStep) for step in steps):
            raise ValueError("a film is finished by repairing, cleaning and enlarging")
        return self

    @property
    def clip(self) -> FileRef:
        """The clip, by content."""
        return _clip_of(self.frame_recipe)

    @property
    def frame_side(self) -> int | None:
        """None: frames of the clip are worked on as they are."""
        return None


def _clip_of(recipe: Recipe) -> FileRef:
    *_, content = subjects(recipe)
    assert content.opened_photo is not None  # the films look for that
    return content.opened_photo


AnyFilm = FilmRecipe | FinishedFilmRecipe

FILM: ValueFormat[AnyFilm] = ValueFormat(
    recipe_format("latent-studio-film", "film", renumbered={1: 2}),
    TypeAdapter(Annotated[AnyFilm, Field(discriminator="kind")]),
    damaged=Message("The settings cannot be restored from it; the film itself is not affected."),
    other=StudioError("This JSON text is not the recipe of a film.", "Choose a film made in Latent Studio."),
)


def film_size(width: int, height: int) -> int:
    """The long side of a film that is as large as its clip, as far as films go; all in pixels."""
    return min(LARGEST_FILM, max(SMALLEST_FILM, width, height))


def film_of(recipe: StylizeRecipe, clip: FileRef, **settings: Any) -> FilmRecipe:
    """The film of ``clip`` stylized as a picture was, whatever that picture is of; ``settings`` are fields."""
    fitting = {"content": PhotoRecipe(photo=clip), "texture": False, "seamless": False, "start": None}
    method = "preview" if recipe.method == "preview" else "optimise"
    return FilmRecipe(
        frame_recipe=recipe.model_copy(update={**fitting, "method": method, "stop_after": None}), **settings
    )


def film_comment(film: AnyFilm) -> str:
    """The comment in a film's file."""
    return comment_with("compositeWithTrainedAlgorithmicMedia", FILM.dumps(film))


def film_in_comment(comment: str) -> AnyFilm | None:
    """The recipe in a film's comment; None when there is none. Raises as :meth:`ValueFormat.loads`."""
    text = document_in(comment, FILM.name)
    return None if text is None else FILM.loads(text)
