"""Fourier transforms of many short lines at once, and of what two masked crops differ by over all shifts.

transformed   along the first axis, by Stockham's method: each step takes whole rows, so that many values go at once
differences   the masked squared difference of two crops at every shift (Padfield 2012), in one call
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from livespot.spotting.kernels.bands import Map, f32, kernel

PAIRS = 5  # of real fields, each pair transformed as one complex one
EVEN = f32(4096)  # times the count: as large as squares of grey levels, beside which it goes back


@kernel
def length_of(n: Any) -> Any:
    """The least length of twos and threes that n fits into, and at least 4."""
    length = max(n, 4)
    while True:
        rest = length
        while rest % 2 == 0:
            rest //= 2
        while rest % 3 == 0:
            rest //= 3
        if rest == 1:
            return length
        length += 1


@kernel
def _from(base: Any) -> Any:
    return min(max(base, 0), 1 << 40)


@kernel
def _two(xr: Any, xi: Any, at: Any, gap: Any, n: Any, w: Any, yr: Any, yi: Any, to: Any) -> None:
    at, gap, to, n = _from(at), _from(gap), _from(to), _from(n)
    wr, wi = w[0], w[1]
    for i in range(n):
        ar, ai, br, bi = xr[at + i], xi[at + i], xr[at + gap + i], xi[at + gap + i]
        yr[to + i], yi[to + i] = ar + br, ai + bi
        dr, di = ar - br, ai - bi
        yr[to + n + i], yi[to + n + i] = dr * wr - di * wi, dr * wi + di * wr


@kernel
def _three(xr: Any, xi: Any, at: Any, gap: Any, n: Any, w: Any, yr: Any, yi: Any, to: Any) -> None:
    at, gap, to, n = _from(at), _from(gap), _from(to), _from(n)
    wr, wi, vr, vi = w[0], w[1], w[2], w[3]
    for i in range(n):
        ar, ai = xr[at + i], xi[at + i]
        br, bi, cr, ci = xr[at + gap + i], xi[at + gap + i], xr[at + 2 * gap + i], xi[at + 2 * gap + i]
        sr, si = br + cr, bi + ci
        yr[to + i], yi[to + i] = ar + sr, ai + si
        mr, mi = ar - f32(0.5) * sr, ai - f32(0.5) * si
        tr, ti = f32(0.8660254) * (bi - ci), f32(-0.8660254) * (br - cr)
        pr, pi, qr, qi = mr + tr, mi + ti, mr - tr, mi - ti
        yr[to + n + i], yi[to + n + i] = pr * wr - pi * wi, pr * wi + pi * wr
        yr[to + 2 * n + i], yi[to + 2 * n + i] = qr * vr - qi * vi, qr * vi + qi * vr


@kernel
def _four(xr: Any, xi: Any, at: Any, gap: Any, n: Any, w: Any, yr: Any, yi: Any, to: Any) -> None:
    at, gap, to, n = _from(at), _from(gap), _from(to), _from(n)
    wr, wi, vr, vi, ur, ui = w[0], w[1], w[2], w[3], w[4], w[5]
    for i in range(n):
        ar, ai, br, bi = xr[at + i], xi[at + i], xr[at + gap + i], xi[at + gap + i]
        cr, ci = xr[at + 2 * gap + i], xi[at + 2 * gap + i]
        dr, di = xr[at + 3 * gap + i], xi[at + 3 * gap + i]
        sr, si, tr, ti = ar + cr, ai + ci, ar - cr, ai - ci
        er, ei, fr, fi = br + dr, bi + di, bi - di, dr - br
        yr[to + i], yi[to + i] = sr + er, si + ei
        pr, pi, qr, qi, gr, gi = tr + fr, ti + fi, sr - er, si - ei, tr - fr, ti - fi
        yr[to + n + i], yi[to + n + i] = pr * wr - pi * wi, pr * wi + pi * wr
        yr[to + 2 * n + i], yi[to + 2 * n + i] = qr * vr - qi * vi, qr * vi + qi * vr
        yr[to + 3 * n + i], yi[to + 3 * n + i] = gr * ur - gi * ui, gr * ui + gi * ur


@kernel
def turns_of(n: Any) -> Any:
    """cos and -sin of every n-th of a turn, (2, n) float32."""
    turns = np.empty((2, n), np.float32)
    for i in range(n):
        angle = 2.0 * np.pi * i / n
        turns[0, i], turns[1, i] = np.cos(angle), -np.sin(angle)
    return turns


@kernel
def transformed(re: Any, im: Any, n: Any, lanes: Any, turns: Any, re2: Any, im2: Any) -> Any:
    """The transform along the first axis of (n, lanes) float32, flat, by way of re2 and im2; whether it lies in them.

    n: of twos and threes. turns: turns_of(n).
    """
    w = np.empty(6, np.float32)
    left, stride, there = n, 1, False
    while left > 1:
        radix = 4 if left % 4 == 0 else (2 if left % 2 == 0 else 3)
        part, length = left // radix, stride * lanes
        for p in range(part):
            for j in range(1, radix):
                turn = j * p * (n // left) % n
                w[2 * j - 2], w[2 * j - 1] = turns[0, turn], turns[1, turn]
            at, gap, to = p * length, part * length, radix * p * length
            xr, xi, yr, yi = (re2, im2, re, im) if there else (re, im, re2, im2)
            if radix == 4:
                _four(xr, xi, at, gap, length, w, yr, yi, to)
            elif radix == 2:
                _two(xr, xi, at, gap, length, w, yr, yi, to)
            else:
                _three(xr, xi, at, gap, length, w, yr, yi, to)
        there = not there
        left, stride = part, stride * radix
    return there


def differences_reference(a: Map, b: Map, near: NDArray[np.uint8], rows: int, columns: int) -> tuple[Map, Map]:
    """The summed squared difference of the pixels that meet when A is shifted, and how many meet: (rows, columns)
    float32 each, of every shift, negative ones from the end.

    a, b: (h, w, 3) float32. near: (h, w) uint8, not empty, 1 where a pixel counts. By NumPy's transforms, on a grid of
    at least twice the crop's size.
    """
    mean = 0.5 * (a[near > 0].mean(axis=0, dtype=np.float64) + b[near > 0].mean(axis=0, dtype=np.float64))
    one, two = (a - mean) * near[..., None], (b - mean) * near[..., None]

    def spectrum(field: NDArray[Any]) -> NDArray[np.complex128]:
        return np.fft.fft2(field, (rows, columns))

    mask = spectrum(near)
    apart = mask * spectrum((one * one).sum(axis=2)).conj() + spectrum((two * two).sum(axis=2)) * mask.conj()
    for k in range(3):
        apart -= 2 * spectrum(two[..., k]) * spectrum(one[..., k]).conj()
    back = [np.fft.ifft2(s).real.astype(np.float32) for s in (apart, mask * mask.conj())]
    return back[0], back[1]


@kernel
def _fields(a: Any, b: Any, near: Any, re: Any, im: Any) -> None:
    """Pairs of fields (PAIRS, columns, h), turned over, 0 beyond the crop: the channels of A and of B, their squares,
    the mask; all of it less the mean colour and only in the mask.
    """
    h, w = near.shape
    mean, count = np.zeros(3, np.float64), 0
    for y in range(h):
        for x in range(w):
            if near[y, x] != 0:
                count += 1
                for k in range(3):
                    mean[k] += a[y, x, k] + b[y, x, k]
    for k in range(3):
        mean[k] /= 2 * count
    for y in range(h):
        for x in range(w):
            if near[y, x] == 0:
                continue
            square_a, square_b = f32(0), f32(0)
            for k in range(3):
                p, q = f32(a[y, x, k] - mean[k]), f32(b[y, x, k] - mean[k])
                re[k, x, y], im[k, x, y] = p, q
                square_a += p * p
                square_b += q * q
            re[3, x, y], im[3, x, y], re[4, x, y] = square_a, square_b, 1


@kernel
def _turned_over(values: Any, n: Any, m: Any, o: Any, pitch: Any) -> None:
    """(n, m) into (m, pitch), both flat."""
    for i in range(n):
        for j in range(m):
            o[j * pitch + i] = values[i * m + j]


@kernel
def _spectrum(re: Any, im: Any, rows: Any, columns: Any, o_re: Any, o_im: Any) -> None:
    """Of the pairs' spectra (PAIRS, rows * columns) that of the difference, plus i EVEN times that of the count."""
    for r in range(rows):
        opposite = (rows - r) % rows * columns
        for c in range(columns):
            i, j = r * columns + c, opposite + (columns - c) % columns
            ar, ai = f32(0.5) * (re[3, i] + re[3, j]), f32(0.5) * (im[3, i] - im[3, j])
            br, bi = f32(0.5) * (im[3, i] + im[3, j]), f32(0.5) * (re[3, j] - re[3, i])
            mr, mi = re[4, i], im[4, i]
            # the mask times A's squares conjugate, and B's squares times the mask's
            apart_r = mr * ar + mi * ai + br * mr + bi * mi
            apart_i = mi * ar - mr * ai + bi * mr - br * mi
            for k in range(3):
                ar, ai = re[k, i] + re[k, j], im[k, i] - im[k, j]
                br, bi = im[k, i] + im[k, j], re[k, j] - re[k, i]
                apart_r -= f32(0.5) * (br * ar + bi * ai)
                apart_i -= f32(0.5) * (bi * ar - br * ai)
            o_re[i], o_im[i] = apart_r, apart_i + EVEN * (mr * mr + mi * mi)


@kernel
def differences(a: Any, b: Any, near: Any) -> Any:
    """As differences_reference has them, on a grid of lengths that are quick."""
    h, w = near.shape
    rows, columns = length_of(2 * h), length_of(2 * w)
    size = rows * columns
    turns_down, turns_along = turns_of(rows), turns_of(columns)
    re, im = np.zeros((PAIRS, columns, h), np.float32), np.zeros((PAIRS, columns, h), np.float32)
    _fields(a, b, near, re, im)
    re2, im2 = np.empty(size, np.float32), np.empty(size, np.float32)
    spectra_re, spectra_im = np.zeros((PAIRS, size), np.float32), np.zeros((PAIRS, size), np.float32)
    for p in range(PAIRS):
        one, two = re[p].reshape(-1), im[p].reshape(-1)
        if transformed(one, two, columns, h, turns_along, re2, im2):
            one, two = re2, im2
        _turned_over(one, columns, h, spectra_re[p], columns)
        _turned_over(two, columns, h, spectra_im[p], columns)
        if transformed(spectra_re[p], spectra_im[p], rows, columns, turns_down, re2, im2):
            spectra_re[p] = re2
            spectra_im[p] = im2
    apart, count = np.empty(size, np.float32), np.empty(size, np.float32)
    _spectrum(spectra_re, spectra_im, rows, columns, apart, count)
    # forwards with both parts exchanged is backwards with both parts exchanged
    one, two = count, apart
    if transformed(one, two, rows, columns, turns_down, re2, im2):
        one, two = re2, im2
    over_re, over_im = np.empty(size, np.float32), np.empty(size, np.float32)
    _turned_over(one, rows, columns, over_re, rows)
    _turned_over(two, rows, columns, over_im, rows)
    if transformed(over_re, over_im, columns, rows, turns_along, re2, im2):
        over_re, over_im = re2, im2
    apart_map, count_map = np.empty((rows, columns), np.float32), np.empty((rows, columns), np.float32)
    share = f32(1.0 / size)
    for c in range(columns):
        for r in range(rows):
            apart_map[r, c] = over_im[c * rows + r] * share
            count_map[r, c] = over_re[c * rows + r] * share / EVEN
    return apart_map, count_map
