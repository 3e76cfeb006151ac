"""Nobody records, confirms or decides for themselves or for their own family."""

from collections.abc import Iterable

from timebank import directory
from timebank.access import Actor
from timebank.bank import Reading
from timebank.ledger import Code, Refused


def check_own_matter(reading: Reading, actor: Actor, people: Iterable[str]) -> None:
    """Refused where one of these people is the actor, or related to the actor. A login without a person is nobody's."""
    if actor.person is None:
        return
    about = set(people)
    if actor.person in about or about & directory.people.kin_of(reading.connection, actor.person):
        raise Refused(Code.OWN_MATTER)


def check_proxies(reading: Reading, volunteer: str, served: Iterable[str]) -> None:
    """For a service that a relative confirms: each person served has one who neither gave it nor is related to who did.

    A consent may cover anything: who may look after her hours may say that somebody came.
    """
    partial = {volunteer} | directory.people.kin_of(reading.connection, volunteer)
    for elder in served:
        if not directory.people.members_for(reading.connection, elder, reading.now) - partial:
            raise Refused(Code.PROXY_NOT_FREE, person=elder)
