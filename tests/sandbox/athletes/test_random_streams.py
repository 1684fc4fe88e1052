"""Chance repeats itself, and looks like noise."""

import numpy as np
import pytest

from paceport.sandbox.athletes.random_streams import NoiseStream, random_stream


def test_one_key_gives_one_sequence() -> None:
    assert random_stream("a").random() == random_stream("a").random()
    assert random_stream("a").random() != random_stream("b").random()


def test_a_key_gives_the_known_values() -> None:
    """Held by value: another platform or version that drew otherwise would silently make another world."""
    assert random_stream("paceport").randbytes(4).hex() == "9f480e2f"
    assert NoiseStream("paceport").white_noise(2, 1.0).tolist() == pytest.approx([-1.475, -1.8471], abs=1e-4)


def test_noise_has_the_size_asked_for_and_no_bias() -> None:
    noise = NoiseStream("size").white_noise(20000, 2.0)

    assert float(noise.std()) == pytest.approx(2.0, rel=0.03)
    assert float(noise.mean()) == pytest.approx(0.0, abs=0.05)


def test_smooth_noise_wanders_slowly() -> None:
    noise = NoiseStream("smooth").smooth_noise(np.arange(5000.0), 25.0, 1.0)

    assert 0.6 < float(noise.std()) < 1.1
    assert float(np.abs(np.diff(noise)).max()) < 0.25
