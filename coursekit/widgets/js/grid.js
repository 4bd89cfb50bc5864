// A grid of numbers: one position, whether by arrow key, click or pointing.

/** How high cells are: so many rows and all that stands below fit on a small screen. */
function cellHeight(rows) {
  return Math.max(32, Math.min(48, Math.floor(300 / rows)));
}

/** A grid of numbers. With `walk` it takes keyboard and pointer, and walk(index) is told
    where the reader goes: one position, whether by arrow key, click or hover. With
    `home`, keys pressed elsewhere in that node walk here too.

    paint(look, at, says): look(index) gives { text, note, tone, badge } of each cell. */
function grid({ title, name, texts, height, walk, onKey, home }) {
  const columns = texts[0].length;
  const count = texts.length * columns;
  const width = Math.max(height, 9.7 * Math.max(...texts.flat().map((t) => t.length)) + 14);
  const box = [columns * width + 4, texts.length * height + 4];
  const picture = makeSvg("svg", {
    viewBox: `-2 -2 ${box[0]} ${box[1]}`, width: box[0], height: box[1], "aria-hidden": "true",
  });
  const cells = texts.flat().map((_, i) => cell(i, (i % columns) * width, Math.floor(i / columns) * height, width, height));
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
    frame(row, column, rows, span, tone) {
      frame.setAttribute("visibility", rows ? "visible" : "hidden");
      dress(frame, { x: column * width, y: row * height, width: span * width || 0,
        height: rows * height || 0, class: `ck-frame ck-${tone}` }, []);
    },
  };
}

function cell(index, x, y, width, height) {
  const box = makeSvg("rect", { x, y, width, height, "data-index": index });
  const text = makeSvg("text", { x: x + width / 2, y: y + height / 2 + 1 - (48 - height) / 4, class: "ck-value" });
  const note = makeSvg("text", { x: x + width - 4, y: y + height - 4, class: "ck-note" });
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
