"""Writing one box of the report: the text with its figure chips, what it prints, what is wrong with it, last year's text."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gongkai.annualreport import actions, last_year, lint, picks, problems, sections
from gongkai.annualreport.models import ReportVersion
from gongkai.annualreport.sections import Place
from gongkai.desk.reports import opened
from gongkai.desk.reports.forms import Edit
from gongkai.desk.reports.sheet import Sheet, Writing
from gongkai.desk.shell.request import DeskRequest
from gongkai.organs.refusals import Refused


@dataclass(frozen=True)
class Box:
    """One box in the list beside the text."""

    title: str
    part: str
    href: str
    shape: str
    word: str
    here: bool


@dataclass(frozen=True)
class LastYear:
    """Last year's text of the box, and how much of it is copied, in per cent."""

    year: int
    text: str
    alike: int


@require_http_methods(["GET", "HEAD", "POST"])
def box(request: DeskRequest, pk: int, number: int, place: str) -> HttpResponse:
    """The editor; what is wrong stands beside the text, and nothing that was typed is lost."""
    version = opened.version(request.viewer, pk, number)
    sheet = Sheet(request.viewer, version, {})
    found = sections.place_of(sheet.form, place)
    if found is None:
        raise Http404
    offer = sheet.offer("edit")
    if offer is None or offer.actor is None:
        reason = offer.reason if offer else _("这不是正在办理的版本，不能改动。")
        return _page(request, sheet, found, refused=reason, status=409 if request.method == "POST" else 200)
    if request.method != "POST":
        return _page(request, sheet, found, form=_form(version, found))
    form = Edit(request.POST, version=version, label=found.title)
    if not form.is_valid():
        return _page(request, sheet, found, form=form, status=422)
    data = form.cleaned_data
    try:
        actions.edit_section(
            by=offer.actor,
            version=version,
            section=found.section,
            key=found.key,
            text=data["text"],
            seen=data["was"] or None,
        )
    except ValidationError as error:
        form.take(error)
        return _page(request, sheet, found, form=form, status=422)
    except actions.Overtaken as overtaken:
        return _overtaken(request, version, found, data["text"], overtaken)
    except Refused as refused:
        return _page(request, sheet, found, form=form, refused=str(refused), status=409)
    messages.success(request, _("文字已保存，下面是印出来的样子。"))
    onward = _next(sheet, found) if "next" in request.POST else found
    return redirect("desk:report-write", pk, number, onward.name)


def _overtaken(
    request: DeskRequest, version: ReportVersion, place: Place, mine: str, overtaken: actions.Overtaken
) -> HttpResponse:
    """Both texts on the page: one's own to go on with, the other's to read. Saving again is a choice made knowingly."""
    shown = ReportVersion.objects.select_related("report__organ").get(pk=version.pk)
    sheet = Sheet(request.viewer, shown, {})
    form = _form(shown, place, mine)
    return _page(
        request, sheet, place, form=form, refused=str(overtaken), theirs=overtaken.theirs, status=409
    )


def _form(version: ReportVersion, place: Place, text: str | None = None) -> Edit:
    now = str(version.sections.get(place.section, {}).get(place.key, ""))
    initial = {
        "section": place.section,
        "key": place.key,
        "was": actions.seal(now),
        "text": now if text is None else text,
    }
    return Edit(version=version, label=place.title, initial=initial)


def _page(
    request: DeskRequest,
    sheet: Sheet,
    place: Place,
    *,
    form: Edit | None = None,
    refused: str = "",
    theirs: str | None = None,
    status: int = 200,
) -> HttpResponse:
    version = sheet.version
    every = [writing for section in sheet.sections for writing in section.writings]
    writing = next(one for one in every if one.place == place)
    told = (
        problems.of_report(version.report, sections.paths_of(version.report)) if place.section == "s5" else []
    )
    context = {
        "section": "reports",
        "crumbs": [
            (f"{reverse('desk:reports')}?year={version.report.year}", _("年报")),
            (sheet.here, sheet.title),
            ("", place.title),
        ],
        "sheet": sheet,
        "version": version,
        "report": version.report,
        "place": place,
        "writing": writing,
        "boxes": [_box(one, sheet, place) for one in every],
        "form": form,
        "refused": refused,
        "theirs": theirs,
        "groups": picks.groups(version) if form else [],
        "suggestion": picks.suggestion(version, place.name) if form else None,
        "last_year": _last_year(version, writing),
        "told": told,
        "proposed": sections.problems_proposed(version.report).get(place.name, "") if told else "",
        "onward": _next(sheet, place),
    }
    return render(request, "desk/reports/write.html", context, status=status)


def _box(one: Writing, sheet: Sheet, here: Place) -> Box:
    href = reverse("desk:report-write", args=[sheet.report.pk, sheet.version.number, one.place.name])
    worst = next((note for note in one.notes if note.shape in ("over", "soon")), None)
    if not one.fragments:
        shape, word = ("done", _("可以不写")) if one.place.section == "s6" else ("open", _("没写"))
    elif worst is not None:
        shape, word = worst.shape, str(worst.word)
    else:
        shape, word = "done", _("已写")
    return Box(one.place.title, one.place.heading[0], href, shape, word, one.place == here)


def _last_year(version: ReportVersion, writing: Writing) -> LastYear | None:
    text = last_year.texts(version).get(writing.place.name, "")
    if not text:
        return None
    now = "".join(fragment.text for fragment in writing.fragments)
    return LastYear(version.report.year - 1, text, round(100 * lint.likeness(now, text)))


def _next(sheet: Sheet, place: Place) -> Place:
    """The box after this one, the first after the last."""
    every = sections.places(sheet.form)
    return every[(every.index(place) + 1) % len(every)]
