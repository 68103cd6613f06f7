"""The small parts of the cloud by themselves: when a project is sent, and what the ledger keeps."""

from __future__ import annotations

import time

import pytest

from mlp_core.cloud.ledger import Ledger
from mlp_core.cloud.visit import Pace, Visit
from mlp_core.errors import StorageError
from mlp_core.text import Text

PACE = Pace(quiet_seconds=5.0, apart_seconds=20.0)


def test_each_change_starts_a_new_quiet_and_what_was_sent_rests():
    visit = Visit(PACE)
    assert visit.want("a") == pytest.approx(5.0, abs=0.5)
    assert visit.due() == []
    assert visit.hurry()
    ((project, changes),) = visit.due()
    visit.sent(project, changes)
    assert visit.state().saved
    assert visit.next_seconds() is None
    assert visit.want("a") == pytest.approx(20.0, abs=0.5), "not so soon after the last one"


def test_a_project_that_rested_is_sent_after_a_quiet_of_its_own():
    visit = Visit(Pace(quiet_seconds=5.0, apart_seconds=0.2))
    visit.want("a")
    visit.hurry()
    visit.sent(*visit.due()[0])
    time.sleep(0.25)
    assert visit.want("a") == pytest.approx(0.2, abs=0.05), "no change waits longer than uploads are apart"
    assert visit.want("b") == pytest.approx(0.2, abs=0.05)


def test_a_change_on_the_way_is_not_taken_for_sent():
    visit = Visit(PACE)
    visit.want("a")
    visit.hurry()
    ((project, changes),) = visit.due()
    visit.want("a")
    visit.sent(project, changes)
    assert visit.state().waiting == 1
    assert visit.next_seconds() == pytest.approx(20.0, abs=0.5)


def test_failures_are_tried_again_ever_later_until_it_goes_well():
    visit = Visit(Pace(first_seconds=1.0, most_seconds=6.0))
    why = StorageError(Text("no"))
    assert [visit.fail("upload", why) for _ in range(5)] == [1.0, 2.0, 4.0, 6.0, 6.0]
    assert visit.state().trouble is why
    visit.well("upload")
    assert visit.state().saved
    assert visit.fail("upload", why) == 1.0


def test_the_ledger_outlives_its_process_and_keeps_owners_apart(tmp_path):
    ledger = Ledger(tmp_path)
    coming = ledger.send("ada", "p", "1-a")
    assert ledger.send("ada", "p", "1-a") == coming, "sent again under one id"
    assert ledger.send("grace", "p", "1-a") != coming
    assert ledger.line("ada", "p").artifact == ""
    ledger.note("ada", "p", coming, "1-a")
    later = ledger.send("ada", "p", "2-a")
    assert later != coming
    ledger.note("ada", "p", later, "2-a")
    ledger.note("ada", "p", later, "2-a")
    line = Ledger(tmp_path).line("ada", "p")
    assert (line.artifact, line.former, line.stamp) == (later, coming, "2-a")
    assert line.own == {later, coming}
    ledger.forget("ada", "p")
    ledger.forget("grace", "q")
    assert Ledger(tmp_path).forgotten("ada") == {"p"}
    ledger.gone("ada", "p")
    assert ledger.forgotten("ada") == set()
    assert ledger.lines("ada") == {}
    ledger.drop("grace")
    assert (ledger.lines("grace"), ledger.forgotten("grace")) == ({}, set())
