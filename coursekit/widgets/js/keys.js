// Keys: which belong to the widget and which to the notebook around it.

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
