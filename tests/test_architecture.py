"""The design is executable: every file of core and pages is parsed and held to the rules of the house."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import subprocess
import sys

import house_rules as rules
import pytest
from house_rules import ORDER, ROOT, RULES, Module, Rule

MODULES = rules.modules()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_module_keeps_the_rule(rule: Rule) -> None:
    breaches = [f"{module.name}: {breach}" for module in MODULES for breach in rule(module)]

    assert not breaches, "\n".join(breaches)


# Each rule is seen to fail on a planted example, and to let the house's own way pass.

BREACHES: list[tuple[Rule, str, str]] = [
    (rules.imports_run_downwards, "mlp_core.read.door", "from mlp_core.train import train"),
    (rules.imports_run_downwards, "mlp_core.text", "from mlp_core import errors"),
    (rules.imports_run_downwards, "mlp_core.clean.fill", "def f():\n    import mlp_core.project"),
    (rules.imports_run_downwards, "mlp_core.cellar", "import json"),
    (rules.imports_run_downwards, "mlp_core.project", "from pages._ui import state"),
    (rules.core_draws_nothing, "mlp_core.read", "import streamlit as st"),
    (rules.core_draws_nothing, "mlp_core.read", "def f():\n    from streamlit.runtime import get_instance"),
    (rules.figures_are_no_global, "mlp_core.charts", "def f():\n    import matplotlib.pyplot as plt"),
    (rules.figures_are_no_global, "pages._ui.x", "from matplotlib import pyplot"),
    (rules.mlflow_is_no_global, "mlp_core.track", "def f(mlflow):\n    mlflow.set_tracking_uri('x')"),
    (rules.nothing_runs_what_a_person_gives, "mlp_core.train", "import pickle"),
    (rules.nothing_runs_what_a_person_gives, "mlp_core.train", "def f(path):\n    joblib.load(path)"),
    (rules.nothing_runs_what_a_person_gives, "mlp_core.train", "from joblib import load"),
    (rules.nothing_runs_what_a_person_gives, "mlp_core.clean", "def f(frame, s):\n    frame.query(s)"),
    (rules.nothing_runs_what_a_person_gives, "mlp_core.clean", "def f(s):\n    return eval(s)"),
    (rules.nothing_runs_what_a_person_gives, "pages.Upload", "exec(code)"),
    (rules.nothing_runs_what_a_person_gives, "mlp_core.read", "def f(pd, p):\n    pd.read_pickle(p)"),
    (
        rules.nothing_runs_what_a_person_gives,
        "mlp_core.read",
        "def f(np, p):\n    np.load(p, allow_pickle=True)",
    ),
    (rules.modules_keep_no_state, "mlp_core.read", "_seen = {}"),
    (rules.modules_keep_no_state, "mlp_core.read", "SEEN: Final = {}"),
    (rules.modules_keep_no_state, "mlp_core.read", "SEEN: Final = defaultdict(list)"),
    (rules.modules_keep_no_state, "mlp_core.read", "NAMES = ['a', 'b']"),
    (rules.modules_keep_no_state, "pages._ui.cache", "tables: list[str] = ['a']"),
    (rules.modules_keep_no_state, "mlp_core.read", "def f():\n    global count\n    count = 1"),
    (rules.modules_keep_no_state, "mlp_core.read", "@functools.cache\ndef f(name): ..."),
    (rules.modules_keep_no_state, "mlp_core.read", "@lru_cache(maxsize=None)\ndef f(name): ..."),
    (rules.heavy_imports_wait, "mlp_core.charts", "import plotly.graph_objects as go"),
    (rules.heavy_imports_wait, "mlp_core.charts", "try:\n    import seaborn\nexcept ImportError:\n    pass"),
    (rules.heavy_imports_wait, "mlp_core.charts", "class A:\n    from scipy import stats"),
    (rules.heavy_imports_wait, "mlp_core.clean.transformer", "import scipy"),
    (rules.failures_are_named, "mlp_core.read", "try:\n    f()\nexcept Exception:\n    g()"),
    (rules.failures_are_named, "mlp_core.read", "try:\n    f()\nexcept:\n    pass"),
    (rules.failures_are_named, "mlp_core.read", "try:\n    f()\nexcept (OSError, BaseException):\n    pass"),
    (rules.pages_leave_state_to_one_place, "pages.Upload", "st.session_state['x'] = 1"),
    (rules.nothing_is_too_long, "mlp_core.read", "x = 1\n" * 401),
    (rules.nothing_is_too_long, "pages.Upload", "x = 1\n" * 151),
    (rules.nothing_is_too_long, "mlp_core.read", "def f():\n" + "    x = 1\n" * 61),
]

KEPT: list[tuple[Rule, str, str]] = [
    (rules.imports_run_downwards, "mlp_core.train.plan", "from mlp_core.clean import Recipe"),
    (rules.imports_run_downwards, "mlp_core.train.plan", "from mlp_core.train.split import split"),
    (rules.core_draws_nothing, "pages.Upload", "import streamlit as st"),
    (rules.figures_are_no_global, "mlp_core.charts", "from matplotlib.figure import Figure"),
    (rules.nothing_runs_what_a_person_gives, "mlp_core.train", "def f(p):\n    skops.io.load(p, trusted=[])"),
    (rules.nothing_runs_what_a_person_gives, "mlp_core.read", "import re\nWORD = re.compile('a')"),
    (rules.modules_keep_no_state, "mlp_core.read", "LABELS: Final[Mapping[str, str]] = {'a': 'b'}"),
    (rules.modules_keep_no_state, "mlp_core.read", "OPERATIONS: Final = Registry('operations')"),
    (rules.modules_keep_no_state, "mlp_core.read", "__all__ = ['a']\nPAIR = (1, 2)"),
    (rules.modules_keep_no_state, "mlp_core.read", "@lru_cache(maxsize=2)\ndef f(name): ..."),
    (rules.modules_keep_no_state, "pages.Predict", "views = {'a': 'b'}"),
    (rules.heavy_imports_wait, "mlp_core.charts", "if TYPE_CHECKING:\n    import plotly.graph_objects as go"),
    (rules.heavy_imports_wait, "mlp_core.charts", "def f():\n    import plotly.graph_objects as go"),
    (rules.heavy_imports_wait, "mlp_core.clean.transformer", "from sklearn.base import BaseEstimator"),
    (rules.failures_are_named, "mlp_core.read", "try:\n    f()\nexcept Exception:\n    undo()\n    raise"),
    (rules.failures_are_named, "mlp_core.read", "try:\n    f()\nexcept OSError:\n    pass"),
    (
        rules.nothing_is_too_long,
        "mlp_core.read",
        'def f():\n    """A.\n' + "\n" * 80 + '    """\n    return 1\n',
    ),
]


@pytest.mark.parametrize(("rule", "name", "source"), BREACHES)
def test_a_planted_breach_is_found(rule: Rule, name: str, source: str) -> None:
    assert list(rule(Module.of(name, source)))


@pytest.mark.parametrize(("rule", "name", "source"), KEPT)
def test_what_the_rule_allows_passes(rule: Rule, name: str, source: str) -> None:
    assert not list(rule(Module.of(name, source)))


def test_every_rule_has_a_planted_breach() -> None:
    assert {rule for rule, _, _ in BREACHES} == set(RULES)


def test_the_modules_that_are_excused_still_need_it() -> None:
    names = {module.name for module in MODULES}

    assert names >= rules.SKLEARN_CLASSES | rules.LAST_DEFENCES


# What parsing alone cannot see


def test_importing_every_room_brings_nothing_heavy() -> None:
    rooms = [f"mlp_core.{name}" for name in ORDER if list(ROOT.glob(f"mlp_core/{name}/__init__.py"))]
    code = """if True:
        import importlib, sys
        for name in sys.argv[1:]:
            importlib.import_module(name)
        print(*sys.modules)"""
    command = [sys.executable, "-c", code, *rooms]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

    assert rooms
    assert rules.HEAVY.isdisjoint(answer.stdout.split())


def test_what_is_imported_is_listed_and_what_is_listed_is_imported() -> None:
    files = ("requirements.txt", "requirements-overrides.txt")
    text = "\n".join((ROOT / name).read_text(encoding="utf-8") for name in files)
    listed = {_plain(name) for name in re.findall(r"^([\w.-]+)==", text, re.MULTILINE)}
    distributions = importlib.metadata.packages_distributions()
    ours = {"mlp_core", "pages", "Home", "app", ""}
    outside = set().union(*map(rules.outside_packages, MODULES)) - set(sys.stdlib_module_names) - ours
    # One import name can come from several distributions, as mlflow's does.
    names = {package: {_plain(name) for name in distributions.get(package, [package])} for package in outside}

    assert {package for package, found in names.items() if not found & listed} == set()
    # A package that only carries a data file is opened by its name, without an import.
    opened = {_plain(word) for module in MODULES for word in rules.words(module)}
    assert listed - set().union(*names.values()) - opened == set()


def test_every_requirement_is_exact_and_has_its_reason() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith(("#", "-r ")):
                assert re.fullmatch(r"[\w.-]+==\S+ +# \S.*", line), f"{name}: {line}"


def test_every_module_opens_with_a_sentence_that_says_what_it_is() -> None:
    silent = [module.name for module in MODULES if not ast.get_docstring(module.tree)]

    assert not silent


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
