"""Day, dusk and night: what falls on a surface, and how the camera exposes it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from plateward.scenes.traffic import Daylight

Linear = npt.NDArray[np.float32]
Bgr = tuple[float, float, float]
"""Linear light as blue, green, red, where 1.0 is the brightest the picture shows."""


@dataclass(frozen=True, slots=True)
class Light:
    """The light of a scene; every colour is linear blue, green, red."""

    zenith: Bgr
    horizon: Bgr
    ambient: Bgr
    sun: Bgr
    sun_from: tuple[float, float, float]
    """Direction towards the sun, or what is left of it (x right, y up, z away)."""
    lamp: Bgr
    """The camera's own illuminator, at ten metres."""
    retroreflection: float
    """How bright a plate's sheet throws light back at the camera, where white paint in the sun is 1."""
    tail_lamps: float
    """How far the tail lamps are lit, 0 to 1."""
    shadow: float
    """How much of the light a vehicle's shadow takes from the road."""

    def shade(self, albedo: Linear, normals: Linear, gloss: float, distance_m: float) -> Linear:
        """Linear light from surfaces with the given albedo and normals, the last axes of both being of three."""
        upward = normals[..., 1:2]
        sky = np.float32(0.5) + upward * 0.5
        diffuse = np.array(self.ambient, np.float32) * (0.3 + 0.7 * sky)
        facing = np.clip(normals @ np.array(self.sun_from, np.float32), 0, 1)[..., None]
        diffuse = diffuse + np.array(self.sun, np.float32) * facing
        towards = np.clip(-normals[..., 2:3], 0, 1)
        diffuse = diffuse + np.array(self.lamp, np.float32) * towards * (10.0 / distance_m) ** 2
        return np.asarray(albedo * diffuse + gloss * self._reflection(normals), np.float32)

    def _reflection(self, normals: Linear) -> Linear:
        """What clear lacquer mirrors: sky above, a dark line of trees, the road below."""
        into = np.array((0.0, 0.0, 1.0), np.float32)
        cosine = (normals @ into)[..., None]
        mirrored = (into - 2 * cosine * normals)[..., 1:2]
        fresnel = 0.05 + 0.75 * np.clip(1 + cosine, 0, 1) ** 3
        above = np.clip((mirrored - 0.05) * 2.2, 0, 1)
        road = np.float32(0.3) * np.clip(-mirrored * 2.5, 0, 1)
        horizon, zenith = np.array(self.horizon, np.float32), np.array(self.zenith, np.float32)
        sky = horizon + (zenith - horizon) * 0.55 * above
        return np.asarray(fresnel * sky * (above + road + 0.08), np.float32)


LIGHTS: dict[Daylight, Light] = {
    "day": Light(
        zenith=(0.78, 0.50, 0.30),
        horizon=(0.95, 0.88, 0.80),
        ambient=(0.60, 0.54, 0.50),
        sun=(0.42, 0.50, 0.54),
        sun_from=(-0.45, 0.62, -0.64),
        lamp=(0, 0, 0),
        retroreflection=0.92,
        tail_lamps=0.0,
        shadow=0.72,
    ),
    "dusk": Light(
        zenith=(0.24, 0.13, 0.09),
        horizon=(0.26, 0.34, 0.58),
        ambient=(0.20, 0.155, 0.145),
        sun=(0.03, 0.05, 0.08),
        sun_from=(0.8, 0.25, -0.54),
        lamp=(0.07, 0.08, 0.085),
        retroreflection=0.62,
        tail_lamps=0.6,
        shadow=0.5,
    ),
    "night": Light(
        zenith=(0.012, 0.007, 0.005),
        horizon=(0.040, 0.030, 0.028),
        ambient=(0.020, 0.017, 0.016),
        sun=(0.010, 0.016, 0.020),
        sun_from=(0.6, 0.75, -0.28),
        lamp=(0.13, 0.145, 0.15),
        retroreflection=0.74,
        tail_lamps=1.0,
        shadow=0.35,
    ),
}


def linear(colour: tuple[int, int, int]) -> Linear:
    """A BGR colour of 0 to 255, as linear light."""
    return ((np.array(colour, np.float32) / 255) ** 2.2).astype(np.float32)


def exposed(light: Linear) -> npt.NDArray[np.uint8]:
    """Linear light as the picture's 0 to 255, the brightest rolled off rather than cut."""
    steps = np.clip(light * np.float32(_FILM_STEPS / _FILM_REACH), 0, _FILM_STEPS)
    return _FILM[steps.astype(np.uint16)]


_FILM_STEPS, _FILM_REACH = 16383, 2.0


def _film() -> npt.NDArray[np.uint8]:
    """What each step of linear light, from none to the film's reach, becomes in the picture."""
    light = np.linspace(0, _FILM_REACH, _FILM_STEPS + 1)
    rolled = np.where(light > 0.7, 0.7 + 0.3 * np.tanh((light - 0.7) / 0.3), light)
    return np.rint(rolled ** (1 / 2.2) * 255).astype(np.uint8)


_FILM = _film()
