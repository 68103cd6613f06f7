"""The rules of the house, each a function from one parsed module to the breaches it finds."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# A room may import what stands before it, and nothing that stands after it.
ORDER = (
    *("text", "errors", "kinds", "params", "registry", "config", "fingerprint", "table", "task", "files"),
    *("database", "spreadsheet"),
    *("read", "profile", "clean", "stats", "charts", "evaluate", "track", "train", "compare", "predict"),
    *("report", "export", "serve", "jobs", "firebase", "accounts", "storage", "project", "intake"),
    *("library", "cloud"),
)

HEAVY = frozenset(
    {"mlflow", "seaborn", "matplotlib", "sklearn", "skops", "scipy", "statsmodels", "plotly", "shap"}
    | {"pyrebase", "google", "requests", "urllib3", "argon2", "cryptography", "segno", "fpdf", "pypdfium2"}
)

# Their classes subclass a scikit-learn base, so the import cannot wait; they are themselves imported late.
SKLEARN_CLASSES = frozenset(
    {"mlp_core.clean.transformer", "mlp_core.train.dates", "mlp_core.train.lots", "mlp_core.train.schema"}
)

# Each says at the place why nothing narrower would do.
LAST_DEFENCES = frozenset(
    {
        "mlp_core.jobs.worker",  # the last line of a process: the trace goes to its log
        "mlp_core.read.child",  # a hostile file fails in whatever way its bytes lead to
        "mlp_core.read.door",  # whatever a file leads to, a person gets a sentence
        "mlp_core.storage.errands",  # a bug in one errand must not stop everybody's
        "mlp_core.train.fitting",  # one model's failure must not cost the others their results
        "mlp_core.train.safe",  # a hostile file fails in whatever way its bytes lead to
        "mlp_core.train.tracking",  # a server that is down must not cost the models
        "pages._ui.shell",  # a bug draws a sentence and is logged whole
    }
)

UNSAFE_MODULES = frozenset({"pickle", "cPickle", "cloudpickle", "dill", "marshal", "shelve"})
UNSAFE_CALLS = frozenset({"eval", "exec", "compile", "__import__"})
UNSAFE_METHODS = frozenset({"query", "eval", "read_pickle", "to_pickle"})
MUTABLE_CALLS = frozenset(
    {"list", "dict", "set", "bytearray", "defaultdict", "deque", "OrderedDict", "Counter"}
)
MOST_LINES, MOST_PAGE_LINES, MOST_FUNCTION_LINES = 400, 150, 60


@dataclass(frozen=True)
class Module:
    """A parsed file and its dotted name."""

    name: str
    source: str
    tree: ast.Module

    @classmethod
    def of(cls, name: str, source: str) -> Module:
        return cls(name, source, ast.parse(source))

    @property
    def in_core(self) -> bool:
        return self.name.split(".")[0] == "mlp_core"

    @property
    def is_page(self) -> bool:
        """Whether Streamlit runs the file from top to bottom for each visitor."""
        return self.name in ("Home", "app") or (self.name.startswith("pages.") and "_ui" not in self.name)


Rule = Callable[[Module], Iterator[str]]


def modules() -> list[Module]:
    """Return every module of the core and of the pages."""
    paths = [*ROOT.glob("mlp_core/**/*.py"), *ROOT.glob("pages/**/*.py"), *ROOT.glob("*.py")]
    return [
        Module.of(_dotted(path), path.read_text(encoding="utf-8"))
        for path in sorted(paths)
        if path.name != "start.py"
    ]


def imports_run_downwards(module: Module) -> Iterator[str]:
    if not module.in_core or module.name == "mlp_core":
        return
    here = module.name.split(".")[1]
    if here not in ORDER:
        yield f"{here} has no place in the order of the rooms"
        return
    for line, name in _imports(module.tree):
        parts = name.split(".")
        if parts[0] == "pages":
            yield f"line {line}: the core imports {name}"
        if parts[0] != "mlp_core" or len(parts) == 1:
            continue
        if parts[1] in ORDER and ORDER.index(parts[1]) > ORDER.index(here):
            yield f"line {line}: {here} imports {parts[1]}, which stands below it"


def core_draws_nothing(module: Module) -> Iterator[str]:
    for line, name in _imports(module.tree):
        if module.in_core and name.split(".")[0] == "streamlit":
            yield f"line {line}: the core imports streamlit"


def figures_are_no_global(module: Module) -> Iterator[str]:
    for line, name in _imports(module.tree):
        if name in ("matplotlib.pyplot", "matplotlib.pylab", "pylab"):
            yield f"line {line}: {name} keeps figures of all visitors in one place"


def mlflow_is_no_global(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr in (
            "set_tracking_uri",
            "set_experiment",
            "start_run",
        ):
            yield f"line {node.lineno}: {node.attr} holds for the whole process; use MlflowClient"


def nothing_runs_what_a_person_gives(module: Module) -> Iterator[str]:
    for line, name in _imports(module.tree):
        if name.split(".")[0] in UNSAFE_MODULES or name in ("joblib.load", "pandas.read_pickle"):
            yield f"line {line}: {name} runs code that a file holds"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
            yield f"line {node.value.lineno}: allow_pickle"
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Name) and called.id in UNSAFE_CALLS:
            yield f"line {node.lineno}: {called.id}"
        if isinstance(called, ast.Attribute):
            joblib = (
                called.attr == "load" and isinstance(called.value, ast.Name) and called.value.id == "joblib"
            )
            if called.attr in UNSAFE_METHODS or joblib:
                yield f"line {node.lineno}: .{called.attr}"


def modules_keep_no_state(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Global):
            yield f"line {node.lineno}: global {', '.join(node.names)}"
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from (f"line {d.lineno}: an unbounded cache" for d in node.decorator_list if _unbounded(d))
    # A page's file runs anew for each visitor: what stands at its top lives as long as one run.
    if module.is_page:
        return
    for statement in _top(module.tree.body):
        if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or statement.value is None:
            continue
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        names = [target.id for target in targets if isinstance(target, ast.Name)]
        if names == ["__all__"] or not _mutable(statement.value):
            continue
        promised = isinstance(statement, ast.AnnAssign) and _is_final(statement.annotation)
        if not promised or _empty(statement.value) or not all(name.strip("_").isupper() for name in names):
            yield f"line {statement.lineno}: {', '.join(names)} can be altered by every visitor"


def heavy_imports_wait(module: Module) -> Iterator[str]:
    for statement in _top(module.tree.body):
        for line, name in _imports(statement):
            package = name.split(".")[0]
            if package in HEAVY and not (package == "sklearn" and module.name in SKLEARN_CLASSES):
                yield f"line {line}: {package} is imported before it is needed"


def failures_are_named(module: Module) -> Iterator[str]:
    if module.name in LAST_DEFENCES:
        return
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.ExceptHandler):
            continue
        caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        names = {kind.id if isinstance(kind, ast.Name) else "" for kind in caught if kind is not None}
        passes_on = isinstance(node.body[-1], ast.Raise)
        if (node.type is None or names & {"Exception", "BaseException"}) and not passes_on:
            yield f"line {node.lineno}: catches everything"


def pages_leave_state_to_one_place(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if module.is_page and isinstance(node, ast.Attribute) and node.attr == "session_state":
            yield f"line {node.lineno}: a page touches session_state"


def nothing_is_too_long(module: Module) -> Iterator[str]:
    most = MOST_PAGE_LINES if module.is_page else MOST_LINES
    lines = module.source.count("\n")
    if lines > most:
        yield f"{lines} lines, at most {most}"
    for node in ast.walk(module.tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            long = (node.end_lineno or node.lineno) - node.lineno + 1 - _docstring_lines(node)
            if long > MOST_FUNCTION_LINES:
                yield f"line {node.lineno}: {node.name} has {long} lines, at most {MOST_FUNCTION_LINES}"


RULES: tuple[Rule, ...] = (
    imports_run_downwards,
    core_draws_nothing,
    figures_are_no_global,
    mlflow_is_no_global,
    nothing_runs_what_a_person_gives,
    modules_keep_no_state,
    heavy_imports_wait,
    failures_are_named,
    pages_leave_state_to_one_place,
    nothing_is_too_long,
)


def outside_packages(module: Module) -> set[str]:
    """Return the top names of everything a module imports, wherever in it."""
    return {name.split(".")[0] for _, name in _imports(module.tree)}


def words(module: Module) -> set[str]:
    """Return the string constants of a module that are one word."""
    strings = (node.value for node in ast.walk(module.tree) if isinstance(node, ast.Constant))
    return {value for value in strings if isinstance(value, str) and value.isidentifier()}


def _dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and the full name of everything imported; ``from a import b`` names ``a.b``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def _top(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield what runs when a module is imported; what is there for the type checker does not run."""
    for statement in body:
        if isinstance(statement, ast.If):
            typing_only = "TYPE_CHECKING" in ast.unparse(statement.test)
            yield from _top(statement.orelse if typing_only else [*statement.body, *statement.orelse])
        elif isinstance(statement, ast.Try):
            handlers = [inner for handler in statement.handlers for inner in handler.body]
            yield from _top([*statement.body, *handlers, *statement.orelse, *statement.finalbody])
        elif isinstance(statement, ast.ClassDef):
            yield from _top(statement.body)
        elif not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield statement


def _mutable(value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        name = value.func.attr if isinstance(value.func, ast.Attribute) else getattr(value.func, "id", "")
        return name in MUTABLE_CALLS
    return isinstance(value, (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp))


def _empty(value: ast.expr) -> bool:
    """Whether a display holds nothing yet, so that something is bound to fill it."""
    if isinstance(value, ast.Call):
        return True
    return not any(ast.iter_child_nodes(value)) or (isinstance(value, ast.List) and not value.elts)


def _is_final(annotation: ast.expr) -> bool:
    return ast.unparse(annotation).split("[")[0].endswith("Final")


def _unbounded(decorator: ast.expr) -> bool:
    written = ast.unparse(decorator)
    return written in ("cache", "functools.cache") or "maxsize=None" in written


def _docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    if ast.get_docstring(node) is None or first.end_lineno is None:
        return 0
    return first.end_lineno - first.lineno + 1
