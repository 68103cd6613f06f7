"""A project: one small document, and beside it a folder of files that never change.

The document is immutable here and replaced as a whole on disk; tables and original files are named by their
content, trainings by their job. So a change is one rename, and what a training reads cannot move under it.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import tempfile
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from mlp_core.config import Settings
from mlp_core.errors import StorageError
from mlp_core.storage import archive, bundle, versions
from mlp_core.storage.blobs import read_parquet
from mlp_core.storage.documents import decoded, encoded, read_document, write_document
from mlp_core.storage.history import History
from mlp_core.storage.several import SeveralTables, refs_from_json, repointed
from mlp_core.storage.source import SourceRef, adopt_parquet, keep_table, kept_table, original_of
from mlp_core.storage.workspaces import DOCUMENT
from mlp_core.table import Table
from mlp_core.text import Text

if TYPE_CHECKING:
    from mlp_core.clean import Recipe
    from mlp_core.read import ReadOptions
    from mlp_core.train import TrainingPlan

FORMAT: Final = 2
"""Raised when an older version could no longer understand the document.

With 2 came several tables; a project of one table is still written as 1, which older versions open.
"""

_ID: Final = re.compile(r"[0-9a-f]{16}")
_LONGEST_NAME: Final = 200
_NOT_SHOWN: Final = ("Cc", "Cs", "Zl", "Zp")


@dataclass(frozen=True, kw_only=True)
class Project(SeveralTables, bundle.Trained):
    """A person's work; every change returns a new project, and :meth:`write` makes it the saved one.

    Attributes
    ----------
    folder : Path
        Where its files are.
    id : str
        Permanent, and the same in every copy.
    name : str
        What the person calls it.
    revision : int
        Grows with every change.
    source : SourceRef or None
        The table it works on, its main one.
    others : tuple of SourceRef
        Tables to be joined to it.
    history : History
        The recipe, with what can be undone and redone.
    plan : mapping or None
        The last training plan as plain JSON.
    job : str or None
        The id of the last training.
    note : Text or None
        What the person should know about how it was opened; not saved.
    """

    folder: Path
    id: str
    name: str = ""
    revision: int = 0
    source: SourceRef | None = None
    others: tuple[SourceRef, ...] = ()
    history: History = field(default_factory=History)
    plan: Mapping[str, Any] | None = None
    job: str | None = None
    note: Text | None = field(default=None, compare=False)

    @classmethod
    def create(cls, folder: str | Path, *, name: str = "") -> Self:
        """Return a new, empty project, written into ``folder``.

        Raises
        ------
        StorageError
            The folder cannot be written.
        """
        project = cls(folder=Path(folder), id=secrets.token_hex(8), name=_as_name(name))
        project.write()
        return project

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """Return the project saved in ``folder``, or the version before it where the last is damaged.

        Raises
        ------
        StorageError
            Both are damaged, or a newer version of Pythie saved them.
        """
        data, note = read_document(Path(folder) / DOCUMENT)
        return cls.from_document(data, Path(folder), note)

    def write(self) -> None:
        """Make this the saved project of its folder, whole or not at all.

        Raises
        ------
        StorageError
            The disk is full, or the folder cannot be written; the saved project stays as it was.
        """
        path, present = self.folder / DOCUMENT, self._to_json()
        former = write_document(path, present, before=lambda held: versions.keep(path, held, present))
        bundle.forget_unused(self.folder, [present, *([former] if former is not None else [])])

    @classmethod
    def open(
        cls, path: str | Path, folder: str | Path | None = None, *, settings: Settings | None = None
    ) -> Self:
        """Return the project of a ``.pythie`` file, unfolded into an empty folder.

        Parameters
        ----------
        path : str or Path
            The file; it may come from anybody.
        folder : str or Path, optional
            Where to keep it; by default a temporary folder, the caller's to delete.
        settings : Settings, optional
            The limits of this server.

        Raises
        ------
        StorageError
            It is no project, is damaged, or was saved by a newer version.
        TooLarge
            Its table passes a limit.
        """
        place = Path(tempfile.mkdtemp(prefix="pythie-")) if folder is None else Path(folder)
        opened = False
        try:
            archive.unpack(Path(path), place, bundle.MEMBER)
            data = decoded((place / DOCUMENT).read_bytes())
            if data is None:
                raise archive.not_a_project()
            # Half a character passes through JSON, and no page could show it.
            json.dumps(data, ensure_ascii=False).encode()
            project = cls.from_document(data, place)._adopted(settings or Settings())
            # What a stranger wrote is no version of this project.
            (place / DOCUMENT).unlink()
            project.write()
            opened = True
        # What a stranger wrote into a document can be of any shape; what it says is checked where it is used.
        except (OSError, LookupError, TypeError, ValueError, AttributeError) as failure:
            raise archive.not_a_project() from failure
        finally:
            if not opened:
                shutil.rmtree(place, ignore_errors=True)
        return project

    def save(self, path: str | Path) -> None:
        """Write the whole project into one ``.pythie`` file: document, tables, originals, trained models.

        Raises
        ------
        StorageError
            The disk is full, a folder cannot be written, or the saved table is damaged.
        """
        with tempfile.TemporaryDirectory(prefix="pythie-") as drafts:
            document = [(DOCUMENT, encoded(self._to_json()))]
            archive.pack(Path(path), [*document, *bundle.members(self.folder, self.sources, Path(drafts))])

    @property
    def title(self) -> str:
        """What to call the project: its name, else that of its table, else nothing."""
        return self.name or (self.source.name if self.source is not None else "")

    @property
    def table(self) -> Table | None:
        """The table as it was read, mapped into memory; keep it by its fingerprint rather than ask again.

        Raises
        ------
        StorageError
            Its file and the original are both damaged.
        """
        return kept_table(self.folder, self.source) if self.source is not None else None

    @property
    def has_original(self) -> bool:
        """Whether the file is still there, so that it can be read with other options."""
        return self.source is not None and bool(self.source.original)

    @property
    def original(self) -> bytes | None:
        """The bytes of the file that the table was read from.

        Raises
        ------
        StorageError
            They are damaged.
        """
        if self.source is None or not self.source.original:
            return None
        return original_of(self.folder, self.source)

    @property
    def can_undo(self) -> bool:
        """Whether there is a change of the recipe to undo."""
        return bool(self.history.past)

    @property
    def can_redo(self) -> bool:
        """Whether there is a change of the recipe to do again."""
        return bool(self.history.future)

    def with_name(self, name: str) -> Self:
        """Return the project under another name."""
        return self._changed(name=_as_name(name))

    def with_table(
        self,
        table: Table,
        *,
        origin: str,
        content: bytes | None = None,
        kept: str = "",
        options: ReadOptions | None = None,
    ) -> Self:
        """Return the project on another table, whose files are written at once.

        The recipe and the plan stay where the same file or sample is read again, and start afresh otherwise.

        Parameters
        ----------
        table : Table
            As it was read.
        origin : str
            Name of the file, or ``"sample:"`` and the id of a sample.
        content : bytes, optional
            The file itself, kept so that it can be read with other options.
        kept : str
            Its hash, where the file was put into the project's folder before.
        options : ReadOptions, optional
            What the person decided about the file.

        Raises
        ------
        StorageError
            The disk is full, or the folder cannot be written.
        """
        source = keep_table(
            self.folder,
            table,
            origin=origin,
            content=content,
            kept=kept,
            options=options,
            before=self.source,
        )
        others = tuple(ref for ref in self.others if ref.fingerprint != source.fingerprint)
        if self.source is not None and self.source.same_file_as(source):
            return self._changed(source=source, others=others)
        return self._changed(source=source, others=others, history=History(), plan=None)

    def with_recipe(self, recipe: Recipe) -> Self:
        """Return the project with another recipe; the present one can be had back by :meth:`undone`."""
        return self._changed(history=self.history.changed(recipe.to_json()))

    def undone(self) -> Self:
        """Return the project with the recipe before the last change; the same where there is none."""
        return self._changed(history=self.history.undone())

    def redone(self) -> Self:
        """Return the project with the recipe that was undone; the same where there is none."""
        return self._changed(history=self.history.redone())

    def with_plan(self, plan: TrainingPlan | Mapping[str, Any] | None) -> Self:
        """Return the project with another training plan."""
        if plan is None or isinstance(plan, Mapping):
            return self._changed(plan=plan)
        return self._changed(plan=plan.to_json())

    def with_job(self, job: str | None) -> Self:
        """Return the project with the id of its last training."""
        return self._changed(job=job)

    def restored(self, revision: int) -> Self:
        """Return the project as one of its versions was; its trainings stay as they are.

        Raises
        ------
        NotFound
            There is no such version, or it is damaged.
        """
        former = self.from_document(versions.read(self.folder, revision), self.folder)
        return self._changed(
            name=former.name,
            source=former.source,
            others=former.others,
            history=former.history,
            plan=former.plan,
        )

    def _changed(self, **fields: Any) -> Self:
        if all(getattr(self, name) == value for name, value in fields.items()):
            return self
        return replace(self, **fields, revision=self.revision + 1, note=None)

    def _adopted(self, settings: Settings) -> Self:
        """Return a project that came in a file, with what it says checked and its table taken in."""
        from mlp_core.clean import Recipe

        for steps in (*self.history.past, self.history.present, *self.history.future):
            Recipe.from_json(steps)
        for path in self.folder.glob("boards/*/runs/*/holdout.parquet"):
            read_parquet(path, settings)
        if self.source is None:
            return self
        main, *others = (adopt_parquet(self.folder, ref, settings) for ref in self.sources)
        names = {old.fingerprint: new.fingerprint for old, new in zip(self.others, others, strict=True)}
        return replace(self, source=main, others=tuple(others), history=repointed(self.history, names))

    def _to_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT if self.others else 1,
            "id": self.id,
            "name": self.name,
            "revision": self.revision,
            "source": self.source.to_json() if self.source is not None else None,
            "others": [ref.to_json() for ref in self.others],
            "history": self.history.to_json(),
            "plan": dict(self.plan) if self.plan is not None else None,
            # Earlier versions kept the visitor's language here, and look for it.
            "language": None,
            "job": self.job,
        }

    @classmethod
    def from_document(cls, data: Mapping[str, Any], folder: Path, note: Text | None = None) -> Self:
        """Return the project that a document describes.

        Raises
        ------
        StorageError
            It describes none, or a newer version of Pythie wrote it.
        """
        if isinstance(data.get("format"), int) and data["format"] > FORMAT:
            raise StorageError(
                Text("This project was saved by a newer version of Pythie."),
                hint=Text("Update Pythie, then open it again."),
            )
        try:
            source = SourceRef.from_json(data["source"]) if data["source"] is not None else None
            plan, job = data["plan"], data["job"]
            if type(data["revision"]) is not int or not 0 <= data["revision"] < 2**63:
                raise ValueError("not a revision")
            if not _ID.fullmatch(data["id"]) or (job is not None and not bundle.BOARD.fullmatch(job)):
                raise ValueError("not an id")
            return cls(
                folder=folder,
                id=data["id"],
                name=_as_name(str(data["name"])),
                revision=data["revision"],
                source=source,
                others=refs_from_json(data.get("others", []), source),
                history=History.from_json(data["history"]),
                plan=dict(plan) if plan is not None else None,
                job=job,
                note=note,
            )
        except (
            LookupError,
            TypeError,
            ValueError,
            AttributeError,
            ArithmeticError,
            RecursionError,
        ) as failure:
            raise archive.not_a_project() from failure


def _as_name(name: str) -> str:
    """Return a name on one line, without what no page can show."""
    shown = "".join(" " if unicodedata.category(sign) in _NOT_SHOWN else sign for sign in name)
    return shown.strip()[:_LONGEST_NAME]
