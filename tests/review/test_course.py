"""The course of a run, by its rules alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gongkai.review import course
from gongkai.review.chains import ALL, ANY, QUORUM, Signer, Step
from gongkai.review.course import AUTHOR, Said, replay

AUTHORS = frozenset({1})


def plain(order: int, signers: int = 1, rule: str = ALL, quorum: int = 0, when: str = "") -> Step:
    return Step(order, f"第{order}步", (Signer(role="office"),) * signers, rule, quorum, when)


def propose() -> Said:
    return Said(course.PROPOSE, people=AUTHORS)


def agree(
    step: int, member: int = 0, person: int = 2, opinion: str = course.AGREE, raised: tuple[str, ...] = ()
) -> Said:
    return Said(opinion, step, member, raised, people=frozenset({person}))


def test_one_after_the_other() -> None:
    steps = (plain(1), plain(2))
    assert replay(steps, (), [propose()]).step == 1
    assert replay(steps, (), [propose(), agree(1)]).step == 2
    done = replay(steps, (), [propose(), agree(1), agree(2, person=3)])
    assert (done.state, done.step) == (course.COMPLETED, None)


@given(st.integers(1, 6), st.data())
def test_a_quorum_is_reached_by_exactly_so_many(signers: int, data: st.DataObject) -> None:
    quorum = data.draw(st.integers(1, signers))
    order = data.draw(st.permutations(range(signers)))
    for rule, wanted in ((ANY, 1), (ALL, signers), (QUORUM, quorum)):
        steps = (plain(1, signers, rule, quorum), plain(2))
        for count in range(signers + 1):
            taken = [agree(1, member, person=10 + member) for member in order[:count]]
            reached = replay(steps, (), [propose(), *taken[:wanted]])
            if count < wanted:
                assert reached.step == 1 or len(taken[:wanted]) >= wanted
                assert set(replay(steps, (), [propose(), *taken]).waiting()) == set(order[count:])
            else:
                assert reached.step == 2


@given(st.integers(2, 5), st.integers(0, 4), st.sampled_from([ANY, ALL, QUORUM]))
def test_one_refusal_stops(signers: int, before: int, rule: str) -> None:
    steps = (plain(1, signers, ALL), plain(2, signers, rule, signers))
    taken = [agree(1, member, person=10 + member) for member in range(min(before, signers - 1))]
    ended = replay(steps, (), [propose(), *taken, Said(course.DISAGREE, 1, signers - 1)])
    assert (ended.state, ended.step, ended.waiting()) == (course.REFUSED, None, ())


def test_steps_depend_on_facts() -> None:
    steps = (plain(1), plain(2, when="doubtful"), plain(3, when="!joint"), plain(4))
    assert [step.order for step in replay(steps, (), [propose()]).applicable()] == [1, 3, 4]
    assert [step.order for step in replay(steps, ("doubtful", "joint"), [propose()]).applicable()] == [
        1,
        2,
        4,
    ]
    raised = replay(steps, (), [propose(), agree(1, raised=("doubtful",))])
    assert raised.step == 2


def test_what_is_doubted_late_goes_back_to_whoever_answers_doubts() -> None:
    steps = (plain(1), plain(2, when="doubtful"), plain(3))
    late = replay(steps, (), [propose(), agree(1), agree(3, person=3, raised=("doubtful",))])
    assert late.step == 2


def test_a_return_undoes_the_consents_from_there_on() -> None:
    steps = (plain(1), plain(2), plain(3))
    said = [propose(), agree(1), agree(2, person=3)]
    back = replay(steps, (), [*said, Said(course.RETURN, 3, to_step=2)])
    assert (back.state, back.step, set(back.consents)) == (course.SIGNING, 2, {1})
    home = replay(steps, (), [*said, Said(course.RETURN, 3, to_step=AUTHOR)])
    assert (home.state, home.step, home.consents) == (course.RETURNED, AUTHOR, {})
    again = replay(steps, (), [*said, Said(course.RETURN, 3), Said(course.RESUBMIT, people=AUTHORS)])
    assert (again.state, again.step, again.rounds) == (course.SIGNING, 1, 2)


def test_changes_wanted_go_to_the_author_and_are_seen_by_another() -> None:
    steps = (plain(1), plain(2))
    wanted = [propose(), agree(1, opinion=course.AGREE_CHANGED)]
    assert replay(steps, (), wanted).state == course.AMENDING
    assert replay(steps, (), [*wanted, Said(course.AMEND)]).step == 2
    last = [propose(), agree(1), agree(2, person=3, opinion=course.AGREE_CHANGED)]
    assert replay(steps, (), last).state == course.AMENDING
    mended = replay(steps, (), [*last, Said(course.AMEND)])
    assert (mended.state, mended.step) == (course.SIGNING, 2)
    assert replay(steps, (), [*last, Said(course.AMEND), agree(2, person=3)]).state == course.COMPLETED


def test_who_is_bound() -> None:
    steps = (Step(1, "建议", proposes=True), plain(2), plain(3, 2))
    first = replay(steps, (), [propose()])
    assert (first.step, first.bound_before()) == (2, AUTHORS)
    second = replay(steps, (), [propose(), agree(2, person=5), agree(3, 0, person=6)])
    assert second.bound_before() == {5}
    assert second.bound_here() == {6}
    assert second.waiting() == (1,)


ENTRIES = st.lists(
    st.sampled_from(
        [course.AGREE, course.AGREE_CHANGED, course.RETURN, course.AMEND, course.RESUBMIT, course.DISAGREE]
    ),
    max_size=30,
)


@given(ENTRIES, st.lists(st.integers(1, 3), min_size=1, max_size=5), st.data())
def test_any_lawful_course_ends_only_with_every_step_consented(
    opinions: list[str], widths: list[int], data: st.DataObject
) -> None:
    steps = tuple(plain(order, width) for order, width in enumerate(widths, start=1))
    where = replay(steps, (), [propose()])
    said = [propose()]
    for opinion in opinions:
        if where.state == course.SIGNING and opinion in (course.AGREE, course.AGREE_CHANGED, course.DISAGREE):
            assert where.step
            said.append(agree(where.step, where.waiting()[0], person=len(said) + 5, opinion=opinion))
        elif where.state == course.SIGNING and opinion == course.RETURN:
            assert where.step
            said.append(Said(course.RETURN, where.step, to_step=data.draw(st.integers(0, where.step - 1))))
        elif (where.state, opinion) in (
            (course.AMENDING, course.AMEND),
            (course.RETURNED, course.RESUBMIT),
        ):
            said.append(Said(opinion, people=AUTHORS))
        else:
            continue
        where.take(said[-1])
        again = replay(steps, (), said)
        assert (again.state, again.step, again.consents) == (where.state, where.step, where.consents)
        if where.state not in course.OPEN:
            break
    if where.state == course.COMPLETED:
        assert all(len(where.consents[step.order]) >= step.wanted() for step in steps)
        assert said[-1].opinion == course.AGREE  # what was changed at a signer's wish was seen by a signer
