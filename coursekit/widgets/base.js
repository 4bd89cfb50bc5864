// What every explorer shares. Python joins this file and the explorer's own into one ES
// module, so nothing here is exported and every name is short but unique.

const SVG = "http://www.w3.org/2000/svg";

/** Make an element; children that are strings become text, never markup. */
function make(tag, attributes = {}, ...children) {
  return dress(document.createElement(tag), attributes, children);
}

function makeSvg(tag, attributes = {}, ...children) {
  return dress(document.createElementNS(SVG, tag), attributes, children);
}

function dress(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** Text in which `code` between backticks is set as code. */
function prose(text) {
  return text.split("`").map((piece, i) => (i % 2 ? make("code", {}, piece) : piece));
}

/** JupyterLab and Notebook look for it on the very element that has the focus. */
const SHIELD = { "data-lm-suppress-shortcuts": "true" };

/** Keep the notebook's own shortcuts off all that lies in a node. JupyterLab listens
    before the node does and looks for the attribute; others listen after it. */
function keepKeys(node) {
  node.setAttribute("data-lm-suppress-shortcuts", "true");
  for (const type of ["keydown", "keypress", "keyup"]) {
    node.addEventListener(type, (event) => event.stopPropagation());
  }
  return node;
}

function button(label, act, attributes = {}) {
  const node = make("button", { type: "button", ...SHIELD, ...attributes }, label);
  node.addEventListener("click", act);
  return node;
}

/** Turn a draw(root, table, move) function into what anywidget loads.

    draw returns { update(place), close() }; move(change) changes the place, here, in
    every other view of the same explorer, and in Python where a kernel listens. */
function explorer(draw) {
  return {
    render({ model, el }) {
      const root = keepKeys(make("div", { class: "ck" }));
      const forget = followTheme(root);
      const move = (change) => {
        model.set("place", { ...model.get("place"), ...change });
        model.save_changes();
      };
      const view = draw(root, model.get("table"), move);
      const update = () => view.update(model.get("place"));
      update();
      el.append(root);
      model.on("change:place", update);
      return () => {
        model.off("change:place", update);
        forget();
        view.close?.();
      };
    },
  };
}

/** Whether the page around us is dark: by its own word, else by the system's. */
function isDark() {
  const { body, documentElement: page } = document;
  if (body.dataset.jpThemeLight) return body.dataset.jpThemeLight === "false";
  if (page.dataset.theme) return page.dataset.theme === "dark";
  if (body.dataset.vscodeThemeKind) return /dark|high-contrast$/.test(body.dataset.vscodeThemeKind);
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

function followTheme(root) {
  const apply = () => root.classList.toggle("ck-dark", isDark());
  const watcher = new MutationObserver(apply);
  const system = matchMedia("(prefers-color-scheme: dark)");
  for (const node of [document.body, document.documentElement]) {
    watcher.observe(node, {
      attributeFilter: ["data-jp-theme-light", "data-theme", "data-vscode-theme-kind"],
    });
  }
  system.addEventListener("change", apply);
  apply();
  return () => {
    watcher.disconnect();
    system.removeEventListener("change", apply);
  };
}

/** A box as high as the tallest of its texts, so that the page never jumps. */
function reserve(live, texts) {
  const ghosts = texts.map((lines) => {
    return make("div", { class: "ck-ghost", "aria-hidden": "true" }, ...rows(lines));
  });
  return make("div", { class: "ck-reserve" }, ...ghosts, live);
}

function rows(lines) {
  return lines.map((line) => make("div", {}, ...[].concat(line)));
}

const CELL = 48;

/** A grid of numbers. With `walk` it takes keyboard and pointer, and walk(index) is told
    where the reader goes: one position, whether by arrow key, click or hover. With
    `home`, keys pressed elsewhere in that node walk here too.

    paint(look, at, says): look(index) gives { text, note, tone, badge } of each cell. */
function grid({ title, name, texts, walk, onKey, home }) {
  const columns = texts[0].length;
  const count = texts.length * columns;
  const width = Math.max(CELL, 9.7 * Math.max(...texts.flat().map((t) => t.length)) + 14);
  const box = [columns * width + 4, texts.length * CELL + 4];
  const picture = makeSvg("svg", {
    viewBox: `-2 -2 ${box[0]} ${box[1]}`, width: box[0], height: box[1], "aria-hidden": "true",
  });
  const cells = texts.flat().map((_, i) => cell(i, (i % columns) * width, Math.floor(i / columns) * CELL, width));
  const frame = makeSvg("rect", { class: "ck-frame", visibility: "hidden" });
  picture.append(...cells.map((c) => c.node), frame);
  const field = walk
    ? make("div", { class: "ck-field", role: "slider", tabindex: 0, ...SHIELD, "aria-label": name,
        "aria-valuemin": 1, "aria-valuemax": count }, picture)
    : make("div", { class: "ck-field", role: "img", "aria-label": name }, picture);
  if (walk) {
    followPointer(picture, walk);
    followKeys(field, count, columns, walk, onKey, home);
  }

  return {
    node: make("figure", { class: "ck-grid" }, make("figcaption", {}, ...prose(title)), field),
    field,
    paint(look, at, says) {
      cells.forEach((c, i) => c.show(look(i)));
      if (!walk) return;
      field.setAttribute("aria-valuenow", (at ?? 0) + 1);
      field.setAttribute("aria-valuetext", says);
      field.at = at ?? 0;
    },
    /** Frame some rows and columns from (row, column) on; none without a size. */
    frame(row, column, height, span, tone) {
      frame.setAttribute("visibility", height ? "visible" : "hidden");
      dress(frame, { x: column * width, y: row * CELL, width: span * width || 0,
        height: height * CELL || 0, class: `ck-frame ck-${tone}` }, []);
    },
  };
}

function cell(index, x, y, width) {
  const box = makeSvg("rect", { x, y, width, height: CELL, "data-index": index });
  const text = makeSvg("text", { x: x + width / 2, y: y + CELL / 2 + 1, class: "ck-value" });
  const note = makeSvg("text", { x: x + width - 4, y: y + CELL - 4, class: "ck-note" });
  const badge = makeSvg("text", { x: x + 4, y: y + 13, class: "ck-badge" });
  const node = makeSvg("g", {}, box, text, note, badge);
  return {
    node,
    show(look) {
      node.setAttribute("class", `ck-cell ck-${look.tone || "plain"}`);
      text.textContent = look.text ?? "";
      note.textContent = look.note ?? "";
      badge.textContent = look.badge ?? "";
    },
  };
}

function followKeys(field, count, columns, walk, onKey, home) {
  const go = (index) => index >= 0 && index < count && walk(index);
  const keys = {
    ArrowLeft: () => go(field.at - 1),
    ArrowRight: () => go(field.at + 1),
    ArrowUp: () => go(field.at - columns),
    ArrowDown: () => go(field.at + columns),
    Home: () => go(0),
    End: () => go(count - 1),
    ...onKey,
  };
  home?.setAttribute("tabindex", -1); // a click between the buttons brings the keys, too
  (home ?? field).addEventListener("keydown", (event) => {
    const act = keys[event.key];
    const pressed = event.key === " " && event.target.closest("button");
    if (!act || pressed || event.defaultPrevented) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    event.preventDefault();
    act();
  });
  field.addEventListener("focus", () => go(field.at));
}

function followPointer(picture, walk) {
  let last = null; // a cell is entered once, however often the pointer moves in it
  const point = (event) => {
    const index = event.target.dataset.index ?? null;
    if (index !== null && (index !== last || event.type === "pointerdown")) walk(Number(index));
    last = index;
  };
  picture.addEventListener("pointermove", point);
  picture.addEventListener("pointerdown", point);
  picture.addEventListener("pointerleave", () => { last = null; });
}

/** A play button: advance() takes one step and tells whether it did; at the end, play
    starts over with rewind(). Not offered where the system asks for less motion. */
function player(advance, rewind) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let timer = null;
  const node = button("Play", () => (timer ? stop() : start()), { class: "ck-play" });
  const wait = () => { timer = setTimeout(tick, 900); };
  const tick = () => (node.isConnected && advance() ? wait() : stop());
  const start = () => {
    if (calm.matches) return;
    node.textContent = "Pause";
    wait();
    if (!advance()) rewind();
  };
  const stop = () => {
    clearTimeout(timer);
    timer = null;
    node.textContent = "Play";
  };
  const settle = () => {
    node.hidden = calm.matches;
    if (calm.matches) stop();
  };
  calm.addEventListener("change", settle);
  settle();
  return {
    node,
    stop,
    toggle: () => node.click(),
    playing: () => timer !== null,
    close: () => { stop(); calm.removeEventListener("change", settle); },
  };
}
