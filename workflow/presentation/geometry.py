"""Where each box, line and word of a drawn procedure comes: columns, lanes and connectors, in whole pixels.

Nothing is measured in a browser: words are wrapped by the usual width of letters, with room to spare.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

PITCH, BOX_WIDTH = 152, 134
HEADER, LANE_HEAD, ROW_GAP, LANE_GAP = 44, 26, 10, 14
# The main line passes to the left of what is only done where it applies.
INDENT = 12
PADDING, LINE, NOTE_LINE, HERE_STRIP, ICON = 9, 15, 14, 20, 13
CUT, INSET = 9, 3
LABEL_SIZE, NOTE_SIZE = 12, 11
# What is always taken is printed bold, which is wider.
REGULAR_TO_BOLD = 0.92
NARROW, WIDE = frozenset("iljtfrI.,:;'’()[]|!- “”1"), frozenset("mwMWG@—")


@dataclass(frozen=True)
class Words:
    """What a box says. `name` says all of it to who does not see it; `here` marks where the dossier stands."""

    code: str
    href: str
    name: str
    label: str
    note: str
    look: str
    icon: str
    is_gate: bool
    is_optional: bool
    here: str = ""


@dataclass(frozen=True)
class Line:
    x: int
    y: int
    text: str


@dataclass(frozen=True)
class Column:
    """A stage: its heading, and its state in a dossier (done, current, todo or nothing)."""

    x: int
    width: int
    lines: Sequence[Line]
    label: str
    state: str


@dataclass(frozen=True)
class Box:
    """A step. `outline` and `inner` are paths: a gate has cut corners and a double border."""

    words: Words
    column: int
    x: int
    y: int
    width: int
    height: int
    lines: Sequence[Line]
    notes: Sequence[Line]

    @property
    def outline(self) -> str:
        return _outline(self.x, self.y, self.width, self.height, CUT if self.words.is_gate else 0)

    @property
    def inner(self) -> str:
        if not self.words.is_gate:
            return ""
        return _outline(
            self.x + INSET, self.y + INSET, self.width - 2 * INSET, self.height - 2 * INSET, CUT - INSET // 2
        )

    @property
    def strip(self) -> str:
        """The bar on top of the box the dossier stands at."""
        return f"M{self.x + CUT} {self.y}H{self.x + self.width - CUT}V{self.y + HERE_STRIP - 2}H{self.x + CUT}Z"

    @property
    def here(self) -> Line:
        return Line(self.x + self.width // 2, self.y + 13, self.words.here)

    @property
    def icon(self) -> Line:
        return Line(self.x + PADDING, self.notes[0].y - ICON + 3, self.words.icon)

    @property
    def middle(self) -> int:
        return self.y + self.height // 2

    @property
    def bottom(self) -> int:
        return self.y + self.height


@dataclass(frozen=True)
class Lane:
    """A track: its heading and its boxes, in reading order."""

    label: str
    y: int
    bottom: int
    boxes: Sequence[Box]

    @property
    def baseline(self) -> int:
        return self.y + 17


@dataclass(frozen=True)
class Connector:
    """A line from one step of the main line to the next; `is_side` leads to one that is only done where it applies."""

    path: str
    arrow: str
    is_done: bool
    is_side: bool = False


def columns(stages: Sequence[tuple[str, str]]) -> list[Column]:
    """The headings of stages, each given by its label and its state."""
    found = []
    for place, (label, state) in enumerate(stages):
        lines = wrap(label, BOX_WIDTH, LABEL_SIZE + 1)
        x = place * PITCH
        found.append(
            Column(x, BOX_WIDTH, [Line(x, 15 + LINE * number, text) for number, text in enumerate(lines)], label, state)
        )
    return found


def width_of(found: Sequence[Column]) -> int:
    return (found[-1].x + BOX_WIDTH + 2) if found else BOX_WIDTH


def lanes(grid: Sequence[tuple[str, Sequence[Sequence[Words]]]]) -> list[Lane]:
    """Lanes below each other; each is as high as its highest cell."""
    found: list[Lane] = []
    top = HEADER
    for label, cells in grid:
        boxes = [box for place, cell in enumerate(cells) for box in _stacked(cell, place, top + LANE_HEAD + ROW_GAP)]
        bottom = max(box.bottom for box in boxes) + LANE_GAP
        found.append(Lane(label, top, bottom, boxes))
        top = bottom
    return found


def _stacked(cell: Sequence[Words], column: int, top: int) -> list[Box]:
    found: list[Box] = []
    for words in cell:
        box = _box(words, column, found[-1].bottom + ROW_GAP if found else top)
        found.append(box)
    return found


def _box(words: Words, column: int, y: int) -> Box:
    indent = INDENT if words.is_optional else 0
    x, width = column * PITCH + 1 + indent, BOX_WIDTH - indent
    room = width - 2 * PADDING
    first = y + PADDING + 9 + (HERE_STRIP if words.here else 0)
    label = [
        Line(x + PADDING, first + LINE * number, text)
        for number, text in enumerate(wrap(words.label, room if words.is_optional else round(room * REGULAR_TO_BOLD)))
    ]
    start = label[-1].y + NOTE_LINE + 2
    mark = ICON + 5 if words.icon else 0
    notes = [
        Line(x + PADDING + mark, start + NOTE_LINE * number, text)
        for number, text in enumerate(wrap(words.note, room - mark, NOTE_SIZE))
    ]
    return Box(words, column, x, y, width, notes[-1].y + PADDING - 1 - y, label, notes)


def connectors(lane: Lane) -> list[Connector]:
    """The main line through the steps that are always taken, with a stub to each of the others."""
    main = [box for box in lane.boxes if not box.words.is_optional]
    found = [_between(one, other, lane) for one, other in pairwise(main)]
    return [*found, *(_stub(box, main) for box in lane.boxes if box.words.is_optional)]


def _between(one: Box, other: Box, lane: Lane) -> Connector:
    done = _is_done(other)
    if one.column == other.column:
        x = one.x + INDENT // 2
        return Connector(f"M{x} {one.bottom}V{other.y - 1}", f"M{x - 4} {other.y - 6}l4 5l4 -5", done)
    leave, enter = one.x + BOX_WIDTH + 6, other.x - 11
    way = f"V{other.middle}" if leave + 2 >= enter else f"V{lane.y + LANE_HEAD + 3}H{enter}V{other.middle}"
    path = f"M{one.x + BOX_WIDTH} {one.middle}H{leave}{way}H{other.x - 1}"
    return Connector(path, f"M{other.x - 6} {other.middle - 4}l5 4l-5 4", done)


def _stub(box: Box, main: Sequence[Box]) -> Connector:
    """To a box beside the main line: from the step above it or, at the top of a column, from the one below it."""
    beside = [one for one in main if one.column == box.column]
    above, below = [one for one in beside if one.y < box.y], [one for one in beside if one.y > box.y]
    x = box.x - INDENT + INDENT // 2
    begin = above[-1].bottom if above else below[0].y if below else box.middle
    return Connector(f"M{x} {begin}V{box.middle}H{box.x - 1}", "", _is_done(box), is_side=True)


def _is_done(box: Box) -> bool:
    return box.words.look == "done"


def wrap(text: str, room: int, size: int = LABEL_SIZE) -> list[str]:
    """The text in lines of at most `room` pixels at a font size; a word that is too long is broken with a hyphen."""
    lines = [""]
    for word in (part for whole in text.split() for part in _parts(whole, room, size)):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and extent(longer, size) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _parts(word: str, room: int, size: int) -> list[str]:
    if extent(word, size) <= room:
        return [word]
    fits = (place for place in range(len(word) - 3, 1, -1) if extent(f"{word[:place]}-", size) <= room)
    end = next(fits, len(word))
    if end == len(word):
        return [word]
    return [word[:end] + "-", *_parts(word[end:], room, size)]


def extent(text: str, size: int = LABEL_SIZE) -> int:
    """The usual width of a text in pixels, rather too wide than too narrow."""
    return round(sum(_share(letter) for letter in text) * size)


def _share(letter: str) -> float:
    if letter in NARROW:
        return 0.33
    if letter in WIDE:
        return 0.86
    return 0.68 if letter.isupper() else 0.54


def _outline(x: int, y: int, width: int, height: int, cut: int) -> str:
    """A rectangle, its corners cut off by `cut`."""
    right, bottom = x + width, y + height
    if not cut:
        return f"M{x} {y}H{right}V{bottom}H{x}Z"
    return (
        f"M{x + cut} {y}H{right - cut}L{right} {y + cut}V{bottom - cut}L{right - cut} {bottom}"
        f"H{x + cut}L{x} {bottom - cut}V{y + cut}Z"
    )
