/** Single letters, on keydown only; never while text is typed or a dialog is open. */

export type Keys = Readonly<Record<string, () => unknown>>;

/** The name of a key press, such as "b", "ctrl+z" or "ctrl+shift+z". */
export function nameOf(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const parts = [event.ctrlKey || event.metaKey ? "ctrl" : "", event.altKey ? "alt" : "", event.shiftKey && /[a-z]/.test(key) ? "shift" : "", key];
  return parts.filter((p) => p !== "").join("+");
}

export function listen(keys: Keys, onMap: Keys, map: HTMLElement): void {
  document.addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement;
    if (document.querySelector("dialog[open]") !== null || ["INPUT", "SELECT", "TEXTAREA"].includes(target.tagName)) return;
    const name = nameOf(event);
    const pressed = ["BUTTON", "A", "SUMMARY"].includes(target.tagName);
    if (pressed && (name === " " || name === "Enter" || target.getAttribute("role") === "tab")) return;
    const act = keys[name] ?? (map.contains(target) ? onMap[name] : undefined);
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
}
