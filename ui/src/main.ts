// Starts the window: words, transport, open ledger, pages.
import dayjs from "dayjs";
import "dayjs/locale/zh-cn";
import { provideGlobalConfig } from "element-plus";
import elementZhCn from "element-plus/es/locale/lang/zh-cn";
import { createApp } from "vue";
import App from "./App.vue";
import { i18n } from "./i18n";
import { takeLook } from "./look/look";
import { setTransport, startInfo } from "./ipc";
import { router } from "./router";
import { enterLedger, stayLocked } from "./session";
import { flushDrafts } from "./shared/drafts";
import "./styles/element";
import "./styles/app.css";

async function start(): Promise<void> {
  // Pages in a plain browser, for looking at them: an invented ledger. Never part of the built bundle.
  if (import.meta.env.DEV && !("__TAURI_INTERNALS__" in window)) {
    const asked = new URLSearchParams(location.search);
    const { fakeTransport } = await import("./dev/fakeTransport");
    setTransport(fakeTransport({ households: Number(asked.get("households") ?? 412), open: !asked.has("start") }));
  }
  dayjs.locale("zh-cn");
  const app = createApp(App);
  provideGlobalConfig({ locale: elementZhCn }, app, true);
  const [info] = await Promise.all([startInfo().catch(() => null), takeLook()]);
  if (info?.open) await enterLedger(info.open);
  else if (info?.locked) stayLocked(info.locked);
  app.use(i18n).use(router);
  // A file dropped beside its place must not take the window's page away.
  for (const type of ["dragover", "drop"]) window.addEventListener(type, (event) => event.preventDefault());
  window.addEventListener("pagehide", () => void flushDrafts());
  app.mount("#app");
}

void start();
