/** Keys that come once: random, and made without what browsers offer to https addresses alone. */

const BYTES = 16;

export function fresh(): string {
  return [...crypto.getRandomValues(new Uint8Array(BYTES))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
