"""The puzzle on its page: frames of every shape, and all that lies around and over them; then what is cut out of it.

In: a Puzzle. Out: a View, the same window around panel A and around panel B, as livespot lays them onto each other: the
panels bare, with a little around them, or (as its search for the extent sees them) with up to 0.4 of their size.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.training.drawn.assets import Assets
from livespot.training.drawn.dice import Dice, Field, blur, grid
from livespot.training.drawn.scenes import Puzzle
from livespot.training.drawn.sprites import Sprite, any_sprite, paste, shape, sized

Mask = Field  # (h, w) float32, 0 to 1
SKINS = (120, 150, 205), (140, 175, 230), (60, 85, 130)  # BGR


@dataclass(eq=False)
class View:
    """a, b: (h, w, 3) float32. clean_a, clean_b: the same before anything hides the pictures, for the truth.

    tags: (h, w) uint8, see Puzzle. belongs_a, belongs_b: this pixel is of the picture, and nothing lies over it.
    seen: 0 where the photograph ends. doubtful: a thing over the rim that may be of the picture or of the page.
    """

    a: Field
    b: Field
    clean_a: Field
    clean_b: Field
    tags: NDArray[np.uint8]
    belongs_a: Mask
    belongs_b: Mask
    seen: Mask
    doubtful: Mask


def bare(dice: Dice, puzzle: Puzzle) -> View:
    """Two pictures without a page. By chance with a strip of something else, where the extent was too large."""
    h, w = puzzle.tags.shape
    whole = np.ones((h, w), np.float32)
    out = View(
        puzzle.a.copy(), puzzle.b.copy(), puzzle.a, puzzle.b, puzzle.tags,
        whole, whole.copy(), whole.copy(), np.zeros_like(whole),
    )  # fmt: skip
    if dice.chance(0.3):
        for picture, belongs in dice.pick([((out.a, out.belongs_a),), ((out.b, out.belongs_b),)]):
            for _ in range(dice.whole(1, 2)):
                strip = _strip(dice, (h, w))
                picture[:] = picture * (1 - strip[..., None]) + dice.paper() * strip[..., None]
                belongs *= 1 - strip
        out.belongs_a *= out.belongs_b
        out.belongs_b[:] = out.belongs_a
    return out


def _strip(dice: Dice, size: tuple[int, int]) -> Mask:
    h, w = size
    n, across = (h, w) if dice.chance(0.5) else (w, h)
    along = np.arange(n, dtype=np.float32)
    width = 1 + dice.real(0.003, 0.06) * max(h, w) + (along - n / 2) * dice.pick([0.0, dice.real(-0.05, 0.05)])
    strip = (np.arange(across, dtype=np.float32)[None] < width[:, None]).astype(np.float32)
    strip = strip[:, ::-1] if dice.chance(0.5) else strip
    return np.ascontiguousarray(strip if n == h else strip.T)


def outline(dice: Dice, size: tuple[int, int]) -> Mask:
    """A picture's shape in its box: straight, rounded, oval, a softened rectangle, wavy."""
    h, w = size
    mask = np.zeros((h, w), np.float32)
    way = dice.rng.random()
    if way < 0.6:
        return mask + 1
    if way < 0.76:
        r = int(min(h, w) * dice.real(0.02, 0.22)) + 1
        cv2.rectangle(mask, (r, 0), (w - 1 - r, h - 1), 1.0, -1)
        cv2.rectangle(mask, (0, r), (w - 1, h - 1 - r), 1.0, -1)
        for corner in ((r, r), (w - 1 - r, r), (r, h - 1 - r), (w - 1 - r, h - 1 - r)):
            cv2.circle(mask, corner, r, 1.0, -1, cv2.LINE_AA)
        return mask
    power = 1.0 if way < 0.82 else dice.real(0.25, 0.85)
    t = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    x, y = (np.sign(f) * np.abs(f) ** power for f in (np.cos(t), np.sin(t)))
    if way > 0.91:
        x = x * (1 + dice.real(0.01, 0.035) * np.sin(dice.whole(5, 24) * t)) / 1.035
        y = y * (1 + dice.real(0.01, 0.035) * np.sin(dice.whole(5, 24) * t)) / 1.035
    path = np.stack([(w - 1) / 2 * (1 + x), (h - 1) / 2 * (1 + y)], 1)
    cv2.fillPoly(mask, [(path * 16).round().astype(np.int32)], 1.0, cv2.LINE_AA, 4)
    return mask


class Sheet:
    """A page around two panels; places are px of panel A's corner. windows: of A and B, (y0, x0, y1, x1)."""

    def __init__(self, dice: Dice, assets: Assets, puzzle: Puzzle, margins: tuple[int, int, int, int]) -> None:
        self.dice, self.assets, self.puzzle = dice, assets, puzzle
        h, w = self.h, self.w = puzzle.tags.shape
        top, left, bottom, right = margins
        gap = 0 if dice.chance(0.2) else round(dice.real(0.01, 0.15) * w)
        layout = dice.rng.random()
        side, below = (w + gap, 0), (0, h + gap)
        away = dice.real(0.3, 1.0)
        self.b_at = side if layout < 0.5 else below if layout < 0.9 else (round(away * w), h + gap)
        dx, dy = self.b_at
        self.origin = left, top
        self.size = h + dy + top + bottom, w + dx + left + right
        self.windows = [np.s_[y : y + h + top + bottom, x : x + w + left + right] for x, y in ((0, 0), self.b_at)]
        self.page = np.empty((*self.size, 3), np.float32)
        self.page[:] = dice.paper()
        self.covered, self.doubtful = np.zeros(self.size, np.float32), np.zeros(self.size, np.float32)

    def at(self, x: int, y: int) -> tuple[int, int]:
        return x + self.origin[0], y + self.origin[1]

    def around(self) -> None:
        """Texture, text columns, titles, figures: before the panels are laid on the page."""
        dice, (h, w) = self.dice, self.size
        if dice.chance(0.3):
            self.page += dice.field((h, w), dice.whole(2, 30)) * dice.real(2, 20)
        if dice.chance(0.1):
            base = cv2.resize(dice.pick(self.assets.pictures), (w, h)).astype(np.float32)
            self.page += (base - self.page) * dice.real(0.2, 1)
        for _ in range(dice.whole(0, 4)):
            self._column()
        for _ in range(dice.whole(0, 9)):
            sprite = any_sprite(dice, self.assets, dice.real(0.04, 0.4) * self.w)
            paste(self.page, sprite, dice.whole(-20, w), dice.whole(-20, h))
        for _ in range(dice.whole(0, 2)):  # other pictures beside
            x, y, u, v = dice.whole(0, w), dice.whole(0, h), dice.whole(10, w // 2), dice.whole(10, h // 2)
            part = self.page[y : y + v, x : x + u]
            part[:] = cv2.resize(dice.pick(self.assets.pictures), (u, v))[: part.shape[0], : part.shape[1]]

    def _column(self) -> None:
        dice, (h, w) = self.dice, self.size
        x, y, wide = dice.whole(-20, w), dice.whole(-20, h), dice.whole(30, 200)
        step, tall = dice.whole(5, 16), dice.whole(1, 14)
        ink = dice.colour() * 0.4
        text = dice.pick(self.assets.texts)
        for k in range(tall):
            if dice.chance(0.5):
                text = dice.pick(self.assets.texts)
            line = sized(text, wide)[: step - 1].copy()
            line[..., :3] = ink
            paste(self.page, line, x, y + k * step)

    def panels(self) -> tuple[Mask, Field]:
        """Lay both pictures. Their shape (h, w), and what is seen of A's and B's picture: the puzzle's own pixels."""
        dice, (h, w) = self.dice, (self.h, self.w)
        shape_ = outline(dice, (h, w))
        ring = dice.whole(1, max(2, w // 40)) if dice.chance(0.55) else 0
        ink, places = dice.colour() * dice.pick([0.2, 1.0]), (self.at(0, 0), self.at(*self.b_at))
        padded = np.pad(shape_, ring)
        rim = cv2.dilate(padded, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * ring + 1,) * 2)) if ring else padded
        for (x, y), picture in zip(places, (self.puzzle.a, self.puzzle.b), strict=True):
            if ring:
                top, left = max(0, y - ring), max(0, x - ring)
                part = self.page[top : y + h + ring, left : x + w + ring]
                alpha = rim[top - y + ring :, left - x + ring :][: part.shape[0], : part.shape[1], None]
                part += (ink - part) * alpha
            part = self.page[y : y + h, x : x + w]
            part += (picture - part) * shape_[..., None]
        return shape_, ink

    def over(self) -> None:
        """Over a rim: panel letters, a page number, a title, figures; in one panel, or another in each."""
        dice, (h, w) = self.dice, (self.h, self.w)
        if dice.chance(0.45):  # the letters A and B, at the same place of both
            x = dice.pick([0, 0, w]) + dice.whole(-w // 14, w // 14)
            y = dice.pick([0, h, h]) + dice.whole(-h // 14, h // 14)
            size, plate = max(7, round(dice.real(0.04, 0.13) * w)), dice.whole(0, 2)
            colour = dice.paper()
            for place in (0, 1) if dice.chance(0.85) else (dice.whole(0, 1),):
                bx, by = self.b_at if place else (0, 0)
                self._sign(bx + x, by + y, size, plate, colour)
        for _ in range(dice.pick([0, 0, 0, 1, 1, 2, 3])):
            bx, by = self.b_at if dice.chance(0.5) else (0, 0)
            along = dice.real(-0.1, 1.1)
            x, y = dice.pick([(0.0, along), (1.0, along), (along, 0.0), (along, 1.0), (along, 1.0)])
            self._figure(bx + round(x * w), by + round(y * h))
        if dice.chance(0.2):  # a title along the top, over one or both
            text = sized(dice.pick(self.assets.texts), dice.real(0.4, 1.6) * w)
            self._put(text, dice.whole(-w // 6, w // 2), -round(text.shape[0] * dice.real(0.2, 1.0)))

    def _sign(self, x: int, y: int, size: int, plate: int, colour: Field) -> None:
        """A letter or number, centred, on a round or square plate or on nothing."""
        narrow = [t for t in (self.dice.pick(self.assets.texts) for _ in range(8)) if t.shape[1] < 1.6 * t.shape[0]]
        letter = sized((narrow or [self.dice.pick(self.assets.texts)])[0], size)
        if plate:
            r = int(size * 0.8)
            board = np.zeros((2 * r + 1, 2 * r + 1, 4), np.uint8)
            board[..., :3] = np.clip(colour, 0, 255)
            if plate == 1:
                alpha = np.zeros(board.shape[:2], np.uint8)
                cv2.circle(alpha, (r, r), r, 255, -1, cv2.LINE_AA)
                board[..., 3] = alpha
            else:
                board[..., 3] = 255
            self._put(board, x - r, y - r)
        self._put(letter, x - letter.shape[1] // 2, y - letter.shape[0] // 2)

    def _figure(self, x: int, y: int) -> None:
        """A cartoon figure, a number, a drop of colour, centred there; the first and last could be of the picture."""
        way, size = self.dice.rng.random(), self.dice.real(0.05, 0.3) * self.w
        figure: Sprite
        if way < 0.6:
            figure = sized(self.dice.pick(self.assets.cutouts), size)
        elif way < 0.8:
            figure = sized(self.dice.pick(self.assets.texts), size)
        else:
            figure = shape(self.dice, int(min(110, size)))
        where = self.covered if 0.6 <= way < 0.8 else self.doubtful
        self._put(figure, x - figure.shape[1] // 2, y - figure.shape[0] // 2, where)

    def _put(self, sprite: Sprite, x: int, y: int, where: Mask | None = None) -> None:
        laid = paste(self.page, sprite, *self.at(x, y))
        if laid is not None:
            ys, xs, alpha = laid
            where = self.covered if where is None else where
            np.maximum(where[ys, xs], alpha, out=where[ys, xs])

    def table(self) -> None:
        """The page ends: a table around it, seen where the window reaches beyond."""
        dice, (h, w) = self.dice, self.size
        base = dice.pick(self.assets.pictures)
        under = cv2.resize(base, (w, h)).astype(np.float32) if dice.chance(0.3) else np.zeros((h, w, 3), np.float32)
        if not under.any():
            under[:] = dice.colour() * dice.real(0.3, 1)
            under += dice.field((h, w), dice.whole(10, 80)) * dice.real(3, 25)
        (left, top), (bx, by) = self.origin, self.b_at
        right, bottom = left + self.w + bx, top + self.h + by
        x0, y0 = round(left * dice.real(0, 0.9)), round(top * dice.real(0, 0.9))
        x1, y1 = right + round((w - right) * dice.real(0.1, 1)), bottom + round((h - bottom) * dice.real(0.1, 1))
        corners = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]]) + dice.rng.integers(-6, 7, (4, 2))
        page = np.zeros((h, w), np.float32)
        cv2.fillPoly(page, [corners.astype(np.int32)], 1.0, cv2.LINE_AA)
        shadow = blur(page, dice.real(1, 8)) * dice.real(0, 0.5)
        self.page[:] = self.page * page[..., None] + under * ((1 - page) * (1 - shadow))[..., None]

    def hand(self) -> None:
        """Fingers that hold the page, from a side of it; they may reach into a picture."""
        dice, (h, w) = self.dice, self.size
        skin = np.array(dice.pick([*SKINS, (90, 120, 180)]), np.float32) * dice.real(0.7, 1.1)
        hand = np.zeros((h, w), np.float32)
        x, y = dice.pick([(0.0, dice.real(0, h)), (float(w), dice.real(0, h)), (dice.real(0, w), float(h))])
        angle = math.atan2(h / 2 - y, w / 2 - x) + dice.real(-0.4, 0.4)
        for _ in range(dice.whole(1, 4)):
            long, thick = dice.real(0.1, 0.4) * self.w, round(dice.real(0.05, 0.1) * self.w) + 2
            tip = int(x + long * math.cos(angle)), int(y + long * math.sin(angle))
            cv2.line(hand, (int(x), int(y)), tip, 1.0, thick, cv2.LINE_AA)
            x, y = x - thick * math.sin(angle), y + thick * math.cos(angle)
        hand, far = blur(hand, dice.real(0.6, 2)), blur(hand, 10)
        self.page *= (1 - 0.3 * far)[..., None]
        lit = skin * (0.65 + 0.35 * far)[..., None] + dice.field((h, w), 40) * 6
        self.page += (lit - self.page) * hand[..., None]
        np.maximum(self.covered, hand, out=self.covered)


def fingers(dice: Dice, picture: Field) -> None:
    """Up to four of them, drawn into a picture (h, w, 3)."""
    h, w = picture.shape[:2]
    skin = np.array(dice.pick(SKINS), np.float32) * dice.real(0.7, 1.1)
    for _ in range(dice.whole(0, 4)):
        ends = [(dice.whole(0, w), dice.whole(0, h)) for _ in range(2)]
        cv2.line(picture, ends[0], ends[1], [float(v) for v in skin], dice.whole(w // 30 + 2, w // 8), cv2.LINE_AA)


def anywhere(dice: Dice, assets: Assets, size: tuple[int, ...]) -> Field:
    """A table, a cloth, a room, fingers: what a held picture is photographed before."""
    h, w = size
    if dice.chance(0.4):
        base = dice.pick(assets.pictures)
        y, x = dice.whole(0, base.shape[0] // 2), dice.whole(0, base.shape[1] // 2)
        out = np.asarray(cv2.resize(base[y : y + h, x : x + w], (w, h)), np.float32)
    else:
        out = dice.colour() * dice.real(0.3, 1) + dice.field((h, w), dice.whole(3, 80)) * dice.real(3, 30)
    for _ in range(dice.whole(0, 6)):
        paste(out, any_sprite(dice, assets, dice.real(0.05, 0.5) * w), dice.whole(-20, w), dice.whole(-20, h))
    fingers(dice, out)
    return np.asarray(blur(np.asarray(out, np.float32), dice.real(0, 2)))


def on_page(dice: Dice, assets: Assets, puzzle: Puzzle, wide: bool) -> View:
    """wide: as the search for the extent sees it, with up to 0.4 of the panel around it; else a few hundredths."""
    h, w = puzzle.tags.shape
    most = dice.real(0.15, 0.4) if wide else 0.06
    m = tuple(round(dice.real(0.2 * most, most) * s) if dice.chance(0.65) else dice.whole(0, 2) for s in (h, w, h, w))
    sheet = Sheet(dice, assets, puzzle, (m[0], m[1], m[2], m[3]))
    sheet.around()
    shape_, _ = sheet.panels()
    clean = sheet.page.copy()
    sheet.over()
    if dice.chance(0.35 if wide else 0.1):
        sheet.table()
    if dice.chance(0.15):
        sheet.hand()
    wa, wb = sheet.windows
    a, b = sheet.page[wa].copy(), sheet.page[wb].copy()
    inside = np.pad(shape_, ((m[0], m[2]), (m[1], m[3])))
    seen = np.ones_like(inside)
    if dice.chance(0.25):  # two photographs: nothing around the one is around the other
        rim = cv2.dilate(inside, np.ones((3, 3), np.uint8))[..., None]
        for picture in (a, b):
            around = anywhere(dice, assets, inside.shape)
            picture += (around - picture) * (1 - rim)
    if wide and dice.chance(0.3):  # the photograph ends
        y, x = grid(seen.shape)
        cut = dice.real(0, m[1]) if dice.chance(0.5) else dice.real(0, m[0])
        seen[:] = (x >= cut) if dice.chance(0.5) else (y >= cut)
    return View(
        a, b, clean[wa], clean[wb],
        np.pad(puzzle.tags, ((m[0], m[2]), (m[1], m[3]))),
        inside * (1 - sheet.covered[wa]) * seen, inside * (1 - sheet.covered[wb]) * seen, seen,
        inside * np.maximum(sheet.doubtful[wa], sheet.doubtful[wb]),
    )  # fmt: skip
