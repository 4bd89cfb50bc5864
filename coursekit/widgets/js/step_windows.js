// A window walks over x; every number and sentence comes from Python. A correlation has a
// kernel k, whose weights stand in the cells; a pool has the size of its window, and notes.

/** Set a line of a sum: every term as wide as the widest, so that nothing moves or wraps
    otherwise from step to step, and the kernel's factor strong. */
function terms(line, width) {
  const term = (text) => {
    const [value, weight] = text.split("*");
    const parts = weight ? [`${value}*`, make("strong", {}, weight)] : [value];
    const kind = weight ? "ck-term" : "ck-term ck-total";
    return make("span", { class: kind, style: `min-width: ${width}ch` }, ...parts);
  };
  const pieces = line.split(/( [+=≈] ?)/).filter(Boolean);
  return make("span", { class: "ck-sum" },
    ...pieces.map((piece) => (/^ [+=≈]/.test(piece) ? piece : term(piece))));
}

function draw(root, table, move) {
  const { x, k, out, steps, pixels, fn } = table;
  const [kernelRows, kernelColumns] = table.size ?? [k.length, k[0].length];
  const taps = k?.flat();
  const noteOf = (step, tap) => (taps ? `×${taps[tap]}` : steps[step].notes[tap]);
  const widest = longest(steps.flatMap((step) => step.lines).flatMap((line) => line.split(/ [+=≈] ?/))).length;
  const every = steps.map((_, i) => i);
  const differing = steps.some((step) => step.yours);
  let now; // the place that is drawn

  const visit = (step) => move({ step, pixel: null, filled: [...new Set([...now.filled, step])] });
  const play = player(() => {
    const more = now.step + 1 < steps.length;
    if (more) visit(now.step + 1);
    return more;
  }, () => restart());
  const byHand = (act) => (...given) => { play.stop(); act(...given); };
  const restart = () => move({ step: 0, pixel: null, filled: [0] });
  const finish = () => move({ step: steps.length - 1, pixel: null, filled: every });

  const height = cellHeight(x.length);
  const input = grid({
    title: table.titles.x, name: `Input ${table.titles.x}`, texts: x, height,
    walk: byHand((pixel) => move({ pixel })),
  });
  const kernel = k && grid({ title: table.titles.k, name: `Kernel ${table.titles.k}: ${taps.join(", ")}`, texts: k, height });
  const output = grid({
    title: table.titles.out, name: `Output ${table.titles.out}`, texts: out, height,
    walk: byHand((step) => visit(step)),
    home: root,
    onKey: { Home: byHand(restart), End: byHand(finish), p: () => play.toggle(), " ": () => play.toggle() },
  });

  const sentence = make("div", { class: "ck-says" });
  const box = reserve(sentence, [
    said({ ...steps.at(-1), yours: longest(steps.map((step) => step.yours ?? "")) }),
    said({ says: `${longest(pixels.map((pixel) => pixel.says))} (to spare)` }),
  ]);
  const first = button("First", byHand(restart));
  const back = button("Back", byHand(() => visit(Math.max(now.step - 1, 0))));
  const next = button("Next", byHand(() => visit(Math.min(now.step + 1, steps.length - 1))));
  const last = button("Last", byHand(finish));
  const counter = make("span", { class: "ck-counter" });
  root.append(
    make("div", { class: x.length > 1 ? "ck-row" : "ck-row ck-stack" }, ...[input, kernel, output].flatMap((shown) => shown?.node ?? []), box),
    make("div", { class: "ck-row ck-controls", role: "group", "aria-label": "Steps" },
      first, back, play.node, next, last, counter),
  );
  if (fn) root.append(make("p", { class: fn.agrees ? "ck-verdict" : "ck-verdict ck-differs" }, ...prose(fn.says)));
  root.append(make("p", { class: "ck-help" },
    "Point at an output to see its window, at an input to see the outputs that use it. Keys: arrows, Home, End",
    make("span", { class: "ck-moving" }, ", P plays"), "."));

  function yours(step) {
    return step.yours ? `≠ ${step.yours}, which ${fn.name} gives` : "";
  }

  function said(at) {
    if (at.says) return [prose(at.says)];
    return [prose(at.head), ...at.lines.map((line) => terms(line, widest)), ...(differing ? [prose(yours(at))] : [])];
  }

  function update(place) {
    now = place;
    const seen = place.pixel === null ? null : new Map(pixels[place.pixel].seen);
    const step = steps[place.step];
    const at = seen ? pixels[place.pixel] : step;
    const spoken = (at.says ?? [at.head, ...at.lines, yours(at)].join(" ")).replace(/`/g, "").replace(/\*/g, " times ");
    const [top, left] = step.window;
    const tap = (index) => {
      const row = Math.floor(index / x[0].length) - top;
      const column = (index % x[0].length) - left;
      const inside = row >= 0 && row < kernelRows && column >= 0 && column < kernelColumns;
      return inside ? noteOf(place.step, row * kernelColumns + column) : null;
    };
    input.paint((i) => {
      const note = seen ? null : tap(i);
      const tone = note ? "tap" : i === place.pixel ? "here" : "plain";
      return { text: x.flat()[i], tone, note: note ?? "" };
    }, place.pixel ?? input.field.at, spoken);
    kernel?.paint((i) => ({ text: taps[i], tone: "tap" }));
    output.paint((i) => {
      const wrong = steps[i].yours;
      const here = seen ? seen.has(i) : i === place.step;
      return {
        text: place.filled.includes(i) ? out.flat()[i] : "",
        note: seen?.has(i) ? noteOf(i, seen.get(i)) : "",
        badge: wrong ? `≠${wrong}` : "",
        tone: here ? (seen ? "tap" : "here") : wrong ? "differs" : place.filled.includes(i) ? "plain" : "empty",
      };
    }, place.step, spoken);
    if (seen) {
      const row = Math.floor(place.pixel / x[0].length);
      input.frame(row, place.pixel % x[0].length, 1, 1, "here");
      output.frame(0, 0, 0, 0, "here");
    } else {
      input.frame(top, left, kernelRows, kernelColumns, "tap");
      output.frame(Math.floor(place.step / out[0].length), place.step % out[0].length, 1, 1, "here");
    }
    sentence.setAttribute("aria-live", document.activeElement?.closest(".ck-controls") && !play.playing() ? "polite" : "off");
    sentence.replaceChildren(...rows(said(at)));
    counter.textContent = `Step ${place.step + 1} of ${steps.length}`;
    back.setAttribute("aria-disabled", place.step === 0);
    next.setAttribute("aria-disabled", place.step === steps.length - 1);
  }

  return { update, close: play.close };
}

function longest(texts) {
  return texts.reduce((a, b) => (b.length > a.length ? b : a));
}

export default explorer(draw);
