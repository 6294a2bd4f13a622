"use strict";

/** What went wrong, before anything else is looked at: the tasks that failed of themselves, with their errors. */
class Problems {
  static #shown = 5;

  constructor(run, element) {
    const failed = run.tasks.filter((task) => task.kind === "failed" && !run.childrenOf.has(task.index));
    const own = failed.filter((task) => task.state !== "TriggerFailed");
    const problems = own.length > 0 ? own : failed;
    if (problems.length === 0) return;

    this.run = run;
    this.list = Dom.make("ul.problems");
    this.rest = problems.slice(Problems.#shown);
    this.list.append(...problems.slice(0, Problems.#shown).map((task) => this.#item(task)));
    const followers = failed.length - problems.length;
    element.append(
      Dom.make("div.bar", null,
        Dom.make("h2", { id: "problems-title" }, `${Format.plural(problems.length, "task")} failed`),
        followers > 0 ? Dom.make("p.muted", null, `${Format.plural(followers, "other")} could not run because of that.`) : null),
      this.list);
    if (this.rest.length > 0) {
      this.more = Dom.button(`Show ${Format.count(this.rest.length)} more`, () => this.#showRest(), { class: "link" });
      element.append(this.more);
      addEventListener("beforeprint", () => this.#showRest());
    }

    element.hidden = false;
  }

  #showRest() {
    this.list.append(...this.rest.splice(0).map((task) => this.#item(task)));
    this.more.hidden = true;
  }

  #item(task) {
    const { error } = task;
    const place = error?.line === undefined ? null : error.script ? `${Format.fileName(error.script)}:${error.line}` : `line ${error.line}`;
    return Dom.make("li", null,
      Dom.make("div.problem", null,
        Dom.button(`Details of ${task.slug}`, () => this.run.select(task.index), { class: "link strong" }, Dom.own("bdi", task.slug)),
        Dom.badge(task.state),
        task.runs > 1 ? Dom.make("span.muted", null, `attempt ${task.runs}`) : null),
      Dom.own("p", error?.message ?? task.message),
      error?.text ? Dom.make("p.source", null, Dom.own("code", error.text), place ? Dom.make("span.muted", { title: error.script }, place) : null) : null,
      error?.stack ? Dom.make("pre.print-only", null, error.stack) : null);
  }
}
