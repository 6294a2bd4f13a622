"use strict";

/** A run as the page holds it: its tasks in the order of the table, what is known of its steps, and which tasks are asked for. */
class Run extends EventTarget {
  constructor(data) {
    super();
    Object.assign(this, data);
    this.kinds = new Map(data.states.map(({ name, kind }) => [name, kind]));
    this.tasks = data.tasks.map((task, index) => this.#complete(task, index));
    this.states = data.states.map(({ name }) => name).filter((name) => this.tasks.some((task) => task.state === name));
    this.childrenOf = Map.groupBy(this.tasks.filter((task) => task.parent !== undefined), (task) => task.parent);
    this.filter = { text: "", states: new Set(), group: null };
    this.selected = null;
  }

  /** A moment of the run, given in milliseconds since its start, as a date. */
  dateOf(ms) {
    return new Date(this.started + ms);
  }

  /** Changes what is asked for. */
  setFilter(change) {
    Object.assign(this.filter, change);
    this.dispatchEvent(new Event("filter"));
  }

  get isFiltered() {
    return this.filter.text !== "" || this.filter.states.size > 0 || this.filter.group !== null;
  }

  /** Whether a task is asked for: its state is one of those chosen, it is in the group chosen, and each word is found in it. */
  matches(task) {
    const { text, states, group } = this.filter;
    return (states.size === 0 || states.has(task.state))
      && (group === null || group.rows.has(task.index) || group.rows.has(task.parent))
      && (text === "" || text.toLowerCase().split(/\s+/).every((word) => task.words.includes(word)));
  }

  /** Shows a task, or none, in detail. */
  select(index) {
    this.selected = index;
    this.dispatchEvent(new Event("select"));
  }

  /** How many of these tasks are in each state, in the order of the states. */
  countStates(tasks) {
    const counts = new Map(this.states.map((state) => [state, 0]));
    for (const task of tasks) counts.set(task.state, counts.get(task.state) + 1);
    return [...counts].filter(([, count]) => count > 0);
  }

  /** What a node of the graph stands for: its tasks, or what one of them is made of. */
  partsOf(rows) {
    return rows.flatMap((row) => this.childrenOf.has(row) ? this.partsOf(this.childrenOf.get(row).map((task) => task.index)) : [this.tasks[row]]);
  }

  #complete(task, index) {
    const message = task.message === undefined ? "" : this.texts[task.message];
    const end = task.start !== undefined && task.duration !== undefined ? task.start + task.duration : undefined;
    const words = [task.slug, task.name, task.state, message, task.error?.message, task.error?.id, ...(task.tags ?? [])].join("\n").toLowerCase();
    return { runs: 1, upstream: [], ...task, index, message, end, words, kind: this.kinds.get(task.state) };
  }
}
