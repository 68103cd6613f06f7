"""The colours keep their promises: readable, and apart for readers who see fewer colours."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from mlp_core.charts import DARK, LIGHT, THEMES, Theme
from mlp_core.charts.theme import at, blend, contrast, luminance

both = pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))

# Machado, Oliveira and Fernandes (2009), severity 1: normal sight and the three colour blindnesses.
SIGHTS = {
    "normal": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.01182, 0.04294, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.3039],
    ],
}


def linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def oklab(rgb: np.ndarray) -> np.ndarray:
    """Ottosson's OKLab, in which distance is about what the eye sees."""
    lms = [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
    lab = [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
    return np.array(lab) @ np.cbrt(np.array(lms) @ rgb)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)
    assert luminance("#FF0000") == pytest.approx(0.2126)


@both
def test_text_is_readable(theme: Theme) -> None:
    for ground in (theme.background, theme.secondary):
        assert contrast(theme.ink, ground) >= 7
        assert contrast(theme.muted, ground) >= 4.5


@both
def test_every_colour_for_groups_stands_out_from_the_page(theme: Theme) -> None:
    assert len(set(theme.categorical)) == 8
    assert all(contrast(colour, theme.background) >= 3 for colour in theme.categorical)
    assert theme.categorical[:2] == (theme.primary, theme.accent)


@both
@pytest.mark.parametrize("sight", SIGHTS)
def test_no_two_colours_for_groups_look_alike(theme: Theme, sight: str) -> None:
    seen = {c: oklab(np.clip(np.array(SIGHTS[sight]) @ linear(c), 0, 1)) for c in theme.categorical}
    nearest = min((np.linalg.norm(seen[a] - seen[b]), a, b) for a, b in combinations(seen, 2))
    assert nearest[0] >= 0.05, nearest


@both
def test_scales_go_one_way(theme: Theme) -> None:
    for scale in (theme.sequential, theme.alarm):
        steps = np.diff([luminance(colour) for colour in scale])
        assert (steps < 0).all() or (steps > 0).all()
    middle = len(theme.diverging) // 2
    lights = [luminance(colour) for colour in theme.diverging]
    away = np.diff(lights[: middle + 1]), np.diff(lights[middle:][::-1])
    assert all((side > 0).all() or (side < 0).all() for side in away)


@both
def test_writing_on_a_colour_is_readable(theme: Theme) -> None:
    for scale in (theme.sequential, theme.diverging, theme.categorical):
        for share in np.linspace(0, 1, 41):
            colour = at(scale, float(share))
            assert contrast(theme.ink_on(colour), colour) >= 3


def test_more_groups_than_colours_get_paler_ones() -> None:
    many = LIGHT.colours(20)
    assert many[:8] == list(LIGHT.categorical)
    assert len(set(many)) == 20


def test_blending_ends_at_both_colours() -> None:
    assert blend("#102030", "#FFFFFF", 0) == "#102030"
    assert blend("#102030", "#FFFFFF", 1) == "#FFFFFF"
    assert at(DARK.sequential, -1) == DARK.sequential[0]
    assert at(DARK.sequential, 7) == DARK.sequential[-1]
