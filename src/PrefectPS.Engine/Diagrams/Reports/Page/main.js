"use strict";

// The page as a whole: the run that its data tells of, and each part at its place.
{
  const run = new Run(JSON.parse(document.getElementById("data").textContent));
  const at = (id) => document.getElementById(id);
  new Summary(run, at("summary"));
  new Problems(run, at("problems"));
  new Graph(run, at("graph"));
  new Timeline(run, at("timeline"));
  new TaskTable(run, at("tasks"));
  new Details(run, at("details"));
  at("colophon").append(`Made by PrefectPS on ${Format.moment(run.dateOf(run.made))}`);
  document.documentElement.dataset.ready = "true";
}
