"use strict";

/** All that is known of one task, beside the rest of the page. */
class Details {
  static #maxLinks = 30;

  constructor(run, element) {
    this.run = run;
    this.element = element;
    this.opener = null;
    run.addEventListener("select", () => this.#show());
    addEventListener("keydown", (event) => {
      if (event.key === "Escape" && run.selected !== null) run.select(null);
    });
  }

  #show() {
    const { run, element } = this;
    const wasOpen = !element.hidden;
    if (!wasOpen) this.opener = document.activeElement;
    element.hidden = run.selected === null;
    document.body.classList.toggle("with-details", !element.hidden);
    if (element.hidden) {
      this.#returnFocus();
      return;
    }

    const task = run.tasks[run.selected];
    const heading = Dom.own("h2", task.slug, { id: "details-title", tabindex: -1 });
    element.replaceChildren(
      Dom.make("div.top", null, heading, Dom.button("Close", () => run.select(null), { class: "tool" }, Dom.icon("M4 4l8 8M12 4l-8 8"))),
      Dom.make("div.body", null, this.#parts(task)));
    element.scrollTop = 0;
    heading.focus({ preventScroll: true });
  }

  // To where it was opened from: the row may have been drawn anew meanwhile.
  #returnFocus() {
    const { opener } = this;
    const key = opener?.dataset?.row !== undefined ? `[data-row="${opener.dataset.row}"]` : opener?.dataset?.key !== undefined ? `[data-key="${opener.dataset.key}"]` : null;
    const target = opener?.isConnected ? opener : key === null ? null : document.querySelector(key);
    (target ?? document.getElementById("tasks")).focus({ preventScroll: true });
  }

  #parts(task) {
    return [
      Dom.make("p", null, Dom.badge(task.state)),
      task.message === "" || task.message === task.error?.message ? null : Dom.own("p.message", task.message),
      this.#facts(task),
      ...this.#error(task),
      ...this.#result(task),
      ...this.#children(task),
      ...this.#history(task),
      ...this.#log(task),
      ...this.#links("Waits for", task.parent === undefined || task.upstream.length > 0 ? task.upstream : this.run.tasks[task.parent].upstream),
      ...this.#links("Waited for by", this.#downstreamOf(task)),
    ];
  }

  #facts(task) {
    const { run } = this;
    const facts = [
      task.name === undefined ? null : ["Name", Dom.own("span", task.name)],
      task.start === undefined ? null : ["Started", `${Format.moment(run.dateOf(task.start))} (+ ${Format.duration(task.start)})`],
      task.end === undefined ? null : ["Ended", Format.moment(run.dateOf(task.end))],
      task.duration === undefined ? null : ["Took", Format.duration(task.duration)],
      task.due === undefined ? null : ["Due", Format.moment(run.dateOf(task.due))],
      task.step === undefined ? null : ["Step", String(task.step)],
      task.runs > 1 ? ["Attempt", String(task.runs)] : null,
      task.loops === undefined ? null : ["Loop pass", String(task.loops)],
      task.parent === undefined ? null : ["Part of", this.#link(task.parent)],
      task.tags === undefined ? null : ["Tags", task.tags.map((tag) => Dom.own("span.tag", tag))],
    ].filter(Boolean);
    return facts.length === 0 ? null : Dom.make("dl", null, facts.map(([name, value]) => Dom.make("div", null, Dom.make("dt", null, name), Dom.make("dd", null, value))));
  }

  #error({ error }) {
    if (error === undefined) return [];
    const place = [error.script, error.line === undefined ? null : `line ${error.line}`].filter(Boolean).join(", ");
    return [
      Dom.make("h3", null, "Error"),
      Dom.own("p.error", error.message),
      place || error.text ? Dom.make("p.source", null, error.text ? Dom.own("code", error.text) : null, Dom.own("span.muted", place)) : null,
      error.id || error.type ? Dom.make("p.muted.small", null, [error.id, error.type].filter(Boolean).join(" · ")) : null,
      error.stack ? Dom.make("details", null, Dom.make("summary", null, "Stack"), Dom.make("pre", { tabindex: 0 }, error.stack)) : null,
    ];
  }

  #result({ result }) {
    if (result === undefined) return [];
    return [
      Dom.make("h3", null, "Result"),
      result.secret ? Dom.make("p.muted", null, "Secret: it is never written.") : null,
      result.text === undefined ? null : Dom.own("pre", result.text, { tabindex: 0 }),
      result.cut ? Dom.make("p.muted.small", null, `Only its first ${Format.count(result.text.length)} characters.`) : null,
      result.location === undefined ? null : Dom.make("p.small", null, Dom.make("span.muted", null, "In the store at "), Dom.own("code", result.location)),
    ];
  }

  #children(task) {
    const parts = this.run.childrenOf.get(task.index);
    if (parts === undefined) return [];
    return [
      Dom.make("h3", null, Format.plural(parts.length, "part")),
      StateBar.make(this.run.countStates(parts), parts.length),
      Dom.make("p", null, Dom.button("Show them in the table", () => this.#filter(task), { class: "link" })),
    ];
  }

  #filter(task) {
    this.run.select(null);
    this.run.setFilter({ group: { name: task.slug, rows: new Set([task.index]) } });
    document.getElementById("tasks").scrollIntoView();
  }

  #history({ history }) {
    if (history === undefined) return [];
    return [
      Dom.make("h3", null, "History"),
      Dom.make("ol.history", null, history.map(([time, state, step, message]) => Dom.make("li", null,
        Dom.make("span.when", { title: Format.moment(this.run.dateOf(time)) }, `+ ${Format.duration(time)}`),
        Dom.badge(state),
        Dom.make("span.muted.small", null, `step ${step}`),
        message === undefined ? null : Dom.own("p.muted.small", this.run.texts[message])))),
    ];
  }

  #log({ log, logCut }) {
    if (log === undefined) return [];
    return [
      Dom.make("h3", null, "Log"),
      logCut === undefined ? null : Dom.make("p.muted.small", null, `The last ${Format.count(log.length)} of ${Format.plural(log.length + logCut, "line")}.`),
      Dom.make("ol.log", null, log.map(([time, stream, text]) => Dom.make("li", null,
        Dom.make("span.when", { title: Format.moment(this.run.dateOf(time)) }, `+ ${Format.duration(time)}`),
        Dom.make("span.muted.small", null, stream === "StandardError" ? "standard error" : stream.toLowerCase()),
        Dom.own("code", text)))),
    ];
  }

  #links(title, rows) {
    if (rows.length === 0) return [];
    const more = rows.length - Details.#maxLinks;
    return [
      Dom.make("h3", null, title),
      Dom.make("ul.links", null, rows.slice(0, Details.#maxLinks).map((row) => Dom.make("li", null, this.#link(row))),
        more > 0 ? Dom.make("li.muted", null, `and ${Format.count(more)} more`) : null),
    ];
  }

  #link(row) {
    const { slug, state } = this.run.tasks[row];
    return Dom.make(`button.link.state-${state}`, { type: "button", on: { click: () => this.run.select(row) } }, Dom.make("span.dot", { "aria-hidden": "true" }), Dom.own("bdi", slug));
  }

  #downstreamOf(task) {
    this.downstream ??= Map.groupBy(this.run.tasks.flatMap(({ index, upstream }) => upstream.map((from) => ({ from, index }))), ({ from }) => from);
    return (this.downstream.get(task.index) ?? []).map(({ index }) => index);
  }
}
