"""The state of issue (LIS), from the codes that edge readers use."""

import re

_NAMED = re.compile(r"(us|ca)[-_ ]([a-z]{2})", re.IGNORECASE)

_US = (
    "AL AK AZ AR CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM NV NY OH "
    "OK OR PA RI SC SD TN TX UT VA VT WA WI WV WY AS GU MP PR VI"
)
_CA = "AB BC MB NB NL NS NT NU ON PE QC SK YT"

STATES = {"us": frozenset(_US.split()), "ca": frozenset(_CA.split())}


def state_of_issue(code: str | None) -> str | None:
    """The two letters of the state in "us-ca" or "ca-on"; None for other countries, and for what names no state.

    Two letters alone are a country here: "de" is Germany, and not Delaware.
    """
    found = _NAMED.fullmatch(code.strip()) if code else None
    if found is None:
        return None
    state = found[2].upper()
    return state if state in STATES[found[1].lower()] else None
