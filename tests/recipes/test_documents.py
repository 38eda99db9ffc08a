"""Documents of every version that was ever written open, and what they hold keeps its hash."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import studio.training.settings as settings_module
from studio.base import StudioError
from studio.base.app_settings import AppSettings
from studio.base.documents import DocumentError, DocumentFormat
from studio.engine.jobs.batch_record import BATCH, RUN_FILE, read_batch
from studio.engine.jobs.film_folder import FilmFolder
from studio.gallery.looks import LOOK
from studio.recipes import (
    JourneyRecipe,
    SampleRecipe,
    StylizeRecipe,
    StylizeSettings,
    dumps,
    loads,
    recipe_hash,
)
from studio.recipes.direction_set import DIRECTIONS
from studio.recipes.documents import VERSION, ValueFormat
from studio.recipes.family import FAMILY
from studio.recipes.sequences.comment import comment_with
from studio.recipes.sequences.film import FILM, film_comment, film_in_comment
from studio.recipes.sequences.journey import JOURNEY, journey_comment, journey_in_comment, journey_position
from studio.recipes.steps import STEPS, Step
from studio.recipes.values import Value
from studio.training.runs import RunDirectory
from studio.training.settings import TrainSettings, dumps_settings, loads_settings
from studio.ui.shell.session import SESSION, Session
from studio.ui.stylize.draft import Draft
from tests.recipes.test_recipes import SAMPLES, UNHURRIED
from tests.support.paths import DATA

WRITTEN = DATA / "documents"


def holds(now: Any, then: Any) -> bool:
    """Whether all of ``then`` is in ``now``, which may have more fields."""
    if isinstance(then, dict):
        return isinstance(now, dict) and all(key in now and holds(now[key], part) for key, part in then.items())
    if isinstance(then, list):
        return isinstance(now, list) and len(now) == len(then) and all(map(holds, now, then))
    return bool(now == then)


def written(name: str) -> list[dict[str, Any]]:
    return json.loads((WRITTEN / name).read_text(encoding="utf-8"))


def versions(kind: str, *, newest: int = VERSION, missing: tuple[int, ...] = ()) -> list[str]:
    """The files of a kind, one for every version in which it was written; there is none of the ``missing``."""
    names = [f"{kind}_{version}.json" for version in range(1, newest + 1) if version not in missing]
    assert sorted(names) == sorted(path.name for path in WRITTEN.glob(f"{kind}_[0-9]*.json"))
    return names


@pytest.mark.parametrize("name", versions("recipe"))
def test_recipes_of_every_version_keep_their_values_and_hashes(name: str) -> None:
    for entry in written(name):
        recipe = loads(json.dumps(entry["document"]))
        assert recipe_hash(recipe) == entry["hash"]
        assert holds(recipe.model_dump(mode="json"), entry["document"]["recipe"])
        assert loads(dumps(recipe)) == recipe


@pytest.mark.parametrize(("file", "field"), [("recipe_9", "process"), ("recipe_10", "enlarging")])
def test_steps_of_older_documents_stay_with_the_first_process(file: str, field: str) -> None:
    new = written(f"{file}.json")[0]["document"]
    old = new | {"version": new["version"] - 1}
    old["recipe"] = {name: value for name, value in old["recipe"].items() if name != field}
    assert loads(json.dumps(old)) == loads(json.dumps(new)).model_copy(update={field: 1})


@pytest.mark.parametrize("name", versions("film", missing=(2,)))  # its version 1 is the recipes' second
def test_films_of_every_version_keep_their_values_and_hashes(name: str) -> None:
    for entry in written(name):
        film = FILM.loads(json.dumps(entry["document"]))
        assert recipe_hash(film) == entry["hash"]
        assert holds(film.model_dump(mode="json", by_alias=True), entry["document"]["film"])
        assert FILM.loads(FILM.dumps(film)) == film


@pytest.mark.parametrize("name", versions("journey", missing=(1, 2)))
def test_journeys_of_every_version_keep_their_values_and_hashes(name: str) -> None:
    for entry in written(name):
        journey = JOURNEY.loads(json.dumps(entry["document"]))
        assert recipe_hash(journey) == entry["hash"]
        assert holds(journey.model_dump(mode="json"), entry["document"]["journey"])
        assert JOURNEY.loads(JOURNEY.dumps(journey)) == journey
        assert journey.easing == entry["document"]["journey"].get("easing", "linear")


@pytest.mark.parametrize("form", [FAMILY, DIRECTIONS, LOOK], ids=lambda form: form.form.content)
def test_family_trees_directions_and_looks_of_every_version_open(form: ValueFormat[Value]) -> None:
    for name in versions(form.form.content, missing=(1, 2) if form is LOOK else (1, 2, 3)):
        for entry in written(name):
            value = form.loads(json.dumps(entry["document"]))
            assert "hash" not in entry or recipe_hash(value) == entry["hash"]
            assert holds(value.model_dump(mode="json"), entry["document"][form.form.content])
            assert form.loads(form.dumps(value)) == value


JOURNEYS = st.builds(
    JourneyRecipe,
    keys=st.lists(SAMPLES, min_size=2, max_size=4).map(
        lambda keys: tuple(key.model_copy(update={"model": keys[0].model}) for key in keys)
    ),
    frames_per_leg=st.integers(1, 10_000),
    fps=st.integers(1, 120),
    loop=st.booleans(),
    easing=st.sampled_from(["linear", "smooth"]),
)


@given(st.integers(0, 500), st.integers(1, 60))
def test_easing_keeps_the_keys_and_never_turns_back(frame: int, leg: int) -> None:
    assert journey_position(frame, leg) == frame / leg
    eased = journey_position(frame, leg, "smooth")
    assert frame // leg <= eased <= journey_position(frame + 1, leg, "smooth")
    assert eased == frame // leg if frame % leg == 0 else abs(eased - frame / leg) < 0.1
    # Half of a leg is half of the way, and the way back is the way there.
    assert eased + journey_position(leg - frame % leg, leg, "smooth") == pytest.approx(frame // leg + 1)


@UNHURRIED
@given(JOURNEYS)
def test_journeys_come_back_from_documents_and_comments(journey: JourneyRecipe) -> None:
    assert JOURNEY.loads(JOURNEY.dumps(journey)) == journey
    comment = journey_comment(journey)
    assert "trainedAlgorithmicMedia" in comment and journey_in_comment(comment) == journey
    assert film_in_comment(comment) is None
    # As comments were before there was a recipe of journeys.
    old = comment_with("trainedAlgorithmicMedia", " ".join(map(dumps, journey.keys)))
    assert journey_in_comment(old) == JourneyRecipe(keys=journey.keys)


def test_other_comments_are_no_journeys() -> None:
    film = FILM.loads(json.dumps(written("film_1.json")[0]["document"]))
    for comment in ("", "a clip", film_comment(film), "{", '{"format":"latent-studio-recipe"'):
        assert journey_in_comment(comment) is None


@pytest.mark.parametrize("name", versions("batch", missing=(2,)))  # its version 1 is the recipes' second
def test_batches_of_every_version_open(tmp_path: Path, name: str) -> None:
    for entry in written(name):
        (tmp_path / RUN_FILE).write_text(json.dumps(entry["document"]), encoding="utf-8")
        record = read_batch(tmp_path)
        assert record is not None and record.total == 3 and record.settings.suffix == ".png"
        assert recipe_hash(record.settings.recipe) == entry["hash"]
        assert record.failures[0].photo == "a/b.jpg"
        (tmp_path / RUN_FILE).write_text(BATCH.dumps(record.model_dump(mode="json")), encoding="utf-8")
        assert read_batch(tmp_path) == record


def test_films_in_making_of_every_version_go_on(tmp_path: Path) -> None:
    folder = FilmFolder(tmp_path)
    for entry in [entry for name in versions("film_work", newest=2) for entry in written(name)]:
        (tmp_path / "clip.json").write_text(json.dumps(entry["document"]), encoding="utf-8")
        found = folder.read()
        assert found is not None and recipe_hash(found.film) == entry["hash"]
        then = entry["document"].get("work", entry["document"])
        assert (str(found.clip), found.total, found.broken_at) == (then["clip"], 60, then["broken_at"])
        folder.write(found)
        assert folder.read() == found
    for text in ("", "[]", '{"format": "latent-studio-film-work", "version": 9, "work": {}}'):
        (tmp_path / "clip.json").write_text(text, encoding="utf-8")
        assert folder.read() is None


def test_sessions_of_every_version_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sample = written("recipe_3.json")[0]["document"]["recipe"]
    rooms = {"explore": {"recipe": sample, "picks": [sample]}, "gallery": {"words": "wave", "filter": "all"}}
    path = tmp_path / "session.json"
    path.write_text(json.dumps({"format": "latent-studio-session", "version": 1, "rooms": rooms}), encoding="utf-8")
    session = Session.load(path)
    assert session.rooms == rooms
    path.write_text(session.dumps(), encoding="utf-8")
    assert Session.load(path) == session
    for name in versions("session", missing=(1, 2, 3)):  # version 1, above, is the recipes' third
        for entry in written(name):
            path.write_text(json.dumps(entry["document"]), encoding="utf-8")
            explored = Session.load(path).rooms["explore"]
            assert recipe_hash(SampleRecipe.model_validate(explored["recipe"])) == entry["hash"]
    # Drafts of stylizations did not name their kind, and keep the pixels of the process they were made with.
    drafts = {"stylize": {"draft": {"size": 640, "styles": []}}}
    path.write_text(json.dumps({"format": "latent-studio-session", "version": 1, "rooms": drafts}), encoding="utf-8")
    draft = Draft.model_validate(Session.load(path).rooms["stylize"]["draft"])
    assert (draft.kind, draft.size, draft.process, draft.detail) == ("stylize", 640, 1, 0.0)
    # What becomes of recipes later reaches those in a session.
    upgrades = {3: {"sample": lambda old: {**old, "noise": "none"}}}
    monkeypatch.setattr("studio.ui.shell.session.SESSION", replace(SESSION, upgrades=upgrades))
    path.write_text(json.dumps({"format": "latent-studio-session", "version": 1, "rooms": rooms}), encoding="utf-8")
    assert Session.load(path).rooms["explore"]["picks"][0]["noise"] == "none"


RUNS = [entry for name in versions("run", newest=2) for entry in written(name)]
SETTINGS = [entry for name in versions("settings", newest=4) for entry in written(name)]


@pytest.mark.parametrize("entry", RUNS, ids=lambda entry: entry["written_by"])
def test_runs_of_every_version_open(tmp_path: Path, entry: dict[str, Any]) -> None:
    (tmp_path / "run.json").write_text(json.dumps(entry["document"]), encoding="utf-8")
    settings = RunDirectory(tmp_path).settings
    assert holds(settings.model_dump(mode="json"), entry["document"].get("settings", entry["document"]))
    assert loads_settings(dumps_settings(settings)) == settings


def test_a_renamed_setting_damages_no_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def renamed(old: dict[str, Any]) -> dict[str, Any]:
        return {("images" if key == "pictures_shown" else key): value for key, value in old.items()}

    monkeypatch.setattr(settings_module, "RUN", replace(settings_module.RUN, version=3, upgrades={1: {"": renamed}}))
    for entry in written("run_1.json"):
        old = {("pictures_shown" if key == "images" else key): value for key, value in entry["document"].items()}
        (tmp_path / "run.json").write_text(json.dumps(old), encoding="utf-8")
        assert RunDirectory(tmp_path).settings.images == entry["document"]["images"]


def test_a_run_of_a_newer_program_says_so(tmp_path: Path) -> None:
    text = dumps_settings(TrainSettings(name="later", folder="")).replace('"version": 2', '"version": 9')
    (tmp_path / "run.json").write_text(text, encoding="utf-8")
    with pytest.raises(StudioError, match="newer"):
        RunDirectory(tmp_path)


@pytest.mark.parametrize("entry", SETTINGS, ids=lambda entry: entry["written_by"])
def test_application_settings_of_every_version_open(tmp_path: Path, entry: dict[str, Any]) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps(entry["document"]), encoding="utf-8")
    settings = AppSettings.load(path)
    then = entry["document"].get("settings", entry["document"])
    expected = {{"style_shelf": "show_style_library"}.get(name, name): value for name, value in then.items()}
    assert holds(settings.model_dump(mode="json"), expected)
    settings.save(path)
    assert AppSettings.load(path) == settings


def test_a_renamed_application_setting_keeps_its_value(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    then = {"style_shelf": False, "theme": "light", "splitters": {"stylize-shelf": "AAAA"}}
    document = {"format": "latent-studio-settings", "version": 2, "settings": then}
    path.write_text(json.dumps(document), encoding="utf-8")
    settings = AppSettings.load(path)
    assert not settings.show_style_library and settings.theme == "light" and not settings.dropped
    assert "style_shelf" not in settings.model_dump() and settings.splitters == {"stylize-library": "AAAA"}


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=5), JSON_VALUES), st.integers(1, 4))
def test_an_envelope_gives_back_what_was_put_into_it(content: dict[str, Any], version: int) -> None:
    form = DocumentFormat("test", "content", version)
    assert form.loads(form.dumps(content)) == content
    assert form.loads(form.dumps(content, indent=1).encode()) == content
    with pytest.raises(DocumentError, match="format"):
        DocumentFormat("other", "content", version).loads(form.dumps(content))
    with pytest.raises(DocumentError, match="newer"):
        form.loads(replace(form, version=version + 1).dumps(content))


@given(JSON_VALUES)
def test_an_upgrade_reaches_every_object_of_its_kind_once(value: Any) -> None:
    def counted(node: dict[str, Any]) -> dict[str, Any]:
        return {**node, "upgrades": node.get("upgrades", 0) + 1}

    def check(node: Any) -> None:
        for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            check(part)
        if isinstance(node, dict):
            assert ("upgrades" in node) == (node.get("kind") == "leaf") and node.get("upgrades", 2) == 2

    form = DocumentFormat("test", "content", 3, {1: {"leaf": counted}, 2: {"leaf": counted}})
    planted = [{"kind": "leaf", "inner": [{"kind": "leaf"}, value]}, {"kind": "other", "x": {"kind": "leaf"}}]
    check(form.loads(replace(form, version=1).dumps(planted)))


def test_every_step_is_entered_by_its_kind() -> None:
    def below(base: type[Step]) -> list[type[Step]]:
        return [found for step in base.__subclasses__() for found in (step, *below(step))]

    assert {name: step.__name__ for name, step in STEPS.items()} == {
        str(step.model_fields["kind"].default): step.__name__
        for step in below(Step)
        if step.__module__.startswith("studio.")  # tests have steps of their own
    }


def test_a_stylization_gives_away_its_settings() -> None:
    recipe = loads(json.dumps(written("recipe_2.json")[-1]["document"]))
    assert isinstance(recipe, StylizeRecipe)
    settings = StylizeSettings.within(recipe)
    assert type(settings) is StylizeSettings
    assert settings.loss == "gram" and settings.mask == recipe.mask
    again = StylizeRecipe(content=recipe.content, styles=recipe.styles, start=recipe.start, **dict(settings))
    assert again == recipe
