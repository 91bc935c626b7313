"""What all tests share: real servers, started once, when the first test asks for them."""

pytest_plugins = [
    "tests.support.stack",
    "tests.support.region",
    "tests.support.browser",
    "tests.support.keeping",
    "tests.support.s3",
    "tests.support.archive",
    "tests.support.clauses",
]
