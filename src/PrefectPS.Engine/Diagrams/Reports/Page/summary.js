"use strict";

/** The head of the page: which run this is, how it stands, and how many tasks are in which state. The counts are filters. */
class Summary {
  constructor(run, element) {
    this.run = run;
    this.chips = new Map();
    element.append(this.#heading(), this.#facts(), ...this.#parameters(), ...this.#requests(), this.#counts());
    run.addEventListener("filter", () => this.#update());
  }

  #heading() {
    const { run } = this;
    const flow = run.title === run.flow ? null : Dom.make("p.eyebrow", null, "Flow ", Dom.own("bdi", run.flow));
    return Dom.make("div.heading", null,
      Dom.make("div", null, flow ?? Dom.make("p.eyebrow", null, "Flow run"), Dom.own("h1", run.title)),
      Dom.badge(run.state, { class: `badge large state-${run.state}` }),
      Theme.button());
  }

  #facts() {
    const { run } = this;
    const facts = [
      ["Run", Dom.own("code", run.runId)],
      ["Started", this.#time(0)],
      run.ended === undefined ? null : [run.kinds.get(run.state) === "waiting" ? "Last task ended" : "Ended", this.#time(run.ended)],
      run.ended === undefined ? null : ["Took", Format.duration(run.ended)],
      ["Steps", Format.count(run.step)],
      run.steps.length < 2 ? null : ["Idle between steps", Format.duration(this.#idle())],
      run.nextStart === undefined ? null : ["Goes on", this.#time(run.nextStart)],
    ].filter(Boolean);
    return Dom.make("div.facts", null,
      Dom.own("p.message", run.message),
      Dom.make("dl", null, facts.map(([name, value]) => Dom.make("div", null, Dom.make("dt", null, name), Dom.make("dd", null, value)))));
  }

  #idle() {
    return this.run.steps.slice(1).reduce((sum, { start }, index) => sum + Math.max(0, start - this.run.steps[index].end), 0);
  }

  #parameters() {
    const { parameters } = this.run;
    if (parameters.length === 0) return [];
    return [Dom.make("dl.parameters", { "aria-label": "Parameters" },
      parameters.map(([name, value]) => Dom.make("div", null, Dom.own("dt", name), Dom.make("dd", null, Dom.own("code", value, { title: value })))))];
  }

  /** Who has stopped, suspended, resumed or edited the run, or sent it an event, and when. */
  #requests() {
    const { requests } = this.run;
    if (requests.length === 0) return [];
    return [Dom.make("ul.requests", { "aria-label": "Asked of the run" },
      requests.map(({ time, message }) => Dom.make("li", null, this.#time(time), " ", Dom.own("span", message))))];
  }

  #counts() {
    const { run } = this;
    const counts = run.countStates(run.tasks);
    for (const [state, count] of counts) {
      this.chips.set(state, Dom.make(`button.chip.state-${state}`, { type: "button", "aria-pressed": "false", on: { click: () => this.#toggle(state) } },
        Dom.make("span.dot", { "aria-hidden": "true" }), state, Dom.make("b", null, Format.count(count))));
    }

    this.all = Dom.make("button.chip", { type: "button", "aria-pressed": "true", on: { click: () => run.setFilter({ states: new Set() }) } },
      "All", Dom.make("b", null, Format.count(run.tasks.length)));
    return Dom.make("div.counts", null, counts.length === 0 ? null : StateBar.make(counts, run.tasks.length),
      Dom.make("div.chips", { role: "group", "aria-label": "Show only tasks in these states" }, this.all, ...this.chips.values()));
  }

  #toggle(state) {
    const states = new Set(this.run.filter.states);
    if (!states.delete(state)) states.add(state);
    this.run.setFilter({ states });
  }

  #update() {
    const { states } = this.run.filter;
    for (const [state, chip] of this.chips) chip.setAttribute("aria-pressed", states.has(state));
    this.all.setAttribute("aria-pressed", states.size === 0);
  }

  #time(ms) {
    const date = this.run.dateOf(ms);
    return Dom.make("time", { datetime: date.toISOString() }, Format.moment(date));
  }
}

/** A bar divided by how many are in each state. */
const StateBar = {
  make(counts, total) {
    const label = counts.map(([state, count]) => `${Format.count(count)} ${state}`).join(", ");
    return Dom.make("div.statebar", { role: "img", "aria-label": label, title: label },
      counts.map(([state, count]) => Dom.make(`span.state-${state}`, { css: { "flex-grow": count / total } })));
  },
};
