"""A labelling config is read whole or refused with every problem and its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.work.configs import PAIR, PHOTO, pair, photo

from ujima.work.labelling.config import ATTRIBUTES, parse
from ujima.work.labelling.model import Choice, Choices, Header, Labelling, Question, Text, Value
from ujima.work.labelling.problems import SENTENCES, BadConfig
from ujima.work.labelling.reader import MAX_BYTES, MAX_DEPTH


def problems(xml: str | bytes) -> list[tuple[str, int, int, str, str]]:
    """(code, line, column, tag, attribute) of all that is wrong with a config."""
    with pytest.raises(BadConfig) as refusal:
        parse(xml)
    return [
        (p["code"], *(p["place"][k] for k in ("line", "column", "tag", "attribute")))
        for p in refusal.value.facts["problems"]
    ]


def test_a_config_is_read_into_blocks_in_the_order_shown():
    assert pair == Labelling(
        (
            Header(Value(literal="Does the second follow from the first?"), 3),
            Text("premise", Value(column="text")),
            Text("claim", Value(column="hypothesis")),
            Choices(
                "entails",
                "claim",
                (Choice("Yes", "1", hotkey="y"), Choice("No", "0", hint="also if unsure")),
                required=True,
                inline=True,
            ),
        )
    )


def test_the_columns_and_questions_of_a_config_are_listed():
    assert pair.columns == ("text", "hypothesis")
    assert pair.questions == (Question("entails", "single", ("1", "0"), True),)
    assert photo.image_columns == {"image"}
    assert photo.questions == (
        Question("seen", "multiple", ("cat", "dog", "a bird"), False),
        Question("note", "text", (), False),
    )


def test_a_config_with_a_byte_order_mark_or_a_declaration_is_read():
    assert parse(b"\xef\xbb\xbf" + PHOTO.encode()) == photo
    assert parse("\ufeff" + PHOTO) == photo
    assert parse('<?xml version="1.0" encoding="iso-8859-1"?>' + PHOTO) == photo


def in_view(inside: str) -> str:
    return f"<View>\n {inside}\n</View>"


TEXT = '<Text name="t" value="$t"/>'
ASK = '<Choices name="q" toName="t"><Choice value="a"/></Choices>'


def more(third: str) -> str:
    """A whole config with one more line, the third."""
    return in_view(f"{TEXT}{ASK}\n{third}")


def text_and(third: str) -> str:
    """A config with a text, whose third line has to ask."""
    return in_view(f"{TEXT}\n{third}")


def ask_and(third: str) -> str:
    """A config that asks about `t`, whose third line has to show it."""
    return in_view(f"{ASK}\n{third}")


def choices(*lines: str) -> str:
    return in_view(TEXT + "<Choices name='q' toName='t'>" + "\n".join(lines) + "</Choices>")


BROKEN = [
    # config, what is wrong and its place
    (more("<Video/>"), "unknown_tag 3:1 Video"),
    (more("<!-- x --><b>y</b>"), "unknown_tag 3:11 b"),
    (f"<Text name='t' value='$t'>{ASK}</Text>", "wrong_root 1:1 Text"),
    (more("<Choice value='z'/>"), "misplaced_tag 3:1 Choice"),
    (more("<Header value='a'><View/></Header>"), "misplaced_tag 3:19 View"),
    (more("hello"), "stray_text 1:1 View"),
    (text_and("<Choices name='q' toName='t'/>"), "choices_without_choice 3:1 Choices"),
    (in_view(TEXT), "no_question 1:1 View"),
    (ask_and("<Text name='t' value='$t' onclick='x'/>"), "unknown_attribute 3:1 Text.onclick"),
    (f"<View style='color:red'>{TEXT}{ASK}</View>", "unknown_attribute 1:1 View.style"),
    (ask_and("<Text name='t'/>"), "missing_attribute 3:1 Text.value"),
    (more("<Text value='$t'/>"), "missing_attribute 3:1 Text.name"),
    (text_and("<TextArea name='q'/>"), "missing_attribute 3:1 TextArea.toName"),
    (more("<Header value=' '/>"), "missing_attribute 3:1 Header.value"),
    (more("<Header value='a' size='7'/>"), "bad_attribute 3:1 Header.size"),
    (text_and("<TextArea name='q' toName='t' rows='²'/>"), "bad_attribute 3:1 TextArea.rows"),
    (
        text_and("<TextArea name='q' toName='t' maxSubmissions='2'/>"),
        "bad_attribute 3:1 TextArea.maxSubmissions",
    ),
    (
        text_and("<Choices name='q' toName='t' choice='some'><Choice value='a'/></Choices>"),
        "bad_attribute 3:1 Choices.choice",
    ),
    (
        text_and("<TextArea name='q' toName='t' required='yes'/>"),
        "bad_attribute 3:1 TextArea.required",
    ),
    (text_and("<TextArea name='4 q' toName='t'/>"), "bad_name 3:1 TextArea.name"),
    (text_and("<TextArea name='t' toName='t'/>"), "duplicate_name 3:1 TextArea.name"),
    (text_and("<TextArea name='q' toName='u'/>"), "unknown_to_name 3:1 TextArea.toName"),
    (text_and("<TextArea name='q' toName='q'/>"), "unknown_to_name 3:1 TextArea.toName"),
    (ask_and("<Text name='t' value='$a b'/>"), "bad_value 3:1 Text.value"),
    (ask_and("<Text name='t' value='$'/>"), "bad_value 3:1 Text.value"),
    (more("<Header value='About $t'/>"), "bad_value 3:1 Header.value"),
    (
        ask_and("<Image name='t' value='javascript:alert(1)'/>"),
        "bad_image_address 3:1 Image.value",
    ),
    (choices("<Choice value='a'/>", "<Choice value='a'/>"), "duplicate_choice 3:1 Choice.value"),
    (
        choices("<Choice value='a'/>", "<Choice value='b' alias='a'/>"),
        "duplicate_choice 3:1 Choice.alias",
    ),
    ("<View>\n  <Text", "not_well_formed 2:3 "),
    ("", "not_well_formed 1:1 "),
    ("<View/>\n<View/>", "not_well_formed 2:1 "),
    ("<View>\n<?php evil() ?></View>", "processing_instruction 2:1 php"),
    (b"<View>\xff</View>", "not_utf8 1:1 "),
    ("<View>\ud800</View>", "not_utf8 1:1 "),
]


@pytest.mark.parametrize(("xml", "wrong"), BROKEN, ids=[wrong for _, wrong in BROKEN])
def test_a_broken_config_is_refused_at_its_place(xml, wrong):
    ((code, line, column, tag, attribute),) = problems(xml)
    assert f"{code} {line}:{column} {tag}" + (f".{attribute}" if attribute else "") == wrong


def test_all_problems_are_told_at_once_in_the_order_of_the_file():
    found = problems(
        '<View>\n<Foo/>\n<Text name="t"/>\n<TextArea name="t" toName="z" rows="0"/></View>'
    )
    assert [line for _, line, *_ in found] == [2, 3, 4, 4, 4]
    assert {code for code, *_ in found} == {
        "unknown_tag", "missing_attribute", "bad_attribute", "duplicate_name", "unknown_to_name",
    }  # fmt: skip


def test_a_refusal_speaks_of_the_first_problem_in_a_sentence():
    with pytest.raises(BadConfig) as refusal:
        parse(in_view(TEXT + "\n<TextArea name='q' toName='u'/>"))
    assert refusal.value.code == "bad_config"
    assert refusal.value.sentence == "toName “u” names no Text or Image of this config."
    assert refusal.value.place == {
        "line": 3, "column": 1, "tag": "TextArea", "attribute": "toName",
    }  # fmt: skip


BOMB = (
    '<!DOCTYPE v [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
    "<View>&c;</View>"
)


@pytest.mark.parametrize(
    "xml",
    [
        BOMB,
        '<!DOCTYPE v [<!ENTITY x SYSTEM "file:///etc/passwd">]><View>&x;</View>',
        '<!DOCTYPE v SYSTEM "http://localhost/x.dtd"><View/>',
        '<!DOCTYPE v [<!ENTITY % p SYSTEM "http://localhost/x"> %p;]><View/>',
    ],
)
def test_an_xml_bomb_or_an_outside_entity_is_refused(xml):
    assert [code for code, *_ in problems(xml)] == ["declares_entities"]


def test_a_config_over_64_kb_is_refused_before_it_is_read():
    assert [code for code, *_ in problems("<View>" + " " * MAX_BYTES)] == ["too_large"]
    assert [code for code, *_ in problems("<View>" + "é" * (MAX_BYTES // 2))] == ["too_large"]


def test_a_config_nested_too_deep_is_refused_where_it_goes_too_far():
    deep = "<View>" * (MAX_DEPTH + 1)
    assert problems(deep) == [("too_deep", 1, 6 * MAX_DEPTH + 1, "View", "")]


def test_a_config_with_a_thousand_problems_gives_a_bounded_answer():
    found = problems("<View>" + "<x/>" * 10_000 + "</View>")
    assert len(found) == 100


tags = st.sampled_from([*ATTRIBUTES, "Video", "b"])
attributes = st.dictionaries(
    st.sampled_from([*{name for known in ATTRIBUTES.values() for name in known}, "style"]),
    st.sampled_from(["$t", "t", "q", "", "true", "single", "1", "$", "a$b", "https://x/y", "é"]),
    max_size=4,
)


@st.composite
def trees(draw, depth=0):
    tag = draw(tags) if depth else "View"
    written = "".join(f' {name}="{value}"' for name, value in draw(attributes).items())
    inside = draw(st.lists(trees(depth=depth + 1), max_size=3)) if depth < 3 else []
    return f"<{tag}{written}>{''.join(inside)}</{tag}>"


@given(trees())
def test_any_tree_of_tags_is_read_or_refused_with_places(xml):
    try:
        labelling = parse(xml)
    except BadConfig as refusal:
        for problem in refusal.facts["problems"]:
            assert problem["code"] in SENTENCES
            assert "{" not in problem["sentence"]
            assert 1 <= problem["place"]["column"] <= len(xml)
    else:
        assert labelling.questions


@given(st.text() | st.binary() | st.text(alphabet="<>/View&;!DOCTYPE[]'\"= $\n"))
def test_any_text_or_bytes_is_read_or_refused(xml):
    with pytest.raises(BadConfig):
        parse(xml)


@given(st.integers(0, len(PAIR)), st.text(max_size=3))
def test_a_config_spoilt_at_any_place_is_read_or_refused(place, text):
    spoilt = PAIR[:place] + text + PAIR[place + 1 :]
    try:
        parse(spoilt)
    except BadConfig as refusal:
        line = refusal.place["line"]
        assert 1 <= line <= spoilt.count("\n") + 1
