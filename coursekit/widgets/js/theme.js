// Light or dark, as the page around us.

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
