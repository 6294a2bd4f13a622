"use strict";

/** The graph: a box for each task, or for many that belong together, and lines to those that wait for them. */
class Graph {
  static #nodeSize = { width: 200, height: 52 };

  constructor(run, element) {
    this.run = run;
    this.nodes = run.graph.nodes.map((node, index) => this.#node(node, index));
    this.#link();
    this.frame = Dom.make("div.frame", { role: "group", "aria-label": "Graph of the tasks", "aria-describedby": "graph-help" });
    const { size } = run.graph;
    this.content = Dom.make("div.content", null, this.#edges(size), this.nodes.map(({ box }) => box));
    this.viewport = new Viewport(this.frame, this.content, size);
    this.frame.append(this.content);
    element.append(this.#bar(), this.frame, Dom.make("p.hint", { id: "graph-help" },
      "Drag to move; Ctrl and the wheel, or + and −, to zoom. Arrow keys go from task to task, Enter shows one.",
      run.outlined ? " Which task waits for which is in the flow, and not on record: Get-FlowRun $flow gets the run with it." : null));
    this.frame.addEventListener("keydown", (event) => this.#onKey(event));
    run.addEventListener("filter", () => this.#update());
    run.addEventListener("select", () => this.#update());
    if (this.nodes.length === 0) {
      element.replaceChildren(Dom.make("div.bar", null, Dom.make("h2", { id: "graph-title" }, "Graph")), Dom.make("p.empty", null, "This flow has no tasks."));
      return;
    }

    this.viewport.shrinkFrame();
    this.viewport.show(this.nodes.find(({ parts }) => parts.some(({ kind }) => kind === "failed")) ?? { x: 0, y: 0 });
  }

  #bar() {
    const tasks = this.run.tasks.filter((task) => task.parent === undefined).length;
    const text = this.nodes.length < tasks ? `${Format.plural(tasks, "task")} in ${Format.plural(this.nodes.length, "group")}` : Format.plural(tasks, "task");
    return Dom.make("div.bar", null, Dom.make("h2", { id: "graph-title" }, "Graph"), Dom.make("p.muted", null, text), this.viewport.tools());
  }

  #node({ x, y, tasks: rows }, index) {
    const parts = this.run.partsOf(rows);
    const first = this.run.tasks[rows[0]];
    const isOne = rows.length === 1;
    const name = isOne ? first.name ?? first.slug : `${first.slug} … ${this.run.tasks[rows.at(-1)].slug}`;
    const counts = this.run.countStates(parts);
    const isMany = !isOne || this.run.childrenOf.has(rows[0]);
    const state = this.#stateOf(isOne ? first : null, counts);
    const box = Dom.make(`button.node.state-${state}`, {
      type: "button", tabindex: index === 0 ? 0 : -1, title: name,
      css: { left: `${x}px`, top: `${y}px` }, on: { click: () => this.#open(index), focus: () => this.#onFocus(index) },
    },
    Dom.own("span.name", name),
    Dom.make("span.sub", null, isMany
      ? [Dom.make("span", null, Format.plural(parts.length, isOne ? "part" : "task")), StateBar.make(counts, parts.length)]
      : `${state}${first.duration === undefined ? "" : ` · ${Format.duration(first.duration)}`}${first.runs > 1 ? ` · ${first.runs} tries` : ""}`));
    if (isMany) box.classList.add("many");
    return { index, x, y, rows, parts, name, isOne, box, upstream: [], downstream: [], lines: [] };
  }

  // Of several the one that most asks for a look.
  #stateOf(task, counts) {
    if (task !== null && task.state !== "Mapped") return task.state;
    const order = ["failed", "running", "waiting", "finished"];
    return counts.map(([state]) => state).sort((a, b) => order.indexOf(this.run.kinds.get(a)) - order.indexOf(this.run.kinds.get(b)))[0] ?? task?.state;
  }

  #link() {
    for (const [from, to] of this.run.graph.edges) {
      this.nodes[from].downstream.push(to);
      this.nodes[to].upstream.push(from);
    }
  }

  #edges({ width, height }) {
    const lines = this.run.graph.edges.map(([from, to, points]) => {
      const line = Dom.svg("path.edge", { d: Graph.#way(points), "marker-end": "url(#arrow)" });
      this.nodes[from].lines.push(line);
      this.nodes[to].lines.push(line);
      return line;
    });
    const arrow = Dom.svg("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 3, refY: 4, markerWidth: 10, markerHeight: 10, markerUnits: "userSpaceOnUse", orient: "auto" },
      Dom.svg("path.arrow", { d: "M0 0.5L7 4L0 7.5z" }));
    return Dom.svg("svg.edges", { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" }, Dom.svg("defs", null, arrow), lines);
  }

  // Straight along the graph's direction, else in a curve that leaves and arrives along it.
  static #way([x, y, ...rest]) {
    let way = `M${x} ${y}`;
    for (; rest.length > 0; [x, y, ...rest] = rest) {
      const [toX, toY] = rest;
      const end = rest.length === 2 ? toX - 5 : toX; // room for the arrow
      const middle = (x + end) / 2;
      way += y === toY ? `L${end} ${toY}` : `C${middle} ${y} ${middle} ${toY} ${end} ${toY}`;
    }

    return way;
  }

  #open(index) {
    const node = this.nodes[index];
    if (node.isOne) this.run.select(node.rows[0]);
    else this.run.setFilter({ group: { name: node.name, rows: new Set(node.rows) } });
  }

  #onFocus(index) {
    for (const node of this.nodes) node.box.tabIndex = node.index === index ? 0 : -1;
    this.viewport.reveal({ ...this.nodes[index], ...Graph.#nodeSize });
  }

  #onKey(event) {
    const node = this.nodes.find(({ box }) => box === document.activeElement);
    if (!node || event.shiftKey) return;
    const column = this.nodes.filter(({ x }) => x === node.x).sort((a, b) => a.y - b.y);
    const beside = (offset) => column[column.indexOf(node) + offset]?.index;
    const targets = { ArrowRight: node.downstream[0], ArrowLeft: node.upstream[0], ArrowDown: beside(1), ArrowUp: beside(-1), Home: 0, End: this.nodes.length - 1 };
    if (!(event.key in targets)) return;
    event.preventDefault();
    this.nodes[targets[event.key]]?.box.focus({ preventScroll: true });
  }

  #update() {
    const { selected, isFiltered } = this.run;
    for (const { box, rows, parts, lines } of this.nodes) {
      const isSelected = selected !== null && (rows.includes(selected) || parts.some(({ index }) => index === selected));
      box.classList.toggle("dimmed", isFiltered && !parts.some((task) => this.run.matches(task)));
      box.classList.toggle("selected", isSelected);
      for (const line of lines) line.classList.remove("active");
    }

    for (const { box, lines } of this.nodes) {
      if (box.classList.contains("selected")) lines.forEach((line) => line.classList.add("active"));
    }
  }
}
