"""How the whole line is, for those who use it: what is wrong stands first (Stockton III.C.6-7, Flagstaff 317.4.B)."""
