import asyncio

import pytest

from crawler.giving_up import GivenUp, Patience, is_given_up
from crawler.outcomes import outcome_of_failure
from storage.types import Outcome


async def told(word, after=0.0):
    await asyncio.sleep(after)
    return word


def test_what_comes_in_time_is_given():
    assert asyncio.run(Patience().wait(told("here"))) == "here"


def test_what_is_under_way_at_the_end_is_cancelled_and_given_up():
    cancelled = []

    async def held():
        try:
            await asyncio.sleep(1000)
        except asyncio.CancelledError:
            cancelled.append(True)
            raise

    async def work():
        patience = Patience()
        waiting = [asyncio.ensure_future(patience.wait(held())) for _ in range(2)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        patience.end()
        return await asyncio.gather(*waiting, return_exceptions=True)

    assert [type(one) for one in asyncio.run(work())] == [GivenUp, GivenUp]
    assert cancelled == [True, True]


def test_nothing_is_begun_after_the_end():
    async def work():
        patience = Patience()
        patience.end()
        await patience.wait(told("never"))

    with pytest.raises(GivenUp):
        asyncio.run(work())


def test_who_is_cancelled_himself_is_not_told_that_the_run_stops():
    async def work():
        patience = Patience()
        waiting = asyncio.ensure_future(patience.wait(told("late", after=1000)))
        await asyncio.sleep(0)
        waiting.cancel()
        await waiting

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(work())


def test_an_error_of_the_work_is_its_own():
    async def broken():
        raise ValueError("of its own")

    with pytest.raises(ValueError, match="of its own"):
        asyncio.run(Patience().wait(broken()))


def test_it_is_known_behind_what_it_caused():
    def caused(error):
        outer = RuntimeError("robots.txt: the run stops")
        outer.__cause__ = error
        return outer

    assert is_given_up(GivenUp("the run stops"))
    assert is_given_up(caused(GivenUp("the run stops")))
    assert not is_given_up(caused(ValueError("of its own")))
    assert not is_given_up(None)
    assert outcome_of_failure(GivenUp("the run stops"))[0] is Outcome.TIMEOUT


# -- of some only ----------------------------------------------------------------------------------------------------


class Lost(Exception):
    """Of the test."""


def test_only_the_work_of_those_is_dropped():
    async def work():
        patience = Patience()
        waiting = [
            asyncio.ensure_future(patience.wait(told(name, after=0.05 if name == "kept" else 1000), on=name))
            for name in ("a", "kept", "b", "a")
        ]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        patience.drop({"a", "b", "nobody"}.__contains__, Lost)
        return await asyncio.gather(*waiting, return_exceptions=True)

    first, kept, second, third = asyncio.run(work())
    assert kept == "kept"
    assert [str(one) for one in (first, second, third)] == ["a", "b", "a"]
    assert {type(one) for one in (first, second, third)} == {Lost}
    assert not any(is_given_up(one) for one in (first, second, third))


def test_what_ended_before_it_was_dropped_has_ended():
    async def at_once():
        return "here"

    async def work():
        patience = Patience()
        waiting = asyncio.ensure_future(patience.wait(at_once(), on="a"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)  # the work is done, whoever waits for it does not know yet
        patience.drop("a".__eq__, Lost)
        return await waiting

    assert asyncio.run(work()) == "here"


def test_after_some_were_dropped_others_are_waited_for_as_ever():
    async def work():
        patience = Patience()
        waiting = asyncio.ensure_future(patience.wait(told("late", after=1000), on="a"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        patience.drop("a".__eq__, Lost)
        with pytest.raises(Lost):
            await waiting
        return await patience.wait(told("again"), on="a")

    assert asyncio.run(work()) == "again"
