"""Twenty commands a minute, counted once each, and refused once a minute."""

from __future__ import annotations

from bot.patience import PER_MINUTE, Patience


def _asks(patience, clock, person="ou_lin", *, names):
    return [patience.ends(person, name, clock.now()) for name in names]


def test_twenty_commands_a_minute_are_taken(clock):
    names = [f"om_{n}" for n in range(25)]

    assert _asks(Patience(), clock, names=names) == [False] * PER_MINUTE + [True] * 5


def test_what_is_delivered_again_counts_once(clock):
    patience = Patience()
    for _ in range(3):
        assert _asks(patience, clock, names=["om_1"]) == [False]

    names = [f"om_{n}" for n in range(2, PER_MINUTE + 1)]
    assert _asks(patience, clock, names=[*names, "om_x"]) == [False] * 19 + [True]
    assert _asks(patience, clock, names=["om_1", "om_x"]) == [False, True]


def test_the_minute_slides(clock):
    patience = Patience()
    for n in range(PER_MINUTE):
        assert _asks(patience, clock, names=[f"om_{n}"]) == [False]
        clock.advance(seconds=2)

    assert _asks(patience, clock, names=["om_a"]) == [True]
    clock.advance(seconds=20)
    assert _asks(patience, clock, names=["om_b", "om_c"]) == [False, True]
    clock.advance(seconds=2)
    assert _asks(patience, clock, names=["om_d"]) == [False]


def test_one_person_does_not_use_up_another_s_minute(clock):
    patience = Patience()
    _asks(patience, clock, names=[f"om_{n}" for n in range(30)])

    assert _asks(patience, clock, "ou_wei", names=["om_w"]) == [False]


def test_it_is_said_once_a_minute(clock):
    patience = Patience()

    def says(person="ou_lin"):
        return patience.says_so(person, clock.now())

    assert [says(), says(), says("ou_wei")] == [True, False, True]
    clock.advance(seconds=59)
    assert says() is False
    clock.advance(seconds=1)
    assert says() is True
