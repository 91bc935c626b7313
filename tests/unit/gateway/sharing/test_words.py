"""Agreements in plain words, what a change opens and closes, and how broad a question is."""

import msgspec

from plateward.policy.profile import Breadth as MostBroad
from services.gateway.searching.area import Circle
from services.gateway.searching.breadth import Breadth, asked_entirely, cameras_asked, what_is_too_far
from services.gateway.searching.found import Placement
from services.gateway.searching.question import Question
from services.gateway.searching.scopes import Scope
from services.gateway.sharing.plain_words import differences, in_words
from tests.unit.gateway.sharing.agreed import AT, POLICIES, some_terms

NAMES = {"c1": "El Dorado St", "c2": "Pacific Ave"}
NEAR = Circle(latitude=37.95, longitude=-121.29, radius_m=500.0)
STANDING = [
    Placement("c1", "stockton", 37.95, -121.29),
    Placement("c2", "stockton", 38.5, -121.29),
    Placement("b1", "barstow", 34.9, -117.0),
]
ASKED = Question(captured_from=AT, captured_until=AT, plate="7KXR214")


def test_an_agreement_reads_as_sentences() -> None:
    terms = some_terms(
        data_kinds=("reads", "images"),
        purposes=("stolen-vehicle", "missing-person"),
        fields=("state",),
        cameras=("c1", "c2"),
        oldest_days=30,
        searches_a_day=20,
    )
    assert in_words(terms, POLICIES, NAMES) == (
        "Barstow Police Department may search the reads and see the pictures of Stockton Police Department,"
        " for stolen or wanted vehicle and missing person.",
        "From El Dorado St and Pacific Ave, at most 30 days old.",
        "Of each read it sees plate, time and camera, the state of issue.",
        "It sees nothing of the vehicle and the direction, and cannot ask by it.",
        "At most 20 searches a day.",
    )


def test_a_change_says_what_it_opens_and_closes() -> None:
    old = some_terms(cameras=("c1",), oldest_days=30, fields=("state",), offence_classes=("felony",))
    new = msgspec.structs.replace(
        old, cameras=(), oldest_days=7, fields=("vehicle",), offence_classes=(), purposes=("missing-person",)
    )
    found = {(one.what, one.words) for one in differences(old, new, POLICIES, NAMES)}
    assert found == {
        ("opens", "for missing person"),
        ("closes", "for stolen or wanted vehicle"),
        ("opens", "the vehicle"),
        ("closes", "the state of issue"),
        ("opens", "all of its cameras, not only El Dorado St"),
        ("opens", "every offence, not only felony"),
        ("closes", "reads up to 7 days old (so far reads up to 30 days old)"),
    }
    assert differences(old, old, POLICIES, NAMES) == ()
    assert {one.what for one in differences(None, new, POLICIES, NAMES)} == {"opens"}


def test_breadth_counts_the_cameras_that_are_asked_and_granted() -> None:
    scopes = (Scope("barstow"), Scope("stockton", cameras=("c2",)), Scope("stockton", area=NEAR))
    assert cameras_asked(scopes, ASKED, STANDING) == 3
    assert cameras_asked(scopes[:2], ASKED, STANDING) == 2
    assert cameras_asked(scopes, msgspec.structs.replace(ASKED, area=NEAR), STANDING) == 1
    assert cameras_asked(scopes, msgspec.structs.replace(ASKED, cameras=("b1",)), STANDING) == 1
    assert cameras_asked((), ASKED, STANDING) == 0


def test_where_cameras_stand_does_not_matter_only_where_all_of_an_owner_are_asked() -> None:
    scopes = (Scope("barstow"), Scope("stockton", cameras=("c2",)), Scope("stockton", area=NEAR))
    assert asked_entirely(scopes, ASKED) == ("barstow",)
    assert asked_entirely((*scopes, Scope("stockton")), ASKED) == ("barstow", "stockton")
    assert asked_entirely(scopes, msgspec.structs.replace(ASKED, area=NEAR)) == ()
    assert asked_entirely(scopes, msgspec.structs.replace(ASKED, cameras=("b1",))) == ()


def test_a_purpose_bounds_how_broad_a_search_may_be() -> None:
    profile = POLICIES["stockton"]
    rules = msgspec.structs.replace(profile.inquiries, breadth_of={"canvass": MostBroad(owners=1, cameras=2)})
    bound = msgspec.structs.replace(profile, inquiries=rules)
    assert what_is_too_far(Breadth(2, 3), bound, "stolen-vehicle") == ()
    assert [one.field for one in what_is_too_far(Breadth(2, 3), bound, "canvass")] == ["owners", "cameras"]
    assert what_is_too_far(Breadth(1, 2), bound, "canvass") == ()
