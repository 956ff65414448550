import { defineConfig } from "vite";

export default defineConfig({
  base: "/edit-assets/",
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false }, chunkSizeWarningLimit: 2000 },
});
