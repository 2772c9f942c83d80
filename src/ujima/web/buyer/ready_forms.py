"""Labelling configs to begin with, one for each common kind of question."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ReadyForm(NamedTuple):
    """A config with the words under which a buyer chooses it."""

    name: str
    title: str | Promise
    told: str | Promise
    config: str


READY = (
    ReadyForm(
        "text",
        _("One text, one answer"),
        _("Sort reviews, messages or search queries into classes."),
        """<View>
  <Text name="text" value="$text"/>
  <Header value="How does the writer feel about the product?"/>
  <Choices name="feeling" toName="text" choice="single" required="true">
    <Choice value="Pleased"/>
    <Choice value="Neither"/>
    <Choice value="Displeased"/>
  </Choices>
</View>
""",
    ),
    ReadyForm(
        "pair",
        _("Two texts side by side"),
        _("Does one follow from the other, mean the same, or answer it?"),
        """<View>
  <Text name="text" value="$text"/>
  <Text name="statement" value="$statement"/>
  <Header value="Does the statement follow from the text?"/>
  <Choices name="follows" toName="statement" choice="single" required="true">
    <Choice value="Yes, it follows" alias="yes"/>
    <Choice value="No, it does not" alias="no"/>
  </Choices>
</View>
""",
    ),
    ReadyForm(
        "image",
        _("An image"),
        _("Say what a picture shows; several answers may fit."),
        """<View>
  <Image name="picture" value="$image"/>
  <Header value="What can be seen in the picture?"/>
  <Choices name="seen" toName="picture" choice="multiple" required="true">
    <Choice value="People"/>
    <Choice value="Vehicles"/>
    <Choice value="Animals"/>
    <Choice value="None of these" hint="Choose this alone"/>
  </Choices>
</View>
""",
    ),
    ReadyForm(
        "words",
        _("An answer in own words"),
        _("Write a title, a correction, a short description."),
        """<View>
  <Text name="text" value="$text"/>
  <Header value="Write one sentence that says what the text is about."/>
  <TextArea name="summary" toName="text" rows="3" required="true"
            placeholder="One sentence, in the language of the text"/>
</View>
""",
    ),
)


def ready_form(name: str) -> ReadyForm | None:
    """The ready-made config of this name."""
    return next((ready for ready in READY if ready.name == name), None)


def is_own(config: str) -> bool:
    """Whether a buyer wrote at a config herself, so that it must not be overwritten unasked."""
    words = config.split()
    return bool(words) and all(words != ready.config.split() for ready in READY)
