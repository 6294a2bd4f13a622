"use strict";

/** The axis of the timeline: milliseconds of the run to a length, with long idle times shortened where that is asked for. */
class TimeScale {
  static #longIdle = 0.08;
  static #shortIdle = 0.05;

  /**
   * @param {{start: number, end: number}[]} spans when something happened
   * @param {boolean} shortens whether long idle times are shortened
   */
  constructor(spans, shortens) {
    this.pieces = [];
    const busy = TimeScale.#merge(spans);
    const total = busy.reduce((sum, { start, end }) => sum + end - start, 0) || 1;
    let length = 0;
    busy.forEach(({ start, end }, index) => {
      const idle = index === 0 ? 0 : start - busy[index - 1].end;
      if (idle > 0) {
        const isLong = idle > total * TimeScale.#longIdle;
        const shown = shortens && isLong ? total * TimeScale.#shortIdle : idle;
        this.pieces.push({ start: start - idle, end: start, from: length, length: shown, isIdle: isLong });
        length += shown;
      }

      this.pieces.push({ start, end, from: length, length: end - start, isIdle: false });
      length += end - start;
    });
    this.length = length || 1;
  }

  /** Whether there is an idle time long enough to be shortened. */
  get hasLongIdle() {
    return this.pieces.some(({ isIdle }) => isIdle);
  }

  /** Where a time is on the axis. */
  at(time) {
    const piece = this.pieces.find(({ end }) => time <= end) ?? this.pieces.at(-1);
    if (!piece) return 0;
    const share = piece.end === piece.start ? 0 : (time - piece.start) / (piece.end - piece.start);
    return piece.from + piece.length * Math.min(1, Math.max(0, share));
  }

  /** Round times to be written on a part of the axis, at least so far from each other. */
  ticks(from, to, distance) {
    const step = TimeScale.#niceStep(distance);
    const ticks = [];
    for (const piece of this.pieces) {
      if (piece.from + piece.length < from || piece.from > to || (piece.isIdle && piece.length !== piece.end - piece.start)) continue;
      const start = piece.start + Math.max(0, from - piece.from);
      const end = Math.min(piece.end, piece.start + to - piece.from);
      for (let time = Math.ceil(start / step) * step; time <= end; time += step) {
        if (ticks.length === 0 || this.at(time) - ticks.at(-1).at >= distance) ticks.push({ time, at: this.at(time), step });
      }
    }

    return ticks;
  }

  static #merge(spans) {
    const merged = [];
    for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
      if (merged.length > 0 && start <= merged.at(-1).end) merged.at(-1).end = Math.max(merged.at(-1).end, end);
      else merged.push({ start, end });
    }

    return merged;
  }

  static #niceStep(least) {
    const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 15000, 30000, 60000, 120000, 300000, 600000, 900000, 1800000,
      3600000, 7200000, 10800000, 21600000, 43200000, 86400000];
    return steps.find((step) => step >= least) ?? Math.ceil(least / 86400000) * 86400000;
  }
}
