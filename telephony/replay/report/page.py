"""The report around its time axis, as HTML: the verdict, the figures, and the conversation to read. PURE"""

from collections.abc import Iterable, Sequence

from telephony.replay.evidence import Evidence
from telephony.replay.figures import Figures
from telephony.replay.parties import clock, language_name, language_of
from telephony.replay.phone_lines import counted_words, inflicted_words
from telephony.replay.report.markup import Markup, element, join
from telephony.replay.report.timeline import Crossing, Direction, told
from telephony.simulator.scenario import Who


def heading(evidence: Evidence, problems: Sequence[str]) -> Markup:
    """What was played, between which languages, and whether it went as it should."""
    scenario = evidence.scenario
    spoken = [
        element(
            "span", f"{who.capitalize()} ", element("b", language_name(language_of(scenario, who))), class_=f"of-{who}"
        )
        for who in Who
    ]
    length = clock(evidence.until - evidence.origin)
    ended = (evidence.outcome or "no end known").replace("-", " ")
    facts = [*spoken, element("span", f"{length} min"), element("span", ended)]
    return join(
        element("h1", scenario.title, dir="auto"),
        element("p", scenario.summary, class_="summary", dir="auto"),
        element("p", *facts, class_="facts"),
        _verdict(problems),
    )


def _verdict(problems: Sequence[str]) -> Markup:
    if not problems:
        return element("p", "Every line was heard as it should be.", class_="verdict good")
    count = "1 difference" if len(problems) == 1 else f"{len(problems)} differences"
    listed = element("ul", *(element("li", problem, dir="auto") for problem in problems))
    return element("div", element("p", f"{count} from what this call expects"), listed, class_="verdict bad")


def figure_list(figures: Figures) -> Markup:
    """Every figure with what it means."""
    underruns = sum(figures.underruns.values())
    parties = ", ".join(f"{who} {count}" for who, count in figures.underruns.items())
    tiles = [
        _tile("Ear-voice span", _seconds(figures.span_p50), f"at most {_seconds(figures.span_max)}"),
        _tile("Our delay, up", _milliseconds(figures.up_p50), f"99 % within {_milliseconds(figures.up_p99)}"),
        _tile("Our delay, down", _milliseconds(figures.down_p50), f"99 % within {_milliseconds(figures.down_p99)}"),
        _tile("Underruns", str(underruns), parties, bad=underruns > 0),
        _tile("Pieces missing", str(figures.missing), f"of {figures.pieces}", bad=figures.missing > 0),
        _tile("Longest gap", _milliseconds(figures.longest_gap), "inside a translation"),
        _tile("Lost", f"{figures.lost_ms} ms", f"of the translations; {figures.repeated_ms} ms heard again"),
    ]
    return element("dl", *tiles, class_="figures")


def phone_lines(evidence: Evidence) -> Markup:
    """What was wrong with the telephone lines, and what of it was counted; nothing where nothing was."""
    troubled = [(who, line) for who, line in evidence.phone_lines.items() if line.troubled]
    if not troubled:
        return Markup()
    head = element("tr", *(element("th", title, scope="col") for title in ("Line", "What it suffered", "Counted")))
    rows = [
        element(
            "tr",
            element("th", who.capitalize(), scope="row"),
            element("td", inflicted_words(line)),
            element("td", counted_words(line)),
        )
        for who, line in troubled
    ]
    return element("table", element("thead", head), element("tbody", *rows), class_="phone-lines")


def _tile(name: str, value: str, more: str, *, bad: bool = False) -> Markup:
    return element(
        "div",
        element("dt", name),
        element("dd", value, class_="value"),
        element("dd", more, class_="more"),
        class_="bad" if bad else None,
    )


def conversation(evidence: Evidence, directions: Iterable[Direction]) -> Markup:
    """Everything that was said, in order, for reading: lines with their translations, and the carrier's own voice."""
    entries = [
        (crossing.said.began, _exchange(direction, crossing))
        for direction in directions
        for crossing in direction.crossings
    ]
    entries += [
        (note.stretch.began, _announcement(who, note.stretch.began, note.text))
        for who in Who
        for note in told(evidence, who)
    ]
    return element("ol", *(entry for _, entry in sorted(entries, key=lambda entry: entry[0])), class_="conversation")


def _exchange(direction: Direction, crossing: Crossing) -> Markup:
    line, said, heard = crossing.line, direction.said, direction.heard
    span = "not heard" if line.span is None else f"heard after {line.span:.1f} s"
    return element(
        "li",
        _jump(crossing.said.began),
        element("span", direction.speaker.capitalize(), class_="who"),
        element("p", crossing.text, lang=said.language, dir="auto"),
        element("p", crossing.translation, class_="translation", lang=heard.language, dir="auto"),
        element("span", span, class_="after" if line.span is not None else "after never"),
        class_=f"of-{direction.speaker}",
        data_from=crossing.said.began,
        data_until=max(crossing.said.ended, crossing.heard.ended if crossing.heard else 0.0),
    )


def _announcement(who: Who, at: float, text: str) -> Markup:
    to = element("span", f"Carrier to {who}", class_="who")
    return element("li", _jump(at), to, element("p", text, dir="auto"), class_="told")


def _jump(at: float) -> Markup:
    return element("button", clock(at), type="button", class_="jump", data_at=at, aria_label=f"Go to {clock(at)}")


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f} s"


def _milliseconds(value: float | None) -> str:
    return "–" if value is None else f"{value * 1000:.0f} ms"
