"""A page of paper: fonts that have Kazakh, Russian and Chinese letters, text that fits, shapes with holes.

Of each font, the letters used are in the file. Places are millimetres from the upper left corner of the page.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from io import BytesIO
from typing import Any

from fpdf import FPDF
from fpdf.drawing import GraphicsContext, PaintedPath
from fpdf.drawing_primitives import DeviceRGB
from fpdf.enums import Align, IntersectionRule, PathPaintRule
from fpdf.fonts import TTFFont
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry, BaseMultipartGeometry
from shapely.geometry.polygon import LinearRing

from khorgos_map.export.sheet_fonts import MISSING, Font, fonts_for

Place = tuple[float, float]
WIDTH_MM, HEIGHT_MM = 210.0, 297.0
# as in the style sheets of the page, light
INK, SOFT, SKETCH, LINK, WHITE = "1c2329", "56606a", "00766c", "0b5a8a", "ffffff"
_SMALLEST_PT = 5.5
_PT_PER_MM = 72 / 25.4


class Paper:
    """One A4 page being written; colours are six hexadecimal digits, as in the style sheet.

    ``usual`` are letters that other pages are likely to need as well, besides those of the interface.
    """

    def __init__(
        self,
        *,
        title: str,
        language: str,
        time: dt.datetime,
        program: str,
        usual: AbstractSet[str] = frozenset(),
    ) -> None:
        self._pdf = FPDF(unit="mm", format="A4")
        self._pdf.set_auto_page_break(auto=False)
        self._pdf.set_margin(0)
        self._pdf.c_margin = 0
        self._pdf.set_creation_date(time)
        self._pdf.set_lang(language)
        self._pdf.set_title(title)
        self._pdf.set_creator(program)
        self._usual = usual
        self._fonts: dict[str, Font] = {}
        self._asked_for: set[str] = set()
        # of each letter at hand, in thousandths of its size
        self._widths: dict[str, float] = {}
        self._add_fonts({" "})
        self._main, *_ = self._fonts
        self._pdf.set_font(self._main, size=8)
        self._pdf.add_page()

    def content(self) -> bytes:
        """Return the page as a PDF file; nothing can be written on it any more."""
        return bytes(self._pdf.output())

    def _shown(self, text: str) -> str:
        """Return a text in which every letter that no font has is an empty box."""
        if letters := set(text) - self._asked_for:
            self._asked_for |= letters
            self._add_fonts(letters)
            if not letters <= self._widths.keys():
                self._add_fonts({MISSING})
        return "".join(letter if letter in self._widths else MISSING for letter in text)

    def _add_fonts(self, letters: AbstractSet[str]) -> None:
        """Have fonts at hand that have some letters, as far as there are any."""
        for font in fonts_for(letters, self._usual):
            name = f"{font.family}{len(self._fonts)}".lower()
            if font not in self._fonts.values():
                file: Any = BytesIO(font.content)
                added = self._pdf.fonts[name] = TTFFont(self._pdf, file, name, "")
                # how far each letter reaches takes longer to find than all else, and no reader asks for it
                added.ttfont.recalcBBoxes = False
                self._fonts[name] = font
                self._widths.update((letter, added.cw[ord(letter)]) for letter in font.letters)
        if others := list(self._fonts)[1:]:
            self._pdf.set_fallback_fonts(others)

    def width(self, text: str, size_pt: float) -> float:
        """Return how wide a text is."""
        return sum(self._widths[letter] for letter in self._shown(text)) * size_pt / 1000 / _PT_PER_MM

    def cut(self, text: str, size_pt: float, width: float) -> str:
        """Return as much of a text as a width holds, with an ellipsis where that is not all."""
        if self.width(text, size_pt) <= width:
            return text
        too_long = bisect_left(range(len(text)), 1, key=lambda n: self.width(f"{text[:n]}…", size_pt) > width)
        return f"{text[: max(too_long - 1, 0)]}…"

    def text(  # noqa: PLR0913  # a text, where, and how it is set
        self,
        place: Place,
        text: str,
        *,
        size_pt: float,
        width: float | None = None,
        colour: str = INK,
        right: bool = False,
    ) -> None:
        """Write a line of text from a place on its base line, or up to it; smaller or cut where it does not fit."""
        text = self._shown(text)
        if width is not None:
            while size_pt > _SMALLEST_PT and self.width(text, size_pt) > width:
                size_pt -= 0.25
            text = self.cut(text, size_pt, width)
        x, y = place
        own_width = self.width(text, size_pt)
        # letters of the second font leave its size behind, unless the state is restored
        with self._pdf.local_context():
            self._pdf.set_font(self._main, size=size_pt)
            self._pdf.set_text_color(f"#{colour}")
            self._pdf.set_xy(x - own_width if right else x, y - 0.8 * size_pt / _PT_PER_MM)
            self._pdf.cell(own_width + 1, size_pt / _PT_PER_MM, text, align=Align.L)

    def paragraph(  # noqa: PLR0913  # a text, where, and how it is set
        self, place: Place, text: str, *, size_pt: float, width: float, colour: str = SOFT, link: str = ""
    ) -> float:
        """Write a text on as many lines as it needs, and return where the next one begins."""
        self._pdf.set_font(self._main, size=size_pt)
        with self._pdf.local_context():
            self._pdf.set_text_color(f"#{colour}")
            self._pdf.set_xy(*place)
            line = 1.3 * size_pt / _PT_PER_MM
            self._pdf.multi_cell(width, line, self._shown(text), align=Align.L, link=link)
        return float(self._pdf.get_y())

    def area(self, geometry: BaseGeometry, *, fill: str, opacity: float = 1.0) -> None:
        """Fill the polygons of a geometry, holes left out."""
        path = PaintedPath()
        path.style.fill_color, path.style.fill_opacity = _colour(fill), opacity
        path.style.stroke_color = None
        path.style.paint_rule = PathPaintRule.FILL_EVENODD
        path.style.intersection_rule = IntersectionRule.EVENODD
        outlines = [part for part in _parts(geometry) if isinstance(part, Polygon) and not part.is_empty]
        for outline in outlines:
            for ring in (outline.exterior, *outline.interiors):
                _trace(path, ring)
                path.close()
        if outlines:
            self._draw(path)

    def line(
        self, geometry: BaseGeometry, *, colour: str, width: float, dash: tuple[float, ...] = ()
    ) -> None:
        """Draw the lines and edges of a geometry."""
        path = PaintedPath()
        path.style.stroke_color, path.style.stroke_width = _colour(colour), width
        path.style.fill_color, path.style.auto_close = None, False
        path.style.stroke_dash_pattern = list(dash) or None
        path.style.stroke_cap_style, path.style.stroke_join_style = "round", "round"
        path.style.paint_rule = PathPaintRule.STROKE
        edges = geometry.boundary if geometry.geom_type.endswith("Polygon") else geometry
        lines = [part for part in _parts(edges) if isinstance(part, LineString) and not part.is_empty]
        for line in lines:
            _trace(path, line)
        if lines:
            self._draw(path)

    def _draw(self, path: PaintedPath) -> None:
        context = GraphicsContext()
        # the path is made for this one drawing; to copy it takes longer than to draw it
        context.add_item(path, clone=False)
        self._pdf.draw_path(context, copy=False)

    def dot(self, place: Place, *, radius: float, fill: str, edge: str) -> None:
        """Draw a filled circle with an edge."""
        self._pdf.set_fill_color(f"#{fill}")
        self._pdf.set_draw_color(f"#{edge}")
        self._pdf.set_line_width(0.25)
        self._pdf.circle(*place, radius, style="DF")


def _colour(colour: str) -> DeviceRGB:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return DeviceRGB(red, green, blue)


def _parts(geometry: BaseGeometry) -> Iterator[BaseGeometry]:
    if isinstance(geometry, BaseMultipartGeometry):
        for part in geometry.geoms:
            yield from _parts(part)
    else:
        yield geometry


def _trace(path: PaintedPath, line: LineString | LinearRing) -> None:
    (x, y), *rest = ((round(x, 3), round(y, 3)) for x, y in line.coords)
    path.move_to(x, y)
    for x, y in rest:
        path.line_to(x, y)
