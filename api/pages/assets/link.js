// The address that shows the same view again: kept in the address bar, and copied by a button.
import { say } from "/assets/words.js";

export function keepInAddress(facts) {
  const address = new URL(location.href);
  for (const [key, value] of Object.entries(facts)) {
    if (value === null || value === "") address.searchParams.delete(key);
    else address.searchParams.set(key, value);
  }
  history.replaceState(null, "", address);
}

export function copyButton(button, told) {
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      told.textContent = say("copied");
    } catch {
      told.textContent = `${say("copyYourself")} ${location.href}`;
    }
  });
}
