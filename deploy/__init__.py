"""How Plateward is run: manifests, and the checks that hold them to the code."""
