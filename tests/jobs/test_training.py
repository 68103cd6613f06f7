"""A real training, through a real job, into a real project and its file."""

from __future__ import annotations

import pytest

from mlp_core.clean import DropMissing, Recipe
from mlp_core.jobs import JobStore, State
from mlp_core.project import Project
from mlp_core.read import sample
from mlp_core.storage.source import table_path
from mlp_core.train import Leaderboard, TrainingPlan


@pytest.fixture
def project(tmp_path):
    made = Project.create(tmp_path / "spaces" / "one", name="Iris")
    made = made.with_table(sample("iris"), origin="sample:iris").with_recipe(Recipe([DropMissing()]))
    made.write()
    return made


@pytest.fixture
def spec(project):
    source = project.source
    return {
        "table": str(table_path(project.folder, source.fingerprint)),
        "table_meta": {
            "name": source.name,
            "fingerprint": source.fingerprint,
            "report": source.report.to_json(),
        },
        "plan": TrainingPlan(target=project.table.columns()[-1], models=("tree",)).to_json(),
        "recipe": project.recipe.to_json(),
    }


def test_a_training_leaves_a_board_that_the_project_finds_and_carries(tmp_path, project, spec, wait_until):
    store = JobStore(tmp_path / "jobs")
    try:
        job = store.submit(project.folder, "train", spec)
        status = wait_until(job, lambda s: not s.active, 60)
    finally:
        store.close()
    log = (job.folder / "out.log").read_text()
    assert (status.state, status.error) == (State.DONE, None), log
    assert status.models["tree"] == 1.0
    assert project.board_ids() == [job.id]
    project.save(tmp_path / "work.pythie")
    opened = Project.open(tmp_path / "work.pythie", tmp_path / "elsewhere")
    here, there = Leaderboard.load(project.boards()[0]), Leaderboard.load(opened.boards()[0])
    assert here.best.model == there.best.model
    frame = opened.table.frame
    assert list(there.best.pipeline.predict(frame)) == list(here.best.pipeline.predict(frame))
