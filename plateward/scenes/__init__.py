"""Road scenes that the demo's cameras see: rendered, never photographed, and the same for the same seed."""

from plateward.scenes.designs import DESIGNS, PlateDesign, design_of
from plateward.scenes.plate import draw_plate, random_plate
from plateward.scenes.scene import Box, Placed, PlateTruth, Scene, encode_jpeg, render_scene
from plateward.scenes.traffic import Daylight, Kind, Vehicle, View

__all__ = [
    "DESIGNS",
    "Box",
    "Daylight",
    "Kind",
    "Placed",
    "PlateDesign",
    "PlateTruth",
    "Scene",
    "Vehicle",
    "View",
    "design_of",
    "draw_plate",
    "encode_jpeg",
    "random_plate",
    "render_scene",
]
