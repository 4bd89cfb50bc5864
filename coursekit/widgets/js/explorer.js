// What anywidget loads: a picture that follows the model.

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
