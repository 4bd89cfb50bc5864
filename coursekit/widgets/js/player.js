// A button that takes one step after another.

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
