"""What people read of a job that did not run as it should, by what the job does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from mlp_core.errors import JobError
from mlp_core.text import Text


@dataclass(frozen=True, kw_only=True)
class JobWords:
    """The sentences of one kind of job.

    Attributes
    ----------
    running, running_hint : Text
        A second one was asked for while the first has not ended.
    lost, lost_hint : Text
        Its process ended without a word.
    memory, memory_hint : Text
        It asked for more memory than there is.
    unexpected, unexpected_hint : callable, Text
        It met a bug; the id of the job finds the trace in the server's files.
    """

    running: Text
    running_hint: Text
    lost: Text
    lost_hint: Text
    memory: Text
    memory_hint: Text
    unexpected: Callable[[str], Text]
    unexpected_hint: Text

    def already_running(self) -> JobError:
        """Return the error of a job that is asked for a second time."""
        return JobError(self.running, hint=self.running_hint)

    def ended_suddenly(self) -> JobError:
        """Return the error of a job whose process ended without a word."""
        return JobError(self.lost, hint=self.lost_hint)

    def out_of_memory(self) -> JobError:
        """Return the error of a job that asked for more memory than there is."""
        return JobError(self.memory, hint=self.memory_hint)

    def bug(self, job_id: str) -> JobError:
        """Return the error of a job that met a bug."""
        return JobError(self.unexpected(job_id), hint=self.unexpected_hint)


TRAINING: Final = JobWords(
    running=Text("A training is already running in this project."),
    running_hint=Text("Wait for it to end, or cancel it, then start another."),
    lost=Text("The training stopped suddenly, before its end."),
    lost_hint=Text("Start it again. Your data and your earlier results are safe."),
    memory=Text("The training stopped suddenly, most likely because memory ran out."),
    memory_hint=Text("Try again with fewer rows, columns or models, or with fewer trees."),
    unexpected=lambda id_: Text("The training met a problem that Pythie did not expect (job {id}).", id=id_),
    unexpected_hint=Text("Try again, with other models or settings if it happens twice. Your data is safe."),
)

READING: Final = JobWords(
    running=Text("Another file is still being read."),
    running_hint=Text("Wait for it to end, or cancel it, then load this one again."),
    lost=Text("The reading of the file stopped suddenly, before its end."),
    lost_hint=Text("Load it again. The table you had is still there."),
    memory=Text("The reading of the file stopped suddenly, most likely because memory ran out."),
    memory_hint=Text("Keep the rows and columns you need and load the file again."),
    unexpected=lambda id_: Text(
        "The reading of the file met a problem that Pythie did not expect (job {id}).", id=id_
    ),
    unexpected_hint=Text("Export the table as CSV and load that file. The table you had is still there."),
)

WORDS: Final[Mapping[str, JobWords]] = MappingProxyType({"train": TRAINING, "read": READING})


def words_of(kind: str) -> JobWords:
    """Return the sentences of a kind of job; those of a training where it is unknown."""
    return WORDS.get(kind, TRAINING)
