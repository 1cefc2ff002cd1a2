/**
 * The script of a page: it zooms, pans, and shows what is written in the picture's titles. It draws nothing of its own, asks nobody, and
 * a page without it is whole. It is JavaScript for browsers, in a text, because nothing here may know a browser; the linter reads it too.
 *
 * In its words a view is what is shown of a run, from one moment to another, ns. Everything with `data-from` and `data-until`, or
 * `data-at`, is placed anew when the view changes; `data-zoom` is a view that a click asks for.
 */
export const VIEWER = `for (const chart of document.querySelectorAll(".chart")) show(chart);

function show(chart) {
  const SHORTEST_NS = 2000;
  const endNs = Number(chart.dataset.end);
  const steps = JSON.parse(chart.dataset.steps);
  const axis = chart.querySelector(".axis .plot");
  const range = chart.querySelector(".range");
  const ticks = axis.querySelector(".ticks");
  const grid = axis.querySelector(".grid");
  const tools = document.getElementById(chart.dataset.tools);
  const tip = document.body.appendChild(document.createElement("div"));
  const cursor = chart.appendChild(document.createElement("div"));
  let from = 0;
  let until = endNs;
  let planned = false;
  /** While it is printed; else 0. */
  let paperWidth = 0;

  const things = [...chart.querySelectorAll("[data-from], [data-at]")].map((element) => {
    const { from: first, until: last, at, cut } = element.dataset;
    const text = element.querySelector("text");
    return {
      element,
      from: Number(first ?? at),
      until: Number(last ?? at),
      isLine: element.localName === "line",
      fold: element.closest("details"),
      isMark: first === undefined,
      room: text === null || cut !== undefined ? 0 : text.textContent.length * Number(chart.dataset.letter) + 8,
    };
  });
  const curves = [...chart.querySelectorAll(".curves")];
  const told = things.filter(({ isLine }) => !isLine).sort((a, b) => a.from - b.from || a.until - b.until);
  for (const { element } of told) {
    const title = element.querySelector("title");
    element.setAttribute("aria-label", title.textContent);
    element.setAttribute("role", "img");
    element.setAttribute("tabindex", "-1");
    title.remove();
  }
  for (const name of chart.querySelectorAll(".name[title]")) name.setAttribute("aria-hidden", "true");

  tip.className = "tip";
  tip.hidden = true;
  cursor.className = "cursor";
  cursor.hidden = true;
  cursor.append(document.createElement("span"));
  chart.classList.add("live");
  chart.tabIndex = 0;
  tools.hidden = false;

  function seconds(ns, decimals) {
    return (ns / 1e9).toFixed(decimals) + " s";
  }

  /** Decimals that tell moments apart which are a pixel apart. */
  function decimals() {
    const pixelNs = (until - from) / axis.getBoundingClientRect().width;
    return pixelNs > 5e6 ? 2 : pixelNs > 5e5 ? 3 : pixelNs > 5e3 ? 5 : 7;
  }

  function view(nextFrom, nextUntil) {
    const span = Math.min(endNs, Math.max(SHORTEST_NS, nextUntil - nextFrom));
    from = Math.min(endNs - span, Math.max(0, nextFrom));
    until = from + span;
    if (planned) return;
    planned = true;
    requestAnimationFrame(place);
  }

  /** At \`around\` (0 to 1 of the width) everything stays where it is. */
  function zoom(factor, around) {
    const fixed = from + (until - from) * around;
    view(fixed - (fixed - from) * factor, fixed + (until - fixed) * factor);
  }

  function pan(share) {
    const by = (until - from) * share;
    view(Math.min(from + by, endNs - (until - from)), Math.min(until + by, endNs));
  }

  function place() {
    planned = false;
    const span = until - from;
    const width = paperWidth || axis.getBoundingClientRect().width;
    // Not laid out yet: told again when it is.
    if (width === 0) return;
    const percent = (ns) => (100 * (ns - from)) / span + "%";
    for (const thing of things) {
      const { element, isMark, isLine, fold } = thing;
      if (fold !== null && !fold.open) continue;
      const isOff = thing.until < from || thing.from > until;
      element.classList.toggle("off", isOff);
      if (isLine) {
        element.setAttribute("x1", isOff ? "-1%" : percent(thing.from));
        element.setAttribute("x2", isOff ? "-1%" : percent(thing.from));
      } else if (isMark && !isOff) {
        element.setAttribute("x", percent(thing.from));
      } else if (!isOff) {
        // What reaches beyond the view begins at its edge: so its label stays in sight.
        const first = Math.max(thing.from, from);
        const last = Math.min(thing.until, until);
        const share = Math.max((last - first) / span, 1.5 / width);
        element.setAttribute("x", percent(first));
        // In shares, so that paper is filled as well.
        element.setAttribute("width", 100 * share + "%");
        element.classList.toggle("tight", share * width < thing.room);
      }
    }
    for (const curve of curves) {
      const parts = Number(curve.dataset.parts) / endNs;
      curve.setAttribute("viewBox", [from * parts, 0, span * parts, 100].join(" "));
    }
    placeTicks(span, width, percent);
    range.textContent = seconds(from, decimals()) + " to " + seconds(until, decimals());
    chart.dataset.view = Math.round(from) + " " + Math.round(until);
  }

  function placeTicks(span, width, percent) {
    const [stepNs, digits] = steps.find(([ns]) => (ns / span) * width >= 46 + 7 * digitsOf(ns)) ?? steps.at(-1);
    grid.replaceChildren();
    ticks.replaceChildren();
    for (let i = Math.ceil(from / stepNs); i * stepNs <= until; i++) {
      const x = percent(i * stepNs);
      const share = (i * stepNs - from) / span;
      const side = share * width < 20 ? "start" : share * width > width - 20 ? "end" : "middle";
      grid.append(drawn("line", { x1: x, x2: x, y2: 100 }));
      ticks.append(drawn("text", { x, y: 14, "text-anchor": side }, seconds(i * stepNs, digits)));
    }
  }

  function digitsOf(ns) {
    return steps.find(([other]) => other === ns)[1];
  }

  function drawn(name, attributes, text) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text !== undefined) element.textContent = text;
    return element;
  }

  function shareOf(event) {
    const box = axis.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  }

  function tell(element, x, y) {
    tip.textContent = element.getAttribute("aria-label");
    tip.hidden = false;
    const { width, height } = tip.getBoundingClientRect();
    tip.style.left = Math.max(8, Math.min(x + 14, innerWidth - width - 8)) + "px";
    tip.style.top = (y + 18 + height > innerHeight ? Math.max(8, y - height - 12) : y + 18) + "px";
  }

  function zoomTo(text) {
    const [first, last] = text.split(" ").map(Number);
    view(first, last);
  }

  // --- pointer ---

  let drag = null;
  let hasMoved = false;
  chart.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.target.closest(".plot") === null) return;
    drag = { x: event.clientX, from, until };
    hasMoved = false;
  });
  addEventListener("pointerup", () => {
    drag = null;
    chart.classList.remove("dragged");
  });
  addEventListener("pointercancel", () => {
    drag = null;
    chart.classList.remove("dragged");
  });
  chart.addEventListener("pointermove", (event) => {
    const box = axis.getBoundingClientRect();
    if (drag !== null && (hasMoved || Math.abs(event.clientX - drag.x) > 4)) {
      hasMoved = true;
      chart.classList.add("dragged");
      const by = ((drag.x - event.clientX) / box.width) * (drag.until - drag.from);
      const first = Math.min(endNs - (drag.until - drag.from), Math.max(0, drag.from + by));
      view(first, first + (drag.until - drag.from));
    }
    const isOver = event.clientX >= box.left && event.clientX <= box.right;
    cursor.hidden = !isOver || event.pointerType === "touch";
    cursor.style.left = event.clientX - chart.getBoundingClientRect().left + "px";
    cursor.firstChild.textContent = seconds(from + (until - from) * shareOf(event), decimals());
    const element = event.target.closest("[aria-label].span, [aria-label].mark");
    if (element === null || hasMoved) tip.hidden = true;
    else tell(element, event.clientX, event.clientY);
  });
  chart.addEventListener("pointerleave", () => {
    tip.hidden = true;
    cursor.hidden = true;
  });
  chart.addEventListener("click", (event) => {
    const element = event.target.closest(".span, .mark");
    if (hasMoved || element === null) return;
    element.focus({ preventScroll: true });
    tell(element, event.clientX, event.clientY);
    if (element.dataset.zoom !== undefined) zoomTo(element.dataset.zoom);
  });
  chart.addEventListener(
    "wheel",
    (event) => {
      // Whoever scrolls past is not held up: the wheel zooms over the axis, with Ctrl, and once the picture has the focus.
      const isMeant = event.ctrlKey || event.metaKey || event.shiftKey || chart.contains(document.activeElement);
      if (!isMeant && event.target.closest(".axis") === null) return;
      event.preventDefault();
      tip.hidden = true;
      const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
      const by = Math.sign(isSideways ? event.deltaX || event.deltaY : event.deltaY);
      if (isSideways) pan(0.1 * by);
      else zoom(by > 0 ? 1.25 : 0.8, shareOf(event));
    },
    { passive: false },
  );

  // --- keyboard, buttons and links ---

  const ACTIONS = {
    in: () => zoom(0.5, 0.5),
    out: () => zoom(2, 0.5),
    left: () => pan(-0.2),
    right: () => pan(0.2),
    all: () => view(0, endNs),
    next: () => walk(1),
    previous: () => walk(-1),
  };
  const KEYS = { "+": "in", "=": "in", "-": "out", "\\u2212": "out", ArrowLeft: "left", ArrowRight: "right", 0: "all" };
  Object.assign(KEYS, { n: "next", p: "previous" });

  chart.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      tip.hidden = true;
      document.activeElement.blur();
    }
    if (event.key === "Enter" && event.target.dataset.zoom !== undefined) zoomTo(event.target.dataset.zoom);
    const action = KEYS[event.key];
    if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    ACTIONS[action]();
  });
  tools.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button !== null) ACTIONS[button.value]();
  });
  for (const link of document.querySelectorAll("a[data-view]")) {
    if (link.hash !== "#" + chart.id) continue;
    link.addEventListener("click", () => zoomTo(link.dataset.view));
  }

  /** To what happened next, or before, in order of time; the view follows. */
  function walk(by) {
    const seen = told.filter(({ fold }) => fold === null || fold.open);
    const at = seen.findIndex(({ element }) => element === document.activeElement);
    const first = by > 0 ? seen.findIndex((thing) => thing.from >= from) : seen.length - 1;
    const next = seen[at < 0 ? Math.max(0, first) : (at + by + seen.length) % seen.length];
    if (next === undefined) return;
    if (next.from < from || next.from > until) {
      const span = until - from;
      view(next.from - span / 4, next.from + (span * 3) / 4);
    }
    if (planned) place();
    next.element.focus();
  }

  chart.addEventListener("focusin", (event) => {
    if (!event.target.matches(".span, .mark")) return;
    const box = event.target.getBoundingClientRect();
    tell(event.target, box.left, box.bottom - 14);
  });
  chart.addEventListener("focusout", () => {
    tip.hidden = true;
  });
  chart.addEventListener("toggle", place, true);
  new ResizeObserver(place).observe(axis);
  // Beside the names, on A4 across or letter: labels are those that have room there.
  addEventListener("beforeprint", () => {
    paperWidth = 780;
    place();
  });
  addEventListener("afterprint", () => {
    paperWidth = 0;
    place();
  });
  addEventListener("scroll", () => {
    tip.hidden = true;
  });
  place();
}
`;

/** Of the script, as a content security policy names it (base64); a test reckons it anew. */
export const VIEWER_SHA256 = "wgZmXHapktRsS218WjlFy0o57XsVDngfdYPUBVaXZE0=";
