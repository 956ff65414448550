/** Elements with text; text is always text, never markup. */

export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: ReadonlyArray<Node | string>
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export function button(text: string, attributes: Readonly<Record<string, string>>, act: () => void): HTMLButtonElement {
  const made = element("button", { type: "button", ...attributes }, text);
  made.addEventListener("click", act);
  return made;
}

export interface Choice {
  readonly id: string;
  readonly text: string;
  readonly act: () => void;
  readonly disabled?: boolean;
  /** What Enter in a line of text does. */
  readonly main?: boolean;
  /** Why it cannot be done yet; the dialog then stays and says so. */
  readonly refuse?: () => string | null;
}

/** A modal dialog of paragraphs, and of what else is given, with one button a choice; Escape is the last choice. */
export function ask(title: string, lines: readonly string[], choices: readonly Choice[], ...more: readonly Node[]): void {
  const dialog = element("dialog", { "aria-labelledby": "dialog-title" });
  const before = document.activeElement;
  let chosen = choices.at(-1)!.act;
  const refusal = element("p", { role: "alert", class: "refusal" });
  const buttons = choices.map(({ id, text, act, disabled, main, refuse }) => {
    const made = element("button", { id, type: main === true ? "submit" : "button", ...(main === true ? { class: "main" } : {}), ...(disabled === true ? { disabled: "" } : {}) }, text);
    made.addEventListener("click", (event) => {
      event.preventDefault();
      refusal.textContent = refuse?.() ?? "";
      if (refusal.textContent !== "") return;
      chosen = act;
      dialog.close();
    });
    return made;
  });
  const form = element("form", {}, element("h2", { id: "dialog-title" }, title), ...lines.map((line) => element("p", {}, line)), ...more, refusal,
    element("div", { class: "choices" }, ...buttons));
  form.addEventListener("submit", (event) => event.preventDefault());
  dialog.append(form);
  dialog.addEventListener("close", () => {
    dialog.remove();
    // the browser has given the focus back already, and tells of the close later: a quick hand may be elsewhere by now
    if (document.activeElement === document.body && before instanceof HTMLElement) before.focus();
    chosen();
  });
  document.body.append(dialog);
  dialog.showModal();
  dialog.scrollTop = 0; // a long one begins at its title, wherever the focus is
}
