"""Every code that a person may meet is in the pages that explain them."""

from pathlib import Path

import pytest

from ujima.work.intake import errors
from ujima.work.intake.rows import REASONS
from ujima.work.labelling.config import ATTRIBUTES
from ujima.work.labelling.problems import SENTENCES

DOCS = Path(__file__).parents[3] / "docs"
FILE_CODES = [
    refusal.code
    for refusal in vars(errors).values()
    if isinstance(refusal, type) and refusal.__module__ == errors.__name__
]


@pytest.mark.parametrize("code", sorted(SENTENCES.keys() - {"bad_result"}))
def test_each_problem_of_a_config_or_answer_is_documented(code):
    assert f"`{code}`" in (DOCS / "labelling.md").read_text()


@pytest.mark.parametrize("code", sorted({*REASONS, *FILE_CODES} - {"bad_file"}))
def test_each_refusal_of_a_file_or_row_is_documented(code):
    assert f"`{code}`" in (DOCS / "importing.md").read_text()


@pytest.mark.parametrize(("tag", "known"), ATTRIBUTES.items())
def test_each_tag_is_documented_with_its_attributes(tag, known):
    lines = (DOCS / "labelling.md").read_text().splitlines()
    (line,) = (line for line in lines if line.startswith(f"| `{tag}` |"))
    for attribute, is_needed in known.items():
        assert (f"**{attribute}**" if is_needed else attribute) in line
