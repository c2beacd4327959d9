"""A plot with logarithmic axes as SVG: no library, no script, readable without colours (each line has its name)."""

import math
from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT = 960, 560
LEFT, RIGHT, TOP, BOTTOM = 70, 290, 50, 50
COLOURS = ("#0b5394", "#b45309", "#15803d", "#9d174d", "#4338ca", "#0f766e", "#7c2d12", "#334155")


def log_log(title: str, lines: Mapping[str, Sequence[tuple[float, float]]], *, x: str, y: str, goal: float) -> str:
    """`lines` are points by name; `goal` is drawn as a dashed line. Returns the SVG."""
    points = [point for line in lines.values() for point in line]
    low_x, high_x = min(p[0] for p in points), max(p[0] for p in points)
    low_y = 10 ** math.floor(math.log10(min(*(p[1] for p in points), goal)))
    high_y = 10 ** math.ceil(math.log10(max(*(p[1] for p in points), goal)))

    def at(point: tuple[float, float]) -> tuple[float, float]:
        return (
            LEFT + _part(point[0], low_x, high_x) * (WIDTH - LEFT - RIGHT),
            HEIGHT - BOTTOM - _part(point[1], low_y, high_y) * (HEIGHT - TOP - BOTTOM),
        )

    drawn = [_text(LEFT, 28, title, size=16), *_axes(at, sorted({p[0] for p in points}), low_y, high_y)]
    drawn += [_text(LEFT, HEIGHT - 10, x), _text(8, TOP - 8, y)]
    (_x, height) = at((low_x, goal))
    drawn.append(f'<path d="M{LEFT} {height:.1f}H{WIDTH - RIGHT}" stroke="#b91c1c" stroke-dasharray="6 4"/>')
    drawn.append(_text(LEFT + 6, height + 14, f"goal {goal:g}"))
    drawn += _lines(at, lines)
    body = "\n".join(drawn)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" fill="none"'
        f' font-family="sans-serif">\n<title>{escape(title)}</title>\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n{body}\n</svg>\n'
    )


def _part(value: float, low: float, high: float) -> float:
    return (math.log(value) - math.log(low)) / ((math.log(high) - math.log(low)) or 1)


def _axes(at, ticks: Sequence[float], low: float, high: float) -> list[str]:  # type: ignore[no-untyped-def]
    drawn = []
    value = low
    while value <= high * 1.01:
        (_x, y) = at((ticks[0], value))
        drawn += [f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#d4d4d8"/>', _text(8, y + 4, f"{value:g}")]
        value *= 10
    for tick in ticks:
        (x, _y) = at((tick, low))
        drawn.append(f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#e4e4e7"/>')
        drawn.append(_text(x - 25, HEIGHT - BOTTOM + 18, f"{tick:,.0f}"))
    return drawn


def _lines(at, lines: Mapping[str, Sequence[tuple[float, float]]]) -> list[str]:  # type: ignore[no-untyped-def]
    drawn, free = [], float(TOP)
    ordered = sorted(lines.items(), key=lambda one: -one[1][-1][1])
    for place, (name, points) in enumerate(ordered):
        colour = COLOURS[place % len(COLOURS)]
        dashes = "" if place < len(COLOURS) else ' stroke-dasharray="3 3"'
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in map(at, points))
        drawn.append(f'<path d="M{path}" stroke="{colour}" stroke-width="2"{dashes}/>')
        (x, y) = at(points[-1])
        # Names stand under each other, however close the lines end.
        free = max(free + 16, y + 4)
        drawn.append(f'<path d="M{x:.1f} {y:.1f}L{x + 14:.1f} {free - 4:.1f}" stroke="{colour}"/>')
        drawn.append(_text(x + 18, free, f"{name}: {points[-1][1]:.1f}", colour=colour))
    return drawn


def _text(x: float, y: float, text: str, *, size: int = 12, colour: str = "#18181b") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}">{escape(text)}</text>'
