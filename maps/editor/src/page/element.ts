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
}

/** A modal dialog of paragraphs, and of what else is given, with one button a choice; Escape is the last choice. */
export function ask(title: string, lines: readonly string[], choices: readonly Choice[], ...more: readonly Node[]): void {
  const dialog = element("dialog", { "aria-labelledby": "dialog-title" });
  let chosen = choices.at(-1)!.act;
  const buttons = choices.map(({ id, text, act, disabled }) =>
    button(text, { id, ...(disabled === true ? { disabled: "" } : {}) }, () => {
      chosen = act;
      dialog.close();
    }),
  );
  dialog.append(
    element("h2", { id: "dialog-title" }, title),
    ...lines.map((line) => element("p", {}, line)),
    ...more,
    element("div", { class: "choices" }, ...buttons),
  );
  dialog.addEventListener("close", () => {
    dialog.remove();
    chosen();
  });
  document.body.append(dialog);
  dialog.showModal();
}
