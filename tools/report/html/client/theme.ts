/** The theme switch: as the system says, light, dark. */
const THEMES = ["auto", "light", "dark"];

/** Wires the switch. */
export function enhanceTheme(): void {
  const button = document.getElementById("theme") as HTMLButtonElement;
  button.hidden = false;
  let at = 0;
  button.addEventListener("click", () => {
    at = (at + 1) % THEMES.length;
    document.documentElement.dataset["theme"] = THEMES[at]!;
    button.textContent = `Theme: ${THEMES[at]!}`;
  });
}
