"""One transfer of one minute as a machine of states: every order in which messages, losses and crashes can happen.

The rules have the names of what does them in the service: `send` (services.transfers), `prove`, `admit` and `conclude`
(federation.desk). The others are done by the world: `lose`, `pass_deadline`. Nothing is drawn by lot: `explore` looks
at every state there is.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

OFFER, ACCEPT, REFUSE = "OFFER", "ACCEPT", "REFUSE"
DECISIONS = {"accept": ACCEPT, "refuse": REFUSE}


class State(NamedTuple):
    """Both ledgers, and what is under way between them.

    `sender` is the newest entry of the transfer in the ledger that sends (send, sent, returned), `decision` the entry
    in the ledger that decides (accept, refuse). A message in `flying` may arrive any number of times. Minutes.
    """

    sender: str = ""
    decision: str = ""
    late: bool = False
    flying: frozenset[str] = frozenset()
    giver: int = 1
    held: int = 0
    due_sender: int = 0  # due:<receiver>, in the ledger that sends
    due_receiver: int = 0  # due:<sender>, in the ledger that decides
    payee: int = 0

    @property
    def is_final(self) -> bool:
        return (self.sender, self.decision) in {("sent", "accept"), ("returned", "refuse")}


class Step(NamedTuple):
    """What somebody does, and the state that comes of it."""

    rule: str
    state: State


Rule = Callable[[State], Iterator[Step]]


# --- what the service does -------------------------------------------------------------------------------------------


def send(state: State) -> Iterator[Step]:
    """transfers.send: hold the minutes. A crash before the commit changes nothing; one after it sends nothing."""
    if not state.sender:
        held = state._replace(sender="send", giver=state.giver - 1, held=state.held + 1)
        yield Step("send", held)


def prove(state: State) -> Iterator[Step]:
    """transfers.deliver: offer what is held, again and again, for as long as nothing was concluded."""
    if state.sender == "send" and OFFER not in state.flying:
        yield Step("prove", _flying(state, OFFER))


def admit(state: State) -> Iterator[Step]:
    """desk.admit: look the decision up, else make it, once. A crash right after the commit loses the answer."""
    if OFFER not in state.flying:
        return
    for decided in (state,) if state.decision else _decided(state):
        yield Step("admit", _flying(decided, DECISIONS[decided.decision]))
        yield Step("admit", decided)


def conclude(state: State) -> Iterator[Step]:
    """desk.conclude: what was held goes where the decision says; concluded already, nothing changes."""
    if state.sender != "send":
        return
    if ACCEPT in state.flying:
        yield Step("conclude", _concluded(state, "sent"))
    if REFUSE in state.flying:
        yield Step("conclude", _concluded(state, "returned"))


# --- what the world does ---------------------------------------------------------------------------------------------


def lose(state: State) -> Iterator[Step]:
    """A message is lost. That it comes twice, or after a later one, needs no rule: what arrives is not taken away."""
    for message in sorted(state.flying):
        yield Step("lose", state._replace(flying=state.flying - {message}))


def pass_deadline(state: State) -> Iterator[Step]:
    """The deadline passes, by the clock of the ledger that decides: the only clock that is asked."""
    if not state.late:
        yield Step("pass_deadline", state._replace(late=True))


RULES: tuple[Rule, ...] = (send, prove, admit, conclude, lose, pass_deadline)


# --- what somebody might do instead ----------------------------------------------------------------------------------


def release_on_timeout(state: State) -> Iterator[Step]:
    """Give the minutes back because nobody answered until the deadline."""
    if state.sender == "send" and state.late:
        yield Step("release_on_timeout", _concluded(state, "returned"))


def believe_it_arrived(state: State) -> Iterator[Step]:
    """Take the offer for accepted because nobody refused it until the deadline."""
    if state.sender == "send" and state.late:
        yield Step("believe_it_arrived", _concluded(state, "sent"))


def forget_decision(state: State) -> Iterator[Step]:
    """An old copy of the deciding ledger is put back, and nothing stops it: the decision and its minutes are gone."""
    if state.decision:
        yield Step("forget_decision", state._replace(decision="", due_receiver=0, payee=0))


def admit_anew(state: State) -> Iterator[Step]:
    """Decide each time the offer comes, without looking up what was decided."""
    if OFFER in state.flying:
        for decided in _decided(state):
            yield Step("admit_anew", _flying(decided, DECISIONS[decided.decision]))


def prove_once(state: State) -> Iterator[Step]:
    """Offer it right after it was held, and never again."""
    for step in send(state):
        yield Step("prove_once", _flying(step.state, OFFER))


BROKEN: dict[str, tuple[Rule, ...]] = {
    "release_on_timeout": (*RULES, release_on_timeout),
    "believe_it_arrived": (*RULES, believe_it_arrived),
    "forget_decision": (*RULES, forget_decision),
    "admit_anew": (send, prove, admit_anew, conclude, lose, pass_deadline),
    "prove_once": (prove_once, admit, conclude, lose, pass_deadline),
}


def _decided(state: State) -> tuple[State, ...]:
    """After the deadline it can only be refused; before, it is accepted or refused for whatever reason."""
    refused = state._replace(decision="refuse")
    if state.late:
        return (refused,)
    return refused, state._replace(decision="accept", due_receiver=state.due_receiver - 1, payee=state.payee + 1)


def _concluded(state: State, kind: str) -> State:
    held = state._replace(sender=kind, held=state.held - 1)
    if kind == "sent":
        return held._replace(due_sender=held.due_sender + 1)
    return held._replace(giver=held.giver + 1)


def _flying(state: State, message: str) -> State:
    return state._replace(flying=state.flying | {message})


# --- what must hold --------------------------------------------------------------------------------------------------


def wrong(state: State) -> str | None:
    """What is wrong with a state, in words; None when nothing is."""
    if state.giver + state.held + state.due_sender != 1 or state.payee + state.due_receiver != 0:
        return "a ledger does not add up"
    accepted = state.decision == "accept"
    if state.payee > 1 or (accepted and state.giver):
        return "hours doubled: the payee has them, and the giver too"
    if state.sender == "sent" and not accepted:
        return "hours lost: sent, and nobody has them"
    under_way = state.held if accepted else 0
    if state.due_sender + state.due_receiver + under_way != 0:
        return "the books of the two do not mirror one another"
    return None


class Explored(NamedTuple):
    """Every state that can be reached, with the steps out of it, and the shortest way to each."""

    steps: dict[State, tuple[Step, ...]]
    ways: dict[State, tuple[str, ...]]

    def faults(self) -> list[tuple[str, tuple[str, ...]]]:
        """What is wrong somewhere, each with the shortest way there."""
        found: dict[str, tuple[str, ...]] = {}
        for state, way in self.ways.items():
            why = wrong(state)
            if why is not None:
                found.setdefault(why, way)
        return sorted(found.items())

    def stuck(self) -> list[tuple[str, ...]]:
        """The ways to states from which nothing leads to an end any more."""
        before: dict[State, list[State]] = {}
        for state, steps in self.steps.items():
            for step in steps:
                before.setdefault(step.state, []).append(state)
        saved = _reached([state for state in self.steps if state.is_final], lambda state: before.get(state, ()))
        return [way for state, way in self.ways.items() if state not in saved]


def explore(rules: Sequence[Rule] = RULES) -> Explored:
    """Breadth first, from the state in which nothing was asked yet; what comes after a fault is not looked at."""
    first = State()
    steps: dict[State, tuple[Step, ...]] = {}
    ways: dict[State, tuple[str, ...]] = {first: ()}
    waiting = deque([first])
    while waiting:
        state = waiting.popleft()
        steps[state] = () if wrong(state) else tuple(step for rule in rules for step in rule(state))
        for step in steps[state]:
            if step.state not in ways:
                ways[step.state] = (*ways[state], step.rule)
                waiting.append(step.state)
    return Explored(steps, ways)


def _reached(starts: Iterable[State], following: Callable[[State], Iterable[State]]) -> set[State]:
    found = set(starts)
    waiting = list(found)
    while waiting:
        for state in following(waiting.pop()):
            if state not in found:
                found.add(state)
                waiting.append(state)
    return found


def drawn(explored: Explored) -> str:
    """The states of the two ledgers and what leads from one to another, as a Mermaid diagram: messages left out."""
    edges = {
        (_shown(state), step.rule, _shown(step.state))
        for state, steps in explored.steps.items()
        for step in steps
        if _shown(state) != _shown(step.state)
    }
    lines = [f'    {_name(a)}["{a}"] -- {rule} --> {_name(b)}["{b}"]' for a, rule, b in sorted(edges)]
    return "\n".join(["flowchart LR", *lines])


def _shown(state: State) -> str:
    return f"{state.sender or 'nothing'} / {state.decision or 'undecided'}"


def _name(shown: str) -> str:
    return shown.replace(" / ", "_")
