"""What people say about scheduled jobs."""

from storage.types import JobMark


def test_a_job_about_which_nobody_said_anything_has_no_mark(store):
    assert store.job_marks() == {}
    assert store.take_wanted_jobs() == []
    assert store.resume_job("due") == JobMark(job="due")
    store.forget_job("due")
    assert store.job_marks() == {}


def test_a_pause_stays_until_it_is_ended(store, make):
    paused = store.pause_job("due", now=make.NOW, who="mara", reason="moving house")
    assert paused == JobMark(job="due", paused_at=make.NOW, paused_by="mara", pause_reason="moving house")
    assert store.job_marks() == {"due": paused}
    assert store.resume_job("due") == JobMark(job="due")
    assert store.job_marks() == {}


def test_pausing_again_changes_the_reason_only(store, make):
    store.pause_job("due", now=make.NOW, who="mara", reason="moving house")
    again = store.pause_job("due", now=make.at(days=1), who="ove", reason="holidays")
    assert again == JobMark(job="due", paused_at=make.NOW, paused_by="mara", pause_reason="holidays")
    assert store.job_marks() == {"due": again}


def test_a_wanted_job_is_taken_once(store, make):
    wanted = store.want_job("due", now=make.NOW, who="mara")
    assert wanted == JobMark(job="due", wanted_at=make.NOW, wanted_by="mara")
    assert store.want_job("due", now=make.at(minutes=1), who="ove") == wanted
    store.want_job("discover", now=make.NOW, who="ove")
    assert [mark.job for mark in store.take_wanted_jobs()] == ["discover", "due"]
    assert store.take_wanted_jobs() == []
    assert store.job_marks() == {}


def test_a_paused_job_may_be_wanted_and_stays_paused(store, make):
    paused = store.pause_job("due", now=make.NOW, who="mara", reason="moving house")
    both = store.want_job("due", now=make.at(minutes=1), who="ove")
    assert (both.paused_at, both.pause_reason, both.wanted_by) == (make.NOW, "moving house", "ove")
    assert store.take_wanted_jobs() == [both]
    assert store.job_marks() == {"due": paused}
    store.want_job("due", now=make.at(minutes=2), who="ove")
    assert store.resume_job("due").wanted_by == "ove"


def test_a_job_that_is_gone_is_forgotten_with_its_runs_kept(store, make):
    store.start_run(make.run("run-1", job="due"))
    store.pause_job("due", now=make.NOW, who="mara", reason="moving house")
    store.want_job("discover", now=make.NOW, who="mara")
    store.forget_job("due")
    assert list(store.job_marks()) == ["discover"]
    assert [one.token for one in store.runs(job="due")] == ["run-1"]
