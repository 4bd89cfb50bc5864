// Keys: which belong to the widget and which to the notebook around it.

/** JupyterLab and Notebook look for it on the very element that has the focus. */
const SHIELD = { "data-lm-suppress-shortcuts": "true" };

/** Keep the notebook's own shortcuts off all that lies in a node, but those that lead out
    of it. JupyterLab listens before the node does and looks for the attribute; others
    listen after it. */
function keepKeys(node) {
  dress(node, SHIELD, []);
  for (const type of ["keydown", "keypress", "keyup"]) {
    node.addEventListener(type, (event) => {
      if (!leads(event)) event.stopPropagation();
      else if (type === "keydown") leave(node, event);
    });
  }
  return node;
}

/** Esc goes back to the notebook; Enter with another key runs the cell. */
function leads({ key, shiftKey, ctrlKey, metaKey, altKey }) {
  return key === "Escape" || (key === "Enter" && (shiftKey || ctrlKey || metaKey || altKey));
}

/** In JupyterLab and Notebook give focus and key to the cell; elsewhere the key goes on. */
function leave(node, event) {
  const cell = node.closest(".jp-Cell");
  if (!cell) return;
  event.preventDefault(); // or a button that has the focus is pressed
  event.stopPropagation();
  cell.focus();
  cell.dispatchEvent(new KeyboardEvent("keydown", event));
}

function button(label, act, attributes = {}) {
  const node = make("button", { type: "button", ...SHIELD, ...attributes }, label);
  node.addEventListener("click", act);
  return node;
}
