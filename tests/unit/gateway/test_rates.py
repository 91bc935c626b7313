"""So many times in a period, at once or spread; and then so long a wait."""

from datetime import UTC, datetime, timedelta

from services.gateway.rates import Rate, RatesInMemory

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_all_times_of_a_period_may_be_used_at_once_and_no_more() -> None:
    rates = RatesInMemory(Rate(3))
    assert [rates.wait("chen", AT) for _ in range(5)] == [None, None, None, 20 * SECOND, 20 * SECOND]


def test_who_waits_as_told_is_let_in() -> None:
    rates = RatesInMemory(Rate(3))
    for _ in range(3):
        rates.wait("chen", AT)
    assert rates.wait("chen", AT + 19 * SECOND) == SECOND
    assert rates.wait("chen", AT + 20 * SECOND) is None
    assert rates.wait("chen", AT + 20 * SECOND) == 20 * SECOND


def test_in_any_period_nobody_asks_oftener_than_twice_the_times() -> None:
    rates = RatesInMemory(Rate(60))
    let_in = [second for second in range(600) for _ in range(5) if rates.wait("chen", AT + second * SECOND) is None]
    assert len(let_in) == 60 + 599
    assert all(sum(begin <= one < begin + 60 for one in let_in) <= 120 for begin in range(540))


def test_each_is_counted_alone() -> None:
    rates = RatesInMemory(Rate(1))
    assert [rates.wait(who, AT) for who in ("chen", "okafor", "chen")] == [None, None, 60 * SECOND]


def test_who_has_used_nothing_is_forgotten_and_nobody_else() -> None:
    rates = RatesInMemory(Rate(1))
    rates.SWEPT_ABOVE = 2
    rates.wait("chen", AT)
    rates.wait("okafor", AT + 30 * SECOND)
    assert rates.wait("begay", AT + 61 * SECOND) is None
    assert rates._free_at.keys() == {"okafor", "begay"}
    assert rates.wait("okafor", AT + 61 * SECOND) == 29 * SECOND
