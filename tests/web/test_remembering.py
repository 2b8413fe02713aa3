import pytest

from crawler.web import remembering
from crawler.web.remembering import Remembered


def test_forgotten_answers_are_worked_out_anew():
    asked, remembered = iter(range(9)), Remembered(10)
    remembered.get("a", lambda: next(asked))
    remembered.forget()
    assert remembered.get("a", lambda: next(asked)) == 1


def test_answers_do_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(remembering, "_MOST", 3)
    asked, remembered = iter(range(99)), Remembered(10)
    for name in "abcd":
        remembered.get(name, lambda: next(asked))
    assert remembered.get("d", lambda: next(asked)) == 3
    assert remembered.get("a", lambda: next(asked)) == 4


def test_questions_that_fail_do_not_fill_the_memory_either():
    remembered = Remembered(10)
    for name in "abc":
        with pytest.raises(ZeroDivisionError):
            remembered.get(name, lambda: 1 // 0)
    remembered.get("d", lambda: 1)
    remembered.forget()
    assert not remembered._working
