"""「这笔不对」: a member asks about an entry, and the lead answers."""

from timebank.access import Denied, Right
from timebank.schemas.inputs.care import DoubtInput, VerdictInput
from timebank.services import questions, statements
from timebank.visitor import actor, bank

from . import labels, say
from .forms import Form
from .frame import COMMUNITY, Answer, go, need, page, pages


@pages.route(COMMUNITY + "/entries/<entry_id>/question", methods=["GET", "POST"])
def question(code: str, entry_id: str) -> Answer:
    """The person whose entry it is, and who acts for her. Say what is wrong with it; the lead answers."""
    item = statements.entry(bank(), actor(), code, entry_id)
    found = actor()
    if found is None or found.person is None:
        raise Denied(Right.QUESTION_OWN, code)
    form = Form("text", id=bank().uuid())
    if not form.sent:
        if not questions.may_ask(bank(), actor(), code, entry_id):
            return go("entry", code=code, entry_id=entry_id)
        return page("question.html", form=form, item=item)
    doubt = form.load(DoubtInput, community=code, entry=entry_id)
    if doubt is not None and form.ask(lambda: questions.ask(bank(), actor(), doubt)) is not None:
        return go("entry", code=code, entry_id=entry_id, doubted=1)
    return page("question.html", form.status, form=form, item=item)


@pages.route(COMMUNITY + "/questions/<question>", methods=["GET", "POST"])
def answer(code: str, question: str) -> Answer:
    """Lead of the community, and never who asked, recorded the entry or takes part in it. Answer a question."""
    need(Right.ANSWER_QUESTION, code)
    found = questions.one(bank(), actor(), code, question)
    form = Form("decision", "reply", "reason", reason="mistake")
    if form.sent:
        verdict = form.load(VerdictInput, community=code, question=question)
        if verdict is not None and form.ask(lambda: questions.decide(bank(), actor(), verdict)) is not None:
            return go("entry", code=code, entry_id=found.entry)
    return page("answer.html", form.status, form=form, question=found, reasons=say.choices(labels.REVERSAL))
