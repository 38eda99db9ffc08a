"""Settings chosen by themselves."""

from __future__ import annotations

from itertools import product

import pytest

from studio.training.automatic import ENOUGH, FEW, GIB, PRESETS, Machine, advise, r1_gamma_for
from studio.training.settings import TrainSettings

CPU, CARD, EIGHT = Machine(), Machine("cuda", 24 * GIB), Machine("cuda", 80 * GIB, 8)


def test_the_usual_weight_of_r1() -> None:
    assert r1_gamma_for(256, 16) == pytest.approx(0.8192)
    assert r1_gamma_for(512, 16) == pytest.approx(4 * 0.8192)


def test_every_advice_is_valid_and_says_why() -> None:
    kinds = (("stylegan2", 1024), ("stylegan3", 256), ("dcgan", 64))
    for preset, count, machine, (kind, side), starts in product(
        PRESETS, (2, 100, 5000, 100_000), (CPU, Machine("mps", 6 * GIB), CARD, EIGHT), kinds, (False, True)
    ):
        made = advise(preset, count, side, machine, architecture=kind, starts=starts)
        settings = TrainSettings(name="x", folder="", architecture=kind, resolution=side, **made.values)
        assert settings.batch >= 4 * settings.processes and made.reasons and all(r.message for r in made.reasons)


def test_folder_size_decides_over_the_augmentation() -> None:
    few, many, lots = (advise("auto", count, 256, CARD) for count in (FEW - 1, FEW, 100_000))
    assert [a.preset for a in (few, many, lots)] == ["small", "large", "large"]
    assert [a.values["augmentation"] for a in (few, many, lots)] == ["diffaugment", "ada", "none"]
    assert many.values["path_weight"] > 0 == few.values["path_weight"]
    assert many.values["r1_gamma"] == pytest.approx(r1_gamma_for(256, 32), abs=1e-4)


def test_fine_tunes_adapt_quickly_and_care_for_the_discriminator() -> None:
    with_it = advise("auto", 300, 256, CARD, starts=True, has_discriminator=True)
    without = advise("auto", 300, 256, CARD, starts=True, has_discriminator=False)
    assert with_it.preset == "fine-tune" and with_it.values["ada_images"] == 100_000
    assert with_it.values["freeze_layers"] == 10 and with_it.values["warm_up"] == 0
    # Freezing layers that have learnt nothing would keep them random.
    assert without.values["freeze_layers"] == 0 and without.values["warm_up"] > 0


def test_the_machine_decides_over_width_and_processes() -> None:
    laptop, card, eight = (advise("large", 5000, 256, machine).values for machine in (CPU, CARD, EIGHT))
    assert laptop["channel_max"] < card["channel_max"] == 512 and laptop["path_weight"] == 0
    assert (card["processes"], eight["processes"], eight["batch"]) == (1, 8, 32)
    small = advise("large", 5000, 256, Machine("cuda", 6 * GIB)).values
    assert small["channel_max"] == 256
    quick = advise("quick", 5000, 64, CPU).values
    assert quick["channel_max"] < laptop["channel_max"]


def test_a_quick_look_without_a_card_drifts() -> None:
    assert advise("quick", 500, 64, CPU).values["discriminator"] == "none"
    for preset, machine, kind, starts in (
        ("quick", CARD, "stylegan2", False),
        ("quick", CPU, "stylegan3", False),
        ("quick", CPU, "stylegan2", True),
        ("auto", CPU, "stylegan2", False),
    ):
        made = advise(preset, 500, 64, machine, architecture=kind, starts=starts)  # type: ignore[arg-type]
        assert made.values["discriminator"] == "stylegan2"


def test_too_little_time_for_a_discriminator_is_spent_drifting() -> None:
    short = advise("auto", 500, 64, CPU, shows=ENOUGH - 1)
    assert short.values == advise("quick", 500, 64, CPU).values and short.preset == "quick"
    said = " ".join(str(reason.message) for reason in short.reasons)
    assert "99,999" in said and "drifting" in said and "by heart" not in said
    for preset, machine, shows in (("auto", CPU, ENOUGH), ("auto", CPU, None), ("auto", CARD, 5), ("small", CPU, 5)):
        other = advise(preset, 500, 64, machine, shows=shows)  # type: ignore[arg-type]
        assert other.values["discriminator"] == "stylegan2" and other.preset == "small"
    assert advise("auto", 500, 64, CPU, starts=True, shows=5).preset == "fine-tune"
    for discriminator in ("stylegan2", "projected"):
        by_hand = advise("auto", 500, 64, CPU, shows=5, discriminator=discriminator)
        assert by_hand.values == advise("auto", 500, 64, CPU).values
    assert advise("auto", 500, 64, CARD, discriminator="none").values["batch"] == 48
