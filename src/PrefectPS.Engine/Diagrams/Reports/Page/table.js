"use strict";

/** The table of all tasks. However many there are, only the rows that are seen are in the page; all are when it is printed. */
class TaskTable {
  static #rowHeight = 40;
  static #maxHeight = 640;
  static #maxPrinted = 5000;

  constructor(run, element) {
    this.run = run;
    this.columns = this.#columns();
    this.sort = { column: null, isDescending: false };
    this.focusRow = 0;
    this.search = Dom.make("input", { type: "search", id: "search", placeholder: "Filter by name, message, tag …", autocomplete: "off", spellcheck: "false", on: {
      input: () => run.setFilter({ text: this.search.value.trim() }),
    } });
    this.found = Dom.make("p.muted", { role: "status" });
    this.clear = Dom.button("Clear filters", () => this.#clear(), { class: "link" });
    this.body = Dom.make("tbody");
    this.heads = this.columns.map((column) => this.#head(column));
    this.table = Dom.make("table", { "aria-labelledby": "tasks-title" }, Dom.make("thead", null, Dom.make("tr", { "aria-rowindex": 1 }, this.heads)), this.body);
    this.scroller = Dom.make("div.tablewrap", { on: { scroll: () => this.#draw(), keydown: (event) => this.#onKey(event) } }, this.table);
    this.empty = Dom.make("p.empty", { hidden: true });
    element.append(
      Dom.make("div.bar", null, Dom.make("h2", { id: "tasks-title" }, "Tasks"), this.found, this.clear,
        Dom.make("div.search", null, Dom.make("label.visually-hidden", { for: "search" }, "Filter the tasks"), this.search)),
      this.scroller, this.empty);
    run.addEventListener("filter", () => this.#update());
    run.addEventListener("select", () => this.#draw());
    new ResizeObserver(() => this.#draw()).observe(this.scroller);
    addEventListener("beforeprint", () => this.#print(true));
    addEventListener("afterprint", () => this.#print(false));
    this.#update();
  }

  #columns() {
    const { run } = this;
    const hasSteps = run.tasks.some((task) => task.step !== undefined);
    return [
      { name: "Task", value: (task) => task.slug, cell: (task, row) => this.#nameOf(task, row) },
      { name: "State", value: (task) => task.state, cell: (task) => Dom.badge(task.state) },
      { name: "Started", class: "number wide", value: (task) => task.start, cell: (task) => task.start === undefined ? "" : this.#startOf(task) },
      { name: "Duration", class: "number", value: (task) => task.duration, cell: (task) => task.duration === undefined ? "" : Format.duration(task.duration) },
      { name: "Attempts", class: "number wide", value: (task) => task.start === undefined ? undefined : task.runs, cell: (task) => task.start === undefined ? "" : String(task.runs) },
      ...(hasSteps ? [{ name: "Step", class: "number wide", value: (task) => task.step, cell: (task) => task.step === undefined ? "" : String(task.step) }] : []),
      { name: "Message", class: "message wide", value: (task) => task.message, cell: (task) => Dom.own("span.clip", task.message, { title: task.message }) },
    ];
  }

  #nameOf(task, row) {
    return Dom.make("button.link.clip", { type: "button", dir: "auto", title: task.slug, tabindex: row === this.focusRow ? 0 : -1, "data-row": row, on: {
      click: () => this.run.select(task.index), focus: () => this.#setFocusRow(row),
    } }, task.slug);
  }

  #startOf(task) {
    const date = this.run.dateOf(task.start);
    return Dom.make("time", { datetime: date.toISOString(), title: Format.moment(date) }, task.start < 1 ? "at once" : `+ ${Format.duration(task.start)}`);
  }

  #head(column) {
    return Dom.make("th", { scope: "col", class: column.class, "aria-sort": "none" },
      Dom.make("button", { type: "button", on: { click: () => this.#sortBy(column) } }, column.name, Dom.make("span.arrow", { "aria-hidden": "true" })));
  }

  // Up, down, and back to the order of the flow.
  #sortBy(column) {
    const isSame = this.sort.column === column;
    this.sort = isSame && this.sort.isDescending ? { column: null, isDescending: false } : { column, isDescending: isSame };
    this.columns.forEach((each, index) => this.heads[index].setAttribute("aria-sort",
      each !== this.sort.column ? "none" : this.sort.isDescending ? "descending" : "ascending"));
    this.#update();
  }

  #clear() {
    this.search.value = "";
    this.run.setFilter({ text: "", states: new Set(), group: null });
    this.search.focus();
  }

  #update() {
    const { run } = this;
    this.rows = run.tasks.filter((task) => run.matches(task));
    const { column, isDescending } = this.sort;
    if (column !== null) this.rows.sort((a, b) => TaskTable.#compare(column.value(a), column.value(b), isDescending) || a.index - b.index);
    const total = run.tasks.length;
    const group = run.filter.group === null ? "" : ` in the group ${run.filter.group.name}`;
    this.found.textContent = run.isFiltered ? `${Format.count(this.rows.length)} of ${Format.plural(total, "task")}${group}` : Format.plural(total, "task");
    this.clear.hidden = !run.isFiltered;
    this.empty.hidden = this.rows.length > 0;
    this.empty.textContent = total === 0 ? "This flow has no tasks." : "No task is like that.";
    this.scroller.hidden = this.rows.length === 0;
    this.table.setAttribute("aria-rowcount", this.rows.length + 1);
    this.focusRow = 0;
    this.scroller.style.setProperty("max-height", `${TaskTable.#maxHeight}px`);
    this.scroller.scrollTop = 0;
    this.#draw();
  }

  // What has no value comes last, whichever way.
  static #compare(a, b, isDescending) {
    if (a === undefined || b === undefined) return (a === undefined) - (b === undefined);
    const order = typeof a === "number" ? a - b : a.localeCompare(b, undefined, { numeric: true, sensitivity: "base" });
    return isDescending ? -order : order;
  }

  #print(isPrinting) {
    this.isPrinting = isPrinting;
    this.#draw();
  }

  #draw() {
    if (this.isPrinting) {
      this.#drawRows(0, TaskTable.#maxPrinted);
      return;
    }

    const height = Math.min(this.scroller.clientHeight, TaskTable.#maxHeight) || TaskTable.#maxHeight;
    const first = Math.max(0, Math.floor(this.scroller.scrollTop / TaskTable.#rowHeight) - 6);
    this.#drawRows(first, first + Math.ceil(height / TaskTable.#rowHeight) + 12);
  }

  #drawRows(first, end) {
    const hadFocus = this.body.contains(document.activeElement);
    const last = Math.min(end, this.rows.length);
    this.body.replaceChildren(
      ...this.#spacer(first),
      ...this.rows.slice(first, last).map((task, index) => this.#row(task, first + index)),
      ...this.#spacer(this.rows.length - last));
    if (!this.body.querySelector("[tabindex='0']")) this.body.querySelector("[data-row]")?.setAttribute("tabindex", 0);
    if (hadFocus) (this.body.querySelector(`[data-row='${this.focusRow}']`) ?? this.body.querySelector("[tabindex='0']"))?.focus({ preventScroll: true });
  }

  #spacer(rows) {
    return rows > 0 ? [Dom.make("tr.spacer", { "aria-hidden": "true", css: { height: `${rows * TaskTable.#rowHeight}px` } })] : [];
  }

  #row(task, row) {
    const element = Dom.make("tr", { "aria-rowindex": row + 2, on: { click: (event) => event.target.closest("button") ?? this.run.select(task.index) } },
      this.columns.map((column) => Dom.make(column.name === "Task" ? "th" : "td", { class: column.class, scope: column.name === "Task" ? "row" : null }, column.cell(task, row))));
    element.classList.toggle("selected", task.index === this.run.selected);
    element.classList.toggle("part", task.parent !== undefined);
    return element;
  }

  #setFocusRow(row) {
    if (row === this.focusRow) return;
    this.body.querySelector(`[data-row='${this.focusRow}']`)?.setAttribute("tabindex", -1);
    this.focusRow = row;
    this.body.querySelector(`[data-row='${row}']`)?.setAttribute("tabindex", 0);
  }

  #onKey(event) {
    const row = Number(document.activeElement?.dataset.row ?? NaN);
    const page = Math.max(1, Math.floor(this.scroller.clientHeight / TaskTable.#rowHeight) - 2);
    const targets = { ArrowDown: row + 1, ArrowUp: row - 1, PageDown: row + page, PageUp: row - page, Home: 0, End: this.rows.length - 1 };
    if (Number.isNaN(row) || !(event.key in targets)) return;
    event.preventDefault();
    this.#focus(Math.min(this.rows.length - 1, Math.max(0, targets[event.key])));
  }

  #focus(row) {
    const { scroller } = this;
    const head = this.table.tHead.offsetHeight;
    const top = row * TaskTable.#rowHeight;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top + TaskTable.#rowHeight + head > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = top + TaskTable.#rowHeight + head - scroller.clientHeight;
    this.#setFocusRow(row);
    this.#draw();
    this.body.querySelector(`[data-row='${row}']`)?.focus({ preventScroll: true });
  }
}
