"""What a compiled list is made of, in the words of who reads it. Pure."""

from plateward.contracts.questions import VehicleAsked
from services.gateway.compiling.definition import Definition, OnList, SeenBy, Source


def in_words(definition: Definition) -> str:
    """What is on the list, and how often it is made, as sentences."""
    each = definition.every_hours
    often = "hour" if each == 1 else "day" if each == 24 else f"{each} hours"
    sources = ", and ".join(source_in_words(one) for one in definition.sources)
    return f"Vehicles that {sources}. Made anew every {often}."


def source_in_words(source: Source) -> str:
    """What vehicles of a source do, to follow “vehicles that”."""
    match source:
        case OnList(list_id=list_id, categories=categories):
            of = f", as {' or '.join(one.replace('-', ' ') for one in categories)}" if categories else ""
            return f"stand on the list {list_id}{of}"
        case SeenBy(hours_back=hours, cameras=cameras, vehicle=vehicle, at_least=least):
            often = f" {least} times or more" if least > 1 else ""
            where = f" at {', '.join(cameras)}" if cameras else ""
            look = _described(vehicle)
            return f"cameras have read{where}{often} in the last {hours} h{f', described as {look}' if look else ''}"


def _described(vehicle: VehicleAsked) -> str:
    return " ".join(part for part in (vehicle.colour, vehicle.make, vehicle.model, vehicle.kind) if part)
