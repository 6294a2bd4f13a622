"use strict";

/** The timeline: when each task ran, a row for each task, for each step with its budget, or for each worker. */
class Timeline {
  static #rowHeight = 28;
  static #least = 4;
  static #manyBars = 200;
  static #maxRowsSeen = 14;
  static #maxRowsPrinted = 60;
  static #widthPrinted = 540;

  constructor(run, element) {
    this.run = run;
    this.bars = run.tasks.flatMap((task) => Timeline.#barsOf(run, task)).sort((a, b) => a.start - b.start);
    this.modes = this.#modes();
    this.mode = this.#firstMode();
    this.shortens = true;
    if (this.bars.length === 0) {
      element.append(Dom.make("div.bar", null, Dom.make("h2", { id: "timeline-title" }, "Timeline")), Dom.make("p.empty", null, "No task has run yet."));
      return;
    }

    this.axis = Dom.make("div.axis", { "aria-hidden": "true" });
    this.rowsElement = Dom.make("div.rows");
    this.scroller = Dom.make("div.scroller", { role: "group", "aria-label": "When the tasks ran", "aria-describedby": "timeline-help", on: {
      scroll: () => this.#draw(), keydown: (event) => this.#onKey(event), pointerdown: (event) => this.#onPointerDown(event),
    } }, this.rowsElement);
    this.scroller.addEventListener("wheel", (event) => this.#onWheel(event), { passive: false });
    element.append(this.#bar(), Dom.make("div.timeline", null, this.axis, this.scroller), this.#legend());
    run.addEventListener("filter", () => this.#draw());
    run.addEventListener("select", () => this.#draw());
    new ResizeObserver(() => this.#draw()).observe(this.scroller);
    addEventListener("beforeprint", () => this.#print(true));
    addEventListener("afterprint", () => this.#print(false));
    this.#change();
  }

  // What is known of a task's runs: all of them with a history, else the last.
  static #barsOf(run, task) {
    if (task.start === undefined || run.childrenOf.has(task.index)) return [];
    const end = task.end ?? Math.max(task.start, run.made);
    return [...(task.attempts ?? []).map(({ start, duration, state, step }) => ({ task, start, end: start + duration, state, step, isEarlier: true })),
      { task, start: task.start, end, state: task.state, step: task.step ?? Timeline.#stepOf(run, task.start), isEarlier: false }];
  }

  static #stepOf(run, time) {
    return run.steps.find(({ start, end }) => start <= time && time <= end)?.number;
  }

  #modes() {
    const tasks = { name: "By task", rows: () => [...Map.groupBy(this.bars, ({ task }) => task)].map(([task, bars]) => ({ label: task.slug, bars })) };
    const workers = { name: "By worker", rows: () => Timeline.#lanes(this.bars).map((bars, index) => ({ label: `Worker ${index + 1}`, bars })) };
    const steps = { name: "By step", rows: () => this.run.steps.flatMap((step, index) => this.#rowsOfStep(step, index)) };
    return [tasks, ...(this.run.steps.length > 0 ? [steps] : []), workers];
  }

  // A row for each of very many tasks tells little.
  #firstMode() {
    const name = this.bars.length <= Timeline.#manyBars ? "By task" : this.run.steps.length > 1 ? "By step" : "By worker";
    return this.modes.find((mode) => mode.name === name);
  }

  #rowsOfStep(step, index) {
    const before = this.run.steps[index - 1];
    const idle = before && before.end < step.start ? { start: before.end, end: step.start } : null;
    const lanes = Timeline.#lanes(this.bars.filter((bar) => bar.step === step.number));
    const [first = [], ...others] = lanes;
    return [{ label: `Step ${step.number}`, note: this.#use(step), title: this.#limits(step), bars: first, step, idle }, ...others.map((bars) => ({ label: "", bars, step }))];
  }

  #use({ start, end, budget, open }) {
    const length = Format.duration(end - start);
    return open ? "no end known" : budget === undefined ? length : `${length} of ${Format.duration(budget)}`;
  }

  #limits(step) {
    const tasks = step.maxTasks === undefined ? "" : `, ${Format.plural(step.maxTasks, "task")} at most`;
    return `Step ${step.number}: ${this.#use(step)}${tasks}`;
  }

  // Bars that overlap lie in different lanes; each goes into the first that is free.
  static #lanes(bars) {
    const lanes = [];
    for (const bar of bars) {
      const lane = lanes.find((each) => each.at(-1).end <= bar.start);
      if (lane) lane.push(bar);
      else lanes.push([bar]);
    }

    return lanes;
  }

  #bar() {
    this.modeButtons = this.modes.map((mode) => Dom.button(mode.name, () => this.#change({ mode }), { "aria-pressed": "false" }));
    this.idleBox = Dom.make("input", { type: "checkbox", checked: true, on: { change: () => this.#change({ shortens: this.idleBox.checked }) } });
    this.idleLabel = Dom.make("label.check", null, this.idleBox, "Shorten idle time");
    const tool = (label, action, path) => Dom.button(label, action, { class: "tool" }, Dom.icon(path));
    return Dom.make("div.bar", null,
      Dom.make("h2", { id: "timeline-title" }, "Timeline"),
      Dom.make("div.segments", { role: "group", "aria-label": "Rows" }, this.modeButtons),
      this.idleLabel,
      Dom.make("div.tools", { role: "group", "aria-label": "Zoom" },
        tool("Zoom out of the timeline", () => this.#zoom(1.5), "M3 8h10"),
        tool("Zoom into the timeline", () => this.#zoom(1 / 1.5), "M3 8h10M8 3v10"),
        tool("Show the whole time", () => this.#show(0, this.scale.length), "M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4")));
  }

  #legend() {
    const notes = ["Ctrl and the wheel, or + and −, to zoom; drag to move. Arrow keys go from bar to bar, Enter shows its task."];
    if (this.run.step > 1 && this.run.steps.length === 0) notes.push("Which of the run's steps a task ran in is not known here.");
    if (this.run.steps.length > 1) notes.push("By step, a dotted line leads from the end of the step before.");
    if (this.run.steps.some(({ budget }) => budget !== undefined)) notes.push("By step, a frame shows the time that the step was given.");
    if (this.bars.some(({ isEarlier }) => isEarlier)) notes.push("Hatched bars are earlier attempts.");
    return Dom.make("p.hint", { id: "timeline-help" }, notes.join(" "));
  }

  #change(change = {}) {
    Object.assign(this, change);
    this.modes.forEach((mode, index) => this.modeButtons[index].setAttribute("aria-pressed", mode === this.mode));
    this.rows = this.mode.rows();
    this.scale = new TimeScale([...this.bars, ...this.run.steps], this.shortens);
    this.idleLabel.hidden = !this.scale.hasLongIdle;
    this.rowsElement.style.setProperty("height", `${this.rows.length * Timeline.#rowHeight}px`);
    this.scroller.style.setProperty("height", `${Math.min(this.rows.length, Timeline.#maxRowsSeen) * Timeline.#rowHeight}px`);
    this.#show(0, this.scale.length);
  }

  /** Shows a part of the axis, and no more than there is. */
  #show(from, to) {
    const length = Math.min(this.scale.length, Math.max(to - from, this.scale.length / 1e5));
    this.from = Math.min(Math.max(0, from), this.scale.length - length);
    this.to = this.from + length;
    this.#draw();
  }

  #zoom(factor, at = 0.5) {
    const length = (this.to - this.from) * factor;
    const fixed = this.from + (this.to - this.from) * at;
    this.#show(fixed - length * at, fixed + length * (1 - at));
  }

  #print(isPrinting) {
    this.isPrinting = isPrinting;
    this.#show(0, this.scale.length);
  }

  #draw() {
    if (this.isPrinting) {
      this.#drawRows(0, Timeline.#maxRowsPrinted, Timeline.#widthPrinted);
      return;
    }

    const top = Math.floor(this.scroller.scrollTop / Timeline.#rowHeight);
    this.#drawRows(top, top + Math.ceil(this.scroller.clientHeight / Timeline.#rowHeight) + 1);
  }

  #drawRows(first, end, width = this.rowsElement.clientWidth - this.#labelWidth) {
    const focused = this.scroller.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
    const pixels = width / (this.to - this.from);
    const x = (time) => (this.scale.at(time) - this.from) * pixels;
    this.#drawAxis(pixels, width);
    this.rowsElement.replaceChildren(...this.rows.slice(first, end).map((row, index) => this.#row(row, first + index, x, width)));
    const bars = [...this.rowsElement.querySelectorAll(".run")];
    const current = bars.find(({ dataset }) => dataset.key === focused) ?? bars[0];
    if (current) current.tabIndex = 0;
    if (focused !== undefined) current?.focus({ preventScroll: true });
  }

  get #labelWidth() {
    return parseFloat(getComputedStyle(this.scroller).getPropertyValue("--label")) || 0;
  }

  #drawAxis(pixels, width) {
    const ticks = this.scale.ticks(this.from, this.to, 96 / pixels);
    const idles = this.scale.pieces.filter(({ isIdle, from, length }) => isIdle && from + length >= this.from && from <= this.to);
    const edge = (at) => Math.min(width, Math.max(0, (at - this.from) * pixels));
    this.axis.replaceChildren(
      ...ticks.map(({ time, at, step }) => Dom.make("span.tick", { css: { left: `${(at - this.from) * pixels}px` } }, this.#tickText(time, step))),
      ...idles.map(({ start, end, from, length }) => Dom.make("span.idle", {
        title: `Idle for ${Format.duration(end - start)}`, css: { left: `${edge(from)}px`, width: `${Math.max(2, edge(from + length) - edge(from))}px` },
      }, this.#idleText(Format.duration(end - start), edge(from + length) - edge(from)))));
  }

  // A length that is cut off would be another one.
  #idleText(text, width) {
    return width < text.length * 6 + 8 ? null : Dom.make("span", null, text);
  }

  #tickText(time, step) {
    return time === 0 ? "0" : step < 1000 && time >= 1000 ? `${(time / 1000).toFixed(step < 10 ? 3 : step < 100 ? 2 : 1)} s` : Format.duration(time);
  }

  #row({ label, note, title, bars, step, idle }, index, x, width) {
    return Dom.make("div.row", { css: { top: `${index * Timeline.#rowHeight}px` } },
      Dom.make("div.label", { title: title ?? label }, Dom.own("span.name", label), note ? Dom.make("span.note", null, note) : null),
      Dom.make("div.lane", null,
        idle ? this.#span("pause", idle.start, idle.end, `Idle for ${Format.duration(idle.end - idle.start)}`, x, width) : null,
        step?.budget === undefined ? null : this.#span("budget", step.start, step.start + step.budget, `Budget ${Format.duration(step.budget)}`, x, width),
        this.#visible(bars, x, width).map((part) => this.#run(part, index))));
  }

  #span(kind, start, end, title, x, width) {
    const left = Math.max(0, x(start));
    const right = Math.min(width, x(end));
    return right <= left ? null : Dom.make(`div.${kind}`, { title, css: { left: `${left}px`, width: `${right - left}px` } });
  }

  // What is too narrow to be told apart becomes one bar for all, so that however many there are, few are drawn.
  #visible(bars, x, width) {
    const parts = [];
    for (const bar of bars) {
      const left = x(bar.start);
      const right = Math.max(x(bar.end), left + Timeline.#least);
      if (right < 0 || left > width) continue;
      const last = parts.at(-1);
      if (last && left < last.right && right - left <= Timeline.#least + 1 && last.right - last.left <= 6 * Timeline.#least) {
        last.bars.push(bar);
        last.right = Math.max(last.right, right);
      } else {
        parts.push({ bars: [bar], left: Math.max(-4, left), right: Math.min(width + 4, right) });
      }
    }

    return parts;
  }

  #run({ bars, left, right }, row) {
    const [{ task, start, end, state, isEarlier }] = bars;
    const isOne = bars.length === 1;
    const worst = isOne ? state : (bars.find((bar) => bar.task.kind === "failed") ?? bars[0]).state;
    const label = isOne ? `${task.slug}: ${state}, ${Format.duration(end - start)}, at ${Format.clock(this.run.dateOf(start))}` : `${Format.count(bars.length)} tasks from ${task.slug} on; show them larger`;
    const element = Dom.make(`button.run.state-${worst}`, {
      type: "button", tabindex: -1, title: label, "aria-label": label, "data-key": `${row}:${task.index}:${start}`, dir: "auto",
      css: { left: `${left}px`, width: `${right - left}px` }, on: { click: () => this.#open(bars) },
    }, isOne && right - left > 56 ? Dom.own("span", this.mode === this.modes[0] ? Format.duration(end - start) : task.slug) : null);
    element.classList.toggle("earlier", isEarlier);
    element.classList.toggle("dimmed", this.run.isFiltered && !bars.some((bar) => this.run.matches(bar.task)));
    element.classList.toggle("selected", bars.some((bar) => bar.task.index === this.run.selected));
    return element;
  }

  #open(bars) {
    if (bars.length === 1) {
      this.run.select(bars[0].task.index);
      return;
    }

    const from = this.scale.at(bars[0].start);
    const to = this.scale.at(Math.max(...bars.map(({ end }) => end)));
    this.#show(from - (to - from) * 0.1, to + (to - from) * 0.1);
  }

  #onKey(event) {
    const current = document.activeElement;
    const zoom = { "+": 1 / 1.5, "=": 1 / 1.5, "-": 1.5 }[event.key];
    const move = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || !(zoom || move || event.key === "0")) return;
    event.preventDefault();
    if (zoom) this.#zoom(zoom);
    else if (event.key === "0") this.#show(0, this.scale.length);
    else if (event.shiftKey) this.#show(this.from + move[1] * (this.to - this.from) / 8, this.to + move[1] * (this.to - this.from) / 8);
    else this.#focusBeside(current, ...move);
  }

  #focusBeside(current, down, right) {
    const lanes = [...this.rowsElement.children].map((row) => [...row.querySelectorAll(".run")]);
    const lane = lanes.findIndex((runs) => runs.includes(current));
    if (lane < 0) return;
    let target = lanes[lane][lanes[lane].indexOf(current) + right];
    if (down !== 0) {
      const at = current.getBoundingClientRect().left;
      const rows = down > 0 ? lanes.slice(lane + 1) : lanes.slice(0, lane).reverse();
      target = rows.find((runs) => runs.length > 0)?.reduce((a, b) => Math.abs(b.getBoundingClientRect().left - at) < Math.abs(a.getBoundingClientRect().left - at) ? b : a);
    }

    if (!target) return;
    current.tabIndex = -1;
    target.tabIndex = 0;
    target.focus({ preventScroll: true });
    target.closest(".row").scrollIntoView({ block: "nearest" });
  }

  #onWheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const box = this.rowsElement.getBoundingClientRect();
    const at = (event.clientX - box.left - this.#labelWidth) / (box.width - this.#labelWidth);
    this.#zoom(Math.exp(event.deltaY / 400), Math.min(1, Math.max(0, at)));
  }

  #onPointerDown(event) {
    if (event.button !== 0 || event.pointerType === "touch") return;
    let last = event.clientX;
    let isDragging = false;
    const move = (moved) => {
      if (!isDragging && Math.abs(moved.clientX - last) < 4) return;
      if (!isDragging) this.scroller.setPointerCapture(event.pointerId);
      isDragging = true;
      const shift = (last - moved.clientX) * (this.to - this.from) / (this.rowsElement.clientWidth - this.#labelWidth);
      last = moved.clientX;
      this.#show(this.from + shift, this.to + shift);
    };
    this.scroller.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) this.scroller.addEventListener(name, () => this.scroller.removeEventListener("pointermove", move), { once: true });
  }
}
