"""Extracts of a list, as long as they are asked for, and what a day changes of one."""

from pathlib import Path

EACH_CHANGED = 200
"""Of as many lines, one is others' than the day before: one more came, one went, one says something else."""

LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
MAKES, COLOURS = ("HOND", "TOYT", "FORD", "CHEV", "NISS"), ("SIL", "BLK", "WHI", "BLU", "RED")


def write_extract(path: Path, entries: int, *, day: int) -> None:
    """Writes an extract with NCIC's field codes of this many entries, as it is on this day."""
    with path.open("w", encoding="ascii") as file:
        for number in range(entries):
            serial = number + entries * day if number % EACH_CHANGED == 0 else number
            colour = COLOURS[(number + day * (number % EACH_CHANGED == 1)) % len(COLOURS)]
            file.write(
                f"MKE/STOLEN VEHICLE.LIC/{_plate(serial)}.LIS/CA.LIY/2027.LIT/PC.VIN/1HGCM82633A{serial:06d}.VYR/2014."
                f"VMA/{MAKES[number % len(MAKES)]}.VMO/ACC.VST/4D.VCO/{colour}.DOT/20260102.ORI/CA0390000."
                f"OCA/26-{serial:07d}.NIC/V{serial:09d}.MIS/TAKEN FROM A DRIVEWAY OVERNIGHT\n"
            )


def _plate(serial: int) -> str:
    digits, rest = serial % 1000, serial // 1000
    letters = "".join(LETTERS[rest // len(LETTERS) ** place % len(LETTERS)] for place in range(3))
    return f"{serial // 1000 // len(LETTERS) ** 3 % 10}{letters}{digits:03d}"
