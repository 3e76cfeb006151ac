"""Who may do what: every cell of the table, asked of `require`, against a table written by hand."""

from collections.abc import Iterator

import pytest

from timebank.access import (
    EVERYWHERE,
    FOR_ELDERS,
    OWN,
    Actor,
    Denied,
    Right,
    Role,
    allowed,
    is_above,
    own_rights,
    require,
    rights_table,
)
from timebank.directory import Grant

HERE, THERE = "520302001001", "520302001002"
SELF, ELDER, STRANGER = "1" * 32, "2" * 32, "3" * 32

# Written by hand, so that a change of the table is made twice or fails here.
TABLE = """
                    member    clerk     lead  auditor    admin
see_own                yes        -        -        -        -
redeem_own             yes        -        -        -        -
gift_own               yes        -        -        -        -
donate_own             yes        -        -        -        -
question_own           yes        -        -        -        -
certify_own            yes        -        -        -        -
see_person               -      yes      yes        -        -
search_people            -      yes      yes        -        -
register_person          -      yes        -        -        -
set_pin                  -      yes        -        -        -
record_kinship           -      yes        -        -        -
note_papers              -      yes        -        -        -
suspend_person           -        -      yes        -        -
ask_standing             -      yes      yes        -        -
approve_standing         -        -      yes        -        -
erase_person             -        -      yes        -        -
record_visit             -      yes        -        -        -
redeem_for_others        -      yes        -        -        -
settle                   -      yes        -        -        -
see_board              yes      yes      yes        -        -
honour_own             yes        -        -        -        -
change_pin_own         yes        -        -        -        -
describe_own           yes        -        -        -        -
serve                  yes        -        -        -        -
confirm_own            yes        -        -        -        -
run_orders               -      yes        -        -        -
decide_doubt             -        -      yes        -        -
gift_for_others          -      yes        -        -        -
donate_for_others        -      yes        -        -        -
see_day                  -      yes      yes        -        -
close_day                -      yes        -        -        -
ask_reversal             -      yes      yes        -        -
approve_reversal         -        -      yes        -        -
approve_visit            -        -      yes        -        -
answer_question          -        -      yes        -        -
call_back                -      yes      yes        -        -
ask_grant                -      yes      yes        -        -
approve_grant            -        -      yes        -        -
see_care                 -        -      yes        -        -
close_finding            -        -      yes        -        -
check_kin                -        -      yes        -        -
file_records             -      yes        -        -        -
ask_certificate          -      yes        -        -        -
issue_certificate        -        -      yes        -        -
audit                    -        -      yes      yes      yes
draw_callbacks           -        -        -        -      yes
keep_books               -        -        -        -      yes
submit_entries           -      yes        -        -      yes
found                    -        -        -        -      yes
publish_policy           -        -        -        -      yes
manage_peers             -        -        -        -      yes
repair_ledger            -        -        -        -      yes
manage_keys              -        -        -        -      yes
readmit_entry            -        -      yes        -        -
manage_logins            -        -        -        -      yes
"""


def actor(*grants: tuple[Role, str], scopes: frozenset[Right] | None = None) -> Actor:
    return Actor(login="a" * 32, person=SELF, grants=grants, scopes=scopes, elders={ELDER: OWN})


def cells() -> Iterator[tuple[str, str, bool]]:
    head, *rows = TABLE.strip("\n").splitlines()
    for row in rows:
        right, *answers = row.split()
        yield from ((role, right, answer == "yes") for role, answer in zip(head.split(), answers, strict=True))


def test_the_table_by_hand_has_every_cell() -> None:
    assert {(role, right) for role, right, _ in cells()} == {
        (role.value, right.value) for role in Role for right in Right
    }


@pytest.mark.parametrize(("role", "right", "yes"), list(cells()))
def test_each_role_has_its_rights_and_no_others(role: str, right: str, yes: bool) -> None:
    assert allowed(actor((Role(role), HERE)), Right(right), HERE, SELF) is yes


def test_the_printed_table_is_the_one_by_hand() -> None:
    assert rights_table().split() == TABLE.split()


@pytest.mark.parametrize("right", list(Right))
def test_nobody_may_nothing_and_is_asked_to_log_in(right: Right) -> None:
    with pytest.raises(Denied) as denied:
        require(None, right, HERE, SELF)
    assert denied.value.anonymous
    assert (denied.value.right, denied.value.community) == (right, HERE)


def test_who_is_logged_in_is_not_asked_to_log_in() -> None:
    with pytest.raises(Denied) as denied:
        require(actor((Role.MEMBER, HERE)), Right.RECORD_VISIT, HERE)
    assert not denied.value.anonymous


@pytest.mark.parametrize("right", list(Right))
def test_no_grant_no_right(right: Right) -> None:
    assert not allowed(actor(), right, HERE, SELF)


@pytest.mark.parametrize("right", list(Right))
def test_a_grant_in_another_community_is_none_here(right: Right) -> None:
    assert not allowed(actor(*((role, THERE) for role in Role)), right, HERE, SELF)


@pytest.mark.parametrize("right", list(Right))
def test_a_grant_everywhere_holds_here(right: Right) -> None:
    assert allowed(actor(*((role, EVERYWHERE) for role in Role)), right, HERE, SELF)


def test_two_grants_do_not_mix_their_places() -> None:
    clerk_here_lead_there = actor((Role.CLERK, HERE), (Role.LEAD, THERE))
    assert allowed(clerk_here_lead_there, Right.RECORD_VISIT, HERE)
    assert not allowed(clerk_here_lead_there, Right.RECORD_VISIT, THERE)
    assert not allowed(clerk_here_lead_there, Right.APPROVE_REVERSAL, HERE)
    assert allowed(clerk_here_lead_there, Right.APPROVE_REVERSAL, THERE)


@pytest.mark.parametrize("right", sorted(FOR_ELDERS))
@pytest.mark.parametrize(("person", "yes"), [(SELF, True), (ELDER, True), (STRANGER, False), (None, False)])
def test_one_s_own_is_oneself_or_an_elder_who_consented(right: Right, person: str | None, yes: bool) -> None:
    assert allowed(actor((Role.MEMBER, HERE)), right, HERE, person) is yes


@pytest.mark.parametrize(("person", "yes"), [(SELF, True), (ELDER, False), (STRANGER, False), (None, False)])
def test_nobody_serves_in_an_elders_name_or_has_her_named(person: str | None, yes: bool) -> None:
    assert {Right.SERVE, Right.HONOUR_OWN, Right.DESCRIBE_OWN, Right.CHANGE_PIN_OWN} == OWN - FOR_ELDERS
    for right in OWN - FOR_ELDERS:
        assert allowed(actor((Role.MEMBER, HERE)), right, HERE, person) is yes


@pytest.mark.parametrize("where", [EVERYWHERE, HERE[:4], HERE[:6], HERE[:9]])
def test_a_grant_for_a_town_or_more_covers_its_communities_from_above(where: str) -> None:
    lead = actor((Role.LEAD, where))
    assert allowed(lead, Right.SEE_CARE, HERE)
    assert is_above(lead, Right.SEE_CARE, HERE)
    assert not is_above(lead, Right.RECORD_VISIT, HERE)
    assert not is_above(actor((Role.LEAD, HERE)), Right.SEE_CARE, HERE)
    if where != EVERYWHERE:
        assert not allowed(lead, Right.SEE_CARE, "530103002001")
        assert not allowed(lead, Right.AUDIT, EVERYWHERE)


def test_an_elder_is_acted_for_where_she_lives_but_one_s_own_stays_here() -> None:
    member = actor((Role.MEMBER, HERE))
    assert allowed(member, Right.REDEEM_OWN, THERE, ELDER)
    assert not allowed(member, Right.REDEEM_OWN, THERE, SELF)


@pytest.mark.parametrize("covered", sorted(FOR_ELDERS))
def test_a_consent_covers_what_it_names_and_nothing_else(covered: Right) -> None:
    proxy = Actor(login="a" * 32, person=SELF, grants=((Role.MEMBER, HERE),), elders={ELDER: frozenset({covered})})
    assert [right for right in sorted(FOR_ELDERS) if allowed(proxy, right, THERE, ELDER)] == [covered]
    assert {right: proxy.acts_for(right) for right in FOR_ELDERS if proxy.acts_for(right)} == {covered: [ELDER]}


def test_a_scope_gives_only_rights_over_one_s_own() -> None:
    assert own_rights("see_own record_visit found nonsense") == {Right.SEE_OWN}
    assert own_rights("") == frozenset()


def test_consent_alone_is_not_a_login_s_grant() -> None:
    assert not allowed(actor((Role.AUDITOR, HERE)), Right.SEE_OWN, HERE, ELDER)


def test_a_login_without_a_person_owns_nothing() -> None:
    staff = Actor(login="a" * 32, grants=((Role.MEMBER, HERE),))
    assert not allowed(staff, Right.SEE_OWN, HERE, None)
    assert not allowed(staff, Right.SEE_OWN, HERE, SELF)


def test_a_token_s_scopes_take_away_and_never_give() -> None:
    scoped = actor((Role.CLERK, HERE), scopes=frozenset({Right.SEE_DAY, Right.FOUND}))
    assert allowed(scoped, Right.SEE_DAY, HERE)
    assert not allowed(scoped, Right.RECORD_VISIT, HERE), "granted, but out of scope"
    assert not allowed(scoped, Right.FOUND, HERE), "in scope, but not granted"
    assert not allowed(actor((Role.CLERK, HERE), scopes=frozenset()), Right.SEE_DAY, HERE)


def test_the_directory_knows_the_same_roles() -> None:
    check = next(str(c.sqltext) for c in Grant.__table__.constraints if c.name == "ck_grants_role_known")  # type: ignore[attr-defined]
    assert check == f"role IN ({', '.join(repr(role.value) for role in Role)})"
