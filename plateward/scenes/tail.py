"""The tail of a vehicle: bumper, seams, window, lamps, and the hollow that the plate sits in."""

from dataclasses import dataclass

from plateward.scenes.body import SHAPES, Shape
from plateward.scenes.light import linear
from plateward.scenes.outline import box, rounded
from plateward.scenes.plate_mount import PLATE_HALF_M
from plateward.scenes.traffic import Vehicle
from plateward.scenes.trim import Trim

_BLACK_PLASTIC, _CHROME = linear((44, 43, 42)), linear((196, 196, 194))
_REFLECTOR, _HOUSING, _CLEAR = linear((26, 18, 150)), linear((16, 12, 40)), linear((150, 152, 156))
_FRIT, _CABIN, _SOOT = linear((20, 19, 18)), linear((30, 29, 28)), linear((12, 12, 12))


@dataclass(frozen=True, slots=True)
class Tail:
    """Draws one vehicle's tail; across is a share of the half width, height is in metres."""

    vehicle: Vehicle
    trim: Trim

    def draw(self) -> None:
        """Draw everything on the tail but the plate."""
        shape = SHAPES[self.vehicle.kind]
        if self.vehicle.kind == "pickup":
            self._steel_bumper(shape)
        else:
            self._bumper(shape)
            self._recess(shape)
        self.trim.line([(-0.98, shape.bumper_top), (0.98, shape.bumper_top)], 0.35, 0.014)
        self._seams(shape)
        self._window(shape)
        self._lamps(shape)
        self._badge(shape)

    def _steel_bumper(self, shape: Shape) -> None:
        top = shape.bumper_top
        self.trim.shade(box(-0.97, 0.97, shape.sill + 0.02, top - 0.02, 0.25), _CHROME, 0.45, 1.0, gloss=0.5)
        self.trim.patch(box(-0.5, 0.5, top - 0.05, top - 0.02), _BLACK_PLASTIC)

    def _bumper(self, shape: Shape) -> None:
        """A painted bumper with its crease, black plastic below, reflectors and exhausts."""
        sill, top = shape.sill, shape.bumper_top
        valance = rounded([(-0.86, sill), (0.86, sill), (0.74, sill + 0.12), (-0.74, sill + 0.12)], 0.12)
        self.trim.shade(valance, _BLACK_PLASTIC, 0.5, 1.0)
        for side in (-1, 1):
            self.trim.patch(box(side * 0.62, side * 0.86, sill + 0.21, sill + 0.245, 0.5), _REFLECTOR)
            self.trim.patch(box(side * 0.46, side * 0.62, sill + 0.025, sill + 0.085, 0.5), _CHROME)
            self.trim.patch(box(side * 0.475, side * 0.605, sill + 0.035, sill + 0.075, 0.5), _SOOT)
        self.trim.line([(-0.9, top - 0.1), (0.9, top - 0.1)], 0.72, 0.012)
        self.trim.line([(-0.9, top - 0.115), (0.9, top - 0.115)], 1.18, 0.012)

    def _seams(self, shape: Shape) -> None:
        """The shut lines of the lid or the tailgate, and the crease that catches the sky."""
        low, inner = shape.bumper_top + 0.015, shape.lamp[2]
        high = shape.knots[-1][0] - 0.06 if self.vehicle.kind in ("suv", "van") else shape.lamp[1]
        edge = min(inner + 0.02, 0.84) if self.vehicle.kind != "pickup" else 0.82
        for side in (-1, 1):
            self.trim.line([(side * edge, low), (side * edge, high)], 0.3, 0.012)
        self.trim.line([(-edge, low), (edge, low)], 0.3, 0.012)
        if self.vehicle.kind == "van":
            self.trim.line([(0, low), (0, high)], 0.3, 0.012)
            return
        crease = shape.lamp[1] - 0.02 if self.vehicle.kind != "sedan" else shape.lamp[1] + 0.015
        self.trim.line([(-edge, crease), (edge, crease)], 1.35, 0.01)

    def _window(self, shape: Shape) -> None:
        low, high = shape.rear_glass
        half = shape.glass_half
        panes = [(-half, half)] if self.vehicle.kind != "van" else [(-half, -0.05), (0.05, half)]
        for left, right in panes:
            frit = box(left, right, low, high, 0.22)
            self.trim.patch(frit, _FRIT)
            pane = box(left + 0.02, right - 0.02, low + 0.012, high - 0.012, 0.2)
            self.trim.glaze(pane)
        for side in (-1, 1):
            rest = box(side * 0.3, side * 0.56, low + 0.01, low + (high - low) * 0.42, 0.4)
            self.trim.patch(rest, _CABIN, gloss=0.12)
        if self.vehicle.kind == "suv":
            self.trim.line([(0.02, low + 0.03), (0.42, low + 0.07)], 0.1, 0.016)
        lamp = box(-0.17, 0.17, high + 0.012, high + 0.036, 0.5)
        self.trim.lens(lamp if self.vehicle.kind != "sedan" else box(-0.17, 0.17, high - 0.045, high - 0.022, 0.5), 0.6)

    def _lamps(self, shape: Shape) -> None:
        """The clusters at the corners: a dark housing, the red lens, and a clear strip for the reversing lamp."""
        low, high, inner = shape.lamp
        tall = high - low > 0.3
        for side in (-1, 1):
            for margin, lens in ((0.0, False), (0.014, True)):
                near, far = inner + margin * 1.5, 0.985 - margin * 0.6
                foot = low + margin + (0.0 if tall else 0.012)
                corners = [(near, high - margin), (far, high - margin), (far, low + margin), (near + 0.045, foot)]
                outline = rounded([(side * x, y) for x, y in corners], 0.16)
                if lens:
                    self.trim.lens(outline, 1.0)
                else:
                    self.trim.patch(outline, _HOUSING)
            if tall:
                clear = box(side * (inner + 0.035), side * 0.955, low + 0.1, low + 0.17, 0.3)
            else:
                clear = box(side * (inner + 0.06), side * 0.86, low + 0.045, low + 0.08, 0.5)
            self.trim.shade(clear, _CLEAR, 0.75, 1.15, gloss=0.4)

    def _recess(self, shape: Shape) -> None:
        """The hollow that the plate sits in, shaded at its head, under a bright bar."""
        across, rise = PLATE_HALF_M[0] / 0.9, PLATE_HALF_M[1]
        low, high = shape.plate_height - rise - 0.03, shape.plate_height + rise + 0.05
        wide, narrow = across + 0.12, across + 0.07
        hollow = rounded([(-wide, high), (wide, high), (narrow, low), (-narrow, low)], 0.1)
        self.trim.shade(hollow, self.trim.albedo, 0.78, 0.42)
        self.trim.shade(box(-across - 0.1, across + 0.1, high - 0.025, high), _CHROME, 0.5, 1.1, gloss=0.5)

    def _badge(self, shape: Shape) -> None:
        if self.vehicle.kind != "sedan":
            low = shape.plate_height + PLATE_HALF_M[1] + 0.11
            self.trim.patch(box(-0.06, 0.06, low, low + 0.05, 0.5), _CHROME, gloss=0.6)
            self.trim.patch(box(-0.05, 0.05, low + 0.01, low + 0.04, 0.5), _BLACK_PLASTIC)
