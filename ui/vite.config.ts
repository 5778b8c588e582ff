// How the window's pages are built: one bundle in dist/, nothing fetched from outside, no inline scripts.
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [vue()],
  define: {
    __VUE_I18N_FULL_INSTALL__: "false",
    __VUE_I18N_LEGACY_API__: "false",
    __INTLIFY_PROD_DEVTOOLS__: "false",
  },
  server: { port: 5173, strictPort: true, fs: { allow: [".."] } },
  build: {
    target: ["es2021", "safari15", "chrome100"],
    outDir: "dist",
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
  },
  test: {
    environment: "jsdom",
    include: ["tests/**/*.test.ts", "src/**/*.test.ts"],
    setupFiles: ["tests/setup.ts"],
    server: { deps: { inline: ["element-plus"] } },
  },
});
