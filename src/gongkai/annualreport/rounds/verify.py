"""Do the columns of rounds and duties say what their facts say? One sentence per problem, for ``gongkai verify``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from . import projection, sealing
from .models import Duty, Round, RoundFact


def problems() -> Iterator[str]:
    """Rounds and duties whose columns differ from their facts, and submissions whose content is not what was sealed."""
    for round_ in Round.objects.select_related("organ", "sheet").order_by("pk").iterator():
        facts = list(RoundFact.objects.filter(round=round_).select_related("version").order_by("pk"))
        name = f"{round_.organ.name}{round_.year}年报送（第{round_.pk}号）"
        if projection.of_round(facts) != (round_.closed_on, round_.cancelled_on):
            yield f"{name}的起止状态与经过不符"
        about = defaultdict(list)
        for fact in facts:
            about[fact.duty_id].append(fact)
        for duty in Duty.objects.filter(round=round_).select_related("organ").order_by("pk"):
            duty.round = round_
            kept = projection.Standing(duty.stage, duty.deadline, duty.accepted_id)
            if projection.of_duty(duty, facts) != kept:
                yield f"{name}中{duty.organ.name}的状态或期限与经过不符"
            for fact in about[duty.pk]:
                if not sealing.is_whole(fact):
                    yield f"{name}中{duty.organ.name}{fact.on:%Y-%m-%d}报送的内容与当时的校验值不符"
