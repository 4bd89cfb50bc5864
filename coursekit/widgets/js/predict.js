// A question with one right answer, judged here: no kernel is asked.

/** What a seal hides: { answer, why, tolerance, wrong }. */
function unseal(sealed) {
  const bytes = Uint8Array.from(atob(sealed), (letter) => letter.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}

/** Each kind of answer: what to type, how it reads, and what is wrong with another. */
const KINDS = {
  number: {
    wanted: "a number, such as 12, 0.5 or 1/3",
    read(text) {
      const parts = text.replace(/−/g, "-").split("/").map((part) => (part.trim() ? Number(part) : NaN));
      const value = parts.length === 2 ? parts[0] / parts[1] : parts[0];
      return parts.length <= 2 && Number.isFinite(value) ? value : null;
    },
    show: String,
    right: (given, { answer, tolerance }) => Math.abs(given - answer) <= tolerance + 1e-12 * Math.abs(answer),
    miss: (given, { answer }) => (given > answer ? "is too large" : "is too small"),
  },
  shape: {
    wanted: "a shape, such as 3, 4 or 3x4",
    read(text) {
      const parts = text.trim().replace(/^[[(](.*)[\])]$/, "$1").trim().replace(/,$/, "").split(/\s*[,x×*]\s*|\s+/i);
      return parts.every((part) => /^\d+$/.test(part)) ? parts.map(Number) : null;
    },
    show: (shape) => `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`,
    right: (given, { answer }) => given.join() === answer.join(),
    miss(given, { answer }) {
      if (given.length !== answer.length) return `has ${count(given, "number")}, the answer has ${answer.length}`;
      return `is wrong in ${given.filter((n, i) => n !== answer[i]).length} of ${count(given, "number")}`;
    },
  },
  choice: {
    wanted: "one of the choices",
    read: (text) => text,
    show: (choice) => `“${choice}”`,
    right: (given, { answer }) => given === answer,
    miss: () => "is not it",
  },
};

function count(items, word) {
  return `${items.length} ${word}${items.length === 1 ? "" : "s"}`;
}

function draw(root, table, move) {
  const secret = unseal(table.sealed);
  const kind = table.choices.length ? "choice" : Array.isArray(secret.answer) ? "shape" : "number";
  const { wanted, read, show, right, miss } = KINDS[kind];
  const id = `ck-${Math.random().toString(36).slice(2)}`;
  let now;

  const said = make("div", { class: "ck-says", role: "status" });
  const reveal = button("Show the answer", () => {
    (options[0] ?? field).focus(); // this button goes, and the keyboard must not go astray
    move({ shown: true });
  });
  const judge = (text) => {
    if (read(text) === null) complain(text);
    else move({ tries: [...now.tries, text] });
  };
  const complain = (text) => {
    said.replaceChildren(`${text.trim() ? `“${text}” is not` : "Type"} ${wanted}.`);
  };
  const options = table.choices.map((choice) => button("", () => judge(choice)));
  const field = make("input", {
    type: "text", ...SHIELD, autocomplete: "off", spellcheck: "false", placeholder: wanted, "aria-labelledby": id,
  });
  field.addEventListener("keydown", (event) => { if (event.key === "Enter" && !leads(event)) judge(field.value); });
  root.append(
    make("p", { class: "ck-ask", id }, ...prose(table.question)),
    make("div", { class: "ck-answer", role: "group", "aria-labelledby": id },
      ...(kind === "choice" ? options : [field, button("Check", () => judge(field.value))]), reveal),
    reserve(said, [[`✗ ${wanted}`]]),
  );

  function verdict({ tries, shown }) {
    const last = tries.at(-1);
    if (last !== undefined && right(read(last), secret)) return ["✓ Right. ", ...prose(secret.why)];
    if (shown) return [`The answer is ${show(secret.answer)}. `, ...prose(secret.why)];
    if (last === undefined) return [];
    const slip = (secret.wrong ?? []).find(([slip]) => right(read(last), { ...secret, answer: slip }));
    const cause = slip ? prose(`${slip[1]} `) : [];
    return ["✗ ", ...prose(show(read(last))), ` ${miss(read(last), secret)}. `, ...cause, "Try again."];
  }

  return {
    update(place) {
      now = place;
      const { tries, shown } = place;
      const solved = tries.some((text) => right(read(text), secret));
      options.forEach((option, i) => {
        const choice = table.choices[i];
        const mark = !tries.includes(choice) ? "" : right(choice, secret) ? "✓ " : "✗ ";
        option.replaceChildren(mark, ...prose(choice));
      });
      if (tries.length && document.activeElement !== field) field.value = tries.at(-1);
      reveal.hidden = !tries.length || solved || shown;
      said.replaceChildren(...verdict(place));
    },
  };
}

export default explorer(draw);
