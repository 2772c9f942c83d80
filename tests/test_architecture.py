"""The house stands as docs/architecture.md says; the arrows themselves are import-linter's."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "ujima"
DOMAINS = ("base", "audit", "people", "work", "quality", "pay")
SHELL = {"apps", "models", "migrations", "actions", "queries", "admin", "gateways"}
#: parts of the shell that the floor and sign-in need, each named here and nowhere else
ALSO_SHELL = {"base/hot.py", "base/tables.py", "people/hashers.py"}
FRAMEWORKS = {"django", "ninja", "procrastinate", "granian", "whitenoise"}


def knowledge() -> list[Path]:
    return [
        file
        for domain in DOMAINS
        for file in sorted((SOURCE / domain).rglob("*.py"))
        if not SHELL & {*file.relative_to(SOURCE).with_suffix("").parts}
        and str(file.relative_to(SOURCE)) not in ALSO_SHELL
    ]


def imported(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


@pytest.mark.parametrize("file", knowledge(), ids=lambda f: str(f.relative_to(SOURCE)))
def test_knowledge_imports_no_framework_and_no_shell(file):
    names = imported(file)
    assert {name for name in names if name.split(".")[0] in FRAMEWORKS} == set()
    own = {name for name in names if name.startswith("ujima.")}
    assert {name for name in own if SHELL & set(name.split(".")[2:])} == set()


@pytest.mark.parametrize("module", ["quality.truth.ibcc", "work.labelling.config", "pay.ledger"])
def test_knowledge_works_without_django(module):
    program = f"import sys; sys.modules['django'] = None; import ujima.{module}"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_package_says_what_it_is_and_does_nothing_else():
    for file in SOURCE.rglob("__init__.py"):
        body = ast.parse(file.read_text()).body
        assert [type(node) for node in body] == [ast.Expr], file
