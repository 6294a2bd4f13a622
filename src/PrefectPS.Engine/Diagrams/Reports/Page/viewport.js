"use strict";

/** A frame that shows a part of something larger: it is moved by dragging, and made larger or smaller by wheel, buttons and keys. */
class Viewport {
  static #maxScale = 2;
  static #step = 1.25;
  static #readable = 0.45;
  static #padding = 24;

  /**
   * @param {HTMLElement} frame what is seen
   * @param {HTMLElement} content what is moved in it
   * @param {{width: number, height: number}} size of the content at scale 1
   */
  constructor(frame, content, size) {
    Object.assign(this, { frame, content, size, scale: 1, x: 0, y: 0 });
    this.zoomOutput = Dom.make("output.zoom", { "aria-live": "off" });
    frame.addEventListener("wheel", (event) => this.#onWheel(event), { passive: false });
    frame.addEventListener("pointerdown", (event) => this.#onPointerDown(event));
    frame.addEventListener("keydown", (event) => this.#onKey(event));
    new ResizeObserver(() => requestAnimationFrame(() => this.#onResize())).observe(frame);
    addEventListener("beforeprint", () => this.#fitForPrint());
    addEventListener("afterprint", () => this.#restoreAfterPrint());
  }

  /** The buttons that do what wheel and keys do. */
  tools() {
    return Dom.make("div.tools", { role: "group", "aria-label": "Zoom" },
      Dom.button("Zoom out", () => this.zoomBy(1 / Viewport.#step), { class: "tool" }, Dom.icon("M3 8h10")),
      this.zoomOutput,
      Dom.button("Zoom in", () => this.zoomBy(Viewport.#step), { class: "tool" }, Dom.icon("M3 8h10M8 3v10")),
      Dom.button("Fit to the frame", () => this.fit(), { class: "tool" }, Dom.icon("M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4")));
  }

  /** Makes the frame as high as what it shows needs, and no higher. */
  shrinkFrame() {
    const room = 2 * Viewport.#padding;
    this.width = this.frame.clientWidth;
    const scale = Math.max(Viewport.#readable, Math.min(1, (this.frame.clientWidth - room) / this.size.width));
    this.frame.style.setProperty("height", `${Math.round(this.size.height * scale + room)}px`); // within the bounds that the style sets
  }

  /** Shows all of it. */
  fit(width = this.frame.clientWidth, height = this.frame.clientHeight) {
    const room = 2 * Viewport.#padding;
    const scale = Math.min((width - room) / this.size.width, (height - room) / this.size.height, 1);
    this.#place(scale, (width - this.size.width * scale) / 2, (height - this.size.height * scale) / 2);
    this.isFitting = true;
  }

  /** Shows all of it where it can be read like that, else the part around a place. */
  show(place) {
    this.fit();
    if (this.scale >= Viewport.#readable) return;
    const scale = Viewport.#readable;
    const start = (length, size, at) => Math.min(Viewport.#padding, Math.max(length - size * scale - Viewport.#padding, length / 3 - at * scale));
    this.#place(scale, start(this.frame.clientWidth, this.size.width, place.x), start(this.frame.clientHeight, this.size.height, place.y));
  }

  /** Makes it larger or smaller; the point given, or the middle, stays where it is. */
  zoomBy(factor, at = { x: this.frame.clientWidth / 2, y: this.frame.clientHeight / 2 }) {
    const scale = Math.min(Viewport.#maxScale, Math.max(0.02, this.scale * factor));
    const change = scale / this.scale;
    this.#place(scale, at.x - (at.x - this.x) * change, at.y - (at.y - this.y) * change);
  }

  panBy(dx, dy) {
    this.#place(this.scale, this.x + dx, this.y + dy);
  }

  /** Moves it as little as needed for a part of it to be seen. */
  reveal({ x, y, width, height }) {
    const shift = (start, length, room) => Math.max(0, Viewport.#padding - start) || Math.min(0, room - Viewport.#padding - start - length);
    const dx = shift(this.x + x * this.scale, width * this.scale, this.frame.clientWidth);
    const dy = shift(this.y + y * this.scale, height * this.scale, this.frame.clientHeight);
    if (dx !== 0 || dy !== 0) this.panBy(dx, dy);
  }

  #place(scale, x, y) {
    Object.assign(this, { scale, x, y, isFitting: false });
    this.content.style.setProperty("transform", `translate(${x}px, ${y}px) scale(${scale})`);
    this.zoomOutput.textContent = `${Math.round(scale * 100)} %`;
  }

  #onResize() {
    if (this.beforePrint || this.frame.clientWidth === this.width) return;
    this.shrinkFrame();
    if (this.isFitting) this.fit();
  }

  // A page is narrower than a screen; what is printed is all of it.
  #fitForPrint() {
    this.beforePrint = { scale: this.scale, x: this.x, y: this.y, isFitting: this.isFitting };
    const [width, margin] = [680, 2 * Viewport.#padding];
    const height = Math.round(Math.min(480, Math.min(1, (width - margin) / this.size.width) * this.size.height + margin));
    this.frame.style.setProperty("height", `${height}px`);
    this.fit(width, height);
  }

  #restoreAfterPrint() {
    const { scale, x, y, isFitting } = this.beforePrint;
    this.beforePrint = null;
    this.shrinkFrame();
    this.#place(scale, x, y);
    this.isFitting = isFitting;
  }

  // The page itself is scrolled by the wheel, unless the reader is in here or holds the key that browsers zoom with.
  #onWheel(event) {
    if (!event.ctrlKey && !event.metaKey && !this.frame.contains(document.activeElement)) return;
    event.preventDefault();
    const frame = this.frame.getBoundingClientRect();
    this.zoomBy(Math.exp(-event.deltaY / 400), { x: event.clientX - frame.left, y: event.clientY - frame.top });
  }

  #onPointerDown(event) {
    if (event.button !== 0) return;
    let last = { x: event.clientX, y: event.clientY };
    let isDragging = false;
    const move = (moved) => {
      if (!isDragging && Math.hypot(moved.clientX - last.x, moved.clientY - last.y) < 4) return;
      if (!isDragging) this.frame.setPointerCapture(event.pointerId);
      isDragging = true;
      this.frame.classList.add("dragging");
      this.panBy(moved.clientX - last.x, moved.clientY - last.y);
      last = { x: moved.clientX, y: moved.clientY };
    };
    const end = () => {
      this.frame.removeEventListener("pointermove", move);
      this.frame.classList.remove("dragging");
    };
    this.frame.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) this.frame.addEventListener(name, end, { once: true });
  }

  #onKey(event) {
    const far = 60;
    const actions = {
      "+": () => this.zoomBy(Viewport.#step), "=": () => this.zoomBy(Viewport.#step), "-": () => this.zoomBy(1 / Viewport.#step), "0": () => this.fit(),
      ...(event.shiftKey && {
        ArrowLeft: () => this.panBy(far, 0), ArrowRight: () => this.panBy(-far, 0), ArrowUp: () => this.panBy(0, far), ArrowDown: () => this.panBy(0, -far),
      }),
    };
    if (event.ctrlKey || event.metaKey || event.altKey || !actions[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    actions[event.key]();
  }
}
