"""NCIC's words for what is looked for and for vehicles, and ours."""

from typing import Final

from plateward.contracts.hot_list import Category

CATEGORIES: Final[dict[str, Category]] = {
    "STOLEN VEHICLE": "stolen-vehicle",
    "STOLEN LICENSE PLATE": "stolen-plate",
    "STOLEN PLATE": "stolen-plate",
    "FELONY VEHICLE": "felony-vehicle",
    "WANTED PERSON": "wanted-person",
    "FOREIGN FUGITIVE": "wanted-person",
    "MISSING PERSON": "missing-person",
    "PROTECTION ORDER": "protective-order",
    "PROTECTIVE ORDER": "protective-order",
    "KNOWN OR SUSPECTED TERRORIST": "terrorist-related",
    "AMBER ALERT": "amber-alert",
    "BLUE ALERT": "blue-alert",
    "SILVER ALERT": "silver-alert",
}
"""What MKE says, and the category that it is. A file that is not named here, such as that of immigration violators, is
none that any policy here looks for: its lines are rejected."""

COLOURS: Final = {
    "BGE": "beige",
    "BLK": "black",
    "BLU": "blue",
    "BRO": "brown",
    "BRZ": "bronze",
    "CRM": "cream",
    "DBL": "dark blue",
    "DGR": "dark green",
    "GLD": "gold",
    "GRN": "green",
    "GRY": "grey",
    "LBL": "light blue",
    "LGR": "light green",
    "MAR": "maroon",
    "ONG": "orange",
    "PLE": "purple",
    "PNK": "pink",
    "RED": "red",
    "SIL": "silver",
    "TAN": "tan",
    "TEA": "teal",
    "TRQ": "turquoise",
    "WHI": "white",
    "YEL": "yellow",
}

MAKES: Final = {
    "ACUR": "Acura",
    "AUDI": "Audi",
    "BMW": "BMW",
    "BUIC": "Buick",
    "CADI": "Cadillac",
    "CHEV": "Chevrolet",
    "CHRY": "Chrysler",
    "DODG": "Dodge",
    "FORD": "Ford",
    "GMC": "GMC",
    "HOND": "Honda",
    "HYUN": "Hyundai",
    "INFI": "Infiniti",
    "JEEP": "Jeep",
    "KIA": "Kia",
    "LEXS": "Lexus",
    "LINC": "Lincoln",
    "MAZD": "Mazda",
    "MERZ": "Mercedes-Benz",
    "MITS": "Mitsubishi",
    "NISS": "Nissan",
    "SUBA": "Subaru",
    "TESL": "Tesla",
    "TOYT": "Toyota",
    "VOLK": "Volkswagen",
    "VOLV": "Volvo",
}
