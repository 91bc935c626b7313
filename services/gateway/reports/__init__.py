"""Reports: what an agency owes at which day, and figures that each name the query that gives them."""
