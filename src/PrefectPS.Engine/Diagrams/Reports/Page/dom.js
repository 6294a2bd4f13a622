"use strict";

/**
 * Makes elements. Whatever comes from a run goes into text nodes and plain attributes: nothing of it is ever parsed as HTML, and
 * styles are set one property at a time, as the page's policy demands.
 */
const Dom = {
  /**
   * An HTML element.
   * @param {string} name its tag, with classes behind it: "p.muted.small"
   * @param {object} [attributes] attributes by name; "on" holds event listeners, "css" style properties; null and false leave one out
   * @param {...(Node|string|null)} children strings become text
   */
  make(name, attributes, ...children) {
    const [tag, ...classes] = name.split(".");
    return Dom.fill(document.createElement(tag), classes, attributes, children);
  },

  /** An SVG element. */
  svg(name, attributes, ...children) {
    const [tag, ...classes] = name.split(".");
    return Dom.fill(document.createElementNS("http://www.w3.org/2000/svg", tag), classes, attributes, children);
  },

  fill(element, classes, attributes, children) {
    if (classes.length > 0) element.classList.add(...classes);
    const { on = {}, css = {}, ...others } = attributes ?? {};
    for (const [name, value] of Object.entries(others)) {
      if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
    }
    for (const [event, listener] of Object.entries(on)) element.addEventListener(event, listener);
    for (const [property, value] of Object.entries(css)) element.style.setProperty(property, value);
    element.append(...children.flat().filter((child) => child !== null && child !== undefined));
    return element;
  },

  /** Text of a run's own, such as a name: in its own direction, whatever the page's. */
  own(name, text, attributes) {
    return Dom.make(name, { dir: "auto", ...attributes }, text);
  },

  /** The name of a state with its colour beside it. */
  badge(state, attributes) {
    return Dom.make(`span.badge.state-${state}`, attributes, Dom.make("span.dot", { "aria-hidden": "true" }), state);
  },

  button(label, onClick, attributes, ...content) {
    return Dom.make("button", { type: "button", "aria-label": content.length > 0 ? label : null, title: content.length > 0 ? label : null, on: { click: onClick }, ...attributes },
      ...(content.length > 0 ? content : [label]));
  },

  /** A small drawing for a button. */
  icon(path) {
    return Dom.svg("svg.icon", { viewBox: "0 0 16 16", "aria-hidden": "true" }, Dom.svg("path", { d: path }));
  },

  /** Tells a screen reader what has changed elsewhere on the page. */
  announce(text) {
    document.getElementById("announcer").textContent = text;
  },
};
