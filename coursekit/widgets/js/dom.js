// Elements, and what stands in them.

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
