/** A menu behind one button: opens on a press, closes on Escape, on a press elsewhere, when the focus leaves, and on what it was opened for. */

import { element } from "./element";

export function menuOf(text: string, id: string, ...items: readonly Node[]): HTMLDetailsElement {
  const summary = element("summary", { role: "button" }, text);
  const menu = element("details", { class: "menu", id }, summary, element("div", {}, ...items));
  const cover = (): void => {
    for (const part of document.querySelectorAll<HTMLElement>("#app > :not(header)")) part.inert = menu.open; // what lies under it
  };
  const close = (): void => {
    if (!menu.open) return;
    menu.open = false;
    cover(); // at once: the browser tells of the toggle later, and a quick hand's next press would be lost
  };
  document.addEventListener("pointerdown", (event) => {
    if (!menu.contains(event.target as Node)) close();
  });
  menu.addEventListener("click", (event) => {
    if ((event.target as HTMLElement).closest("button, a") === null) return;
    close();
    if (event.detail === 0) summary.focus(); // pressed by a key: a dialog gives the focus back to it
  });
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !menu.contains(relatedTarget)) close();
  });
  menu.addEventListener("toggle", cover);
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    close();
    summary.focus();
  });
  return menu;
}

/** A line with a switch. */
export function switchOf(text: string, id: string, act: (on: boolean) => void): { readonly line: HTMLElement; readonly box: HTMLInputElement } {
  const box = element("input", { type: "checkbox", id });
  box.addEventListener("change", () => act(box.checked));
  return { line: element("label", { for: id, class: "switch" }, box, text), box };
}
