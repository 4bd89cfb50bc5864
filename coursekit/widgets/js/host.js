// A page without a kernel: beside every explorer's state, the explorer comes to life.

/** What an explorer asks of its model: values, and to be told when they change. */
function modelOf(state) {
  const heard = {};
  return {
    get: (name) => state[name],
    set(name, value) {
      if (JSON.stringify(state[name]) === JSON.stringify(value)) return;
      state[name] = value;
      (heard[`change:${name}`] ?? []).forEach((listener) => listener());
    },
    on: (event, listener) => { (heard[event] ??= []).push(listener); },
    off: (event, listener) => { heard[event] = heard[event].filter((other) => other !== listener); },
    save_changes() {},
  };
}

for (const node of document.querySelectorAll(".ck-live")) {
  const state = JSON.parse(node.querySelector("script").textContent);
  const style = document.createElement("style");
  style.textContent = state._css;
  const el = document.createElement("div");
  node.append(style, el);
  const code = URL.createObjectURL(new Blob([state._esm], { type: "text/javascript" }));
  const { default: widget } = await import(code);
  node.model = modelOf(state);
  node.close = await widget.render({ model: node.model, el });
}
document.documentElement.dataset.explorers = "live";
