"""What all tests share: real servers, started once, when the first test asks for them."""

from hypothesis import settings

pytest_plugins = [
    "tests.support.stack",
    "tests.support.region",
    "tests.support.regions",
    "tests.support.browser",
    "tests.support.keeping",
    "tests.support.s3",
    "tests.support.archive",
    "tests.support.clauses",
]

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("plateward", deadline=None)
settings.load_profile("plateward")
