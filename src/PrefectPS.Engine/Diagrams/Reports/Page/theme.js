"use strict";

/** Light or dark: what the system says, until the reader says otherwise. */
const Theme = {
  names: { "": "as the system has it", light: "light", dark: "dark" },

  button() {
    const button = Dom.button("", () => Theme.toggle(button), { class: "tool theme" },
      Dom.icon("M8 1.5a6.5 6.5 0 1 0 0 13zM8 1.5a6.5 6.5 0 0 1 0 13"));
    Theme.label(button);
    return button;
  },

  toggle(button) {
    const root = document.documentElement;
    const isDark = (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
    root.dataset.theme = isDark ? "light" : "dark";
    Theme.label(button);
  },

  label(button) {
    const label = `Switch between light and dark; now ${Theme.names[document.documentElement.dataset.theme ?? ""]}`;
    button.setAttribute("aria-label", label);
    button.title = label;
  },
};
