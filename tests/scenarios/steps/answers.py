"""What people are told: the sentence of a refusal, in both languages."""

from pytest_bdd import then

from ..story import Story
from ..wording import said


@then(said("系统说：「(?P<sentence>.+)」"))
def _in_chinese(story: Story, sentence: str) -> None:
    assert story.heard("zh") == sentence


@then(said("英文是：“(?P<sentence>.+)”"))
def _in_english(story: Story, sentence: str) -> None:
    assert story.heard("en") == sentence
