"use strict";

/** How times and numbers are written. */
const Format = {
  /** A length of time, in its two largest units: "350 ms", "4.2 s", "3 min 20 s", "2 d 4 h". */
  duration(ms) {
    if (ms < 1) return ms > 0 ? "< 1 ms" : "0 ms";
    if (ms < 1000) return `${Math.round(ms)} ms`;
    if (ms < 9950) return `${(ms / 1000).toFixed(1).replace(/\.0$/, "")} s`;
    const units = [["d", 86400000], ["h", 3600000], ["min", 60000], ["s", 1000]];
    const rounded = Math.round(ms / 1000) * 1000;
    const largest = units.findIndex(([, size]) => rounded >= size);
    let rest = rounded;
    return units.slice(largest, largest + 2).map(([unit, size]) => {
      const count = Math.floor(rest / size);
      rest -= count * size;
      return count > 0 ? `${count} ${unit}` : "";
    }).filter(Boolean).join(" ");
  },

  /** A moment, as people in the reader's place write it. */
  moment(time) {
    return new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" }).format(time);
  },

  /** The same without the day. */
  clock(time) {
    return new Intl.DateTimeFormat(undefined, { timeStyle: "medium" }).format(time);
  },

  /** The last part of a path, of Windows or not. */
  fileName(path) {
    return path.split(/[\\/]/).at(-1);
  },

  count(number) {
    return number.toLocaleString();
  },

  /** "1 task", "2 tasks" */
  plural(number, one, many = `${one}s`) {
    return `${Format.count(number)} ${number === 1 ? one : many}`;
  },
};
