/** Panels behind tabs: one shows at a time; arrows move between tabs. */

import { button, element } from "./element";

export interface Tab {
  readonly id: string;
  readonly text: string;
  readonly panel: HTMLElement;
  readonly opened?: () => void;
}

export class Tabs {
  readonly root = element("div", { class: "tabs", role: "tablist" });
  private readonly tabs: readonly Tab[];
  private readonly buttons: readonly HTMLButtonElement[];

  constructor(tabs: readonly Tab[], label: string) {
    this.tabs = tabs;
    this.root.setAttribute("aria-label", label);
    this.buttons = tabs.map(({ id, text, panel }) => {
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", `tab-${id}`);
      panel.id = `panel-${id}`;
      return button(text, { id: `tab-${id}`, role: "tab", "aria-controls": `panel-${id}` }, () => this.open(id));
    });
    this.root.append(...this.buttons);
    this.root.addEventListener("keydown", (event) => {
      const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
      const at = this.buttons.indexOf(event.target as HTMLButtonElement);
      if (step === 0 || at === -1) return;
      event.stopPropagation();
      const next = (at + step + tabs.length) % tabs.length;
      this.open(tabs[next]!.id);
      this.buttons[next]!.focus();
    });
    this.open(tabs[0]!.id);
  }

  open(id: string): void {
    this.tabs.forEach((tab, i) => {
      const on = tab.id === id;
      tab.panel.hidden = !on;
      this.buttons[i]!.setAttribute("aria-selected", String(on));
      this.buttons[i]!.tabIndex = on ? 0 : -1;
      if (on) tab.opened?.();
    });
  }
}
