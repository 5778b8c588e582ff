// Hostile text in every field of every kind, in the real window: lists, forms, search, history, photos and the report show it as
// text; no element comes of it, nothing runs, and nobody knocks at the port that the texts name.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before } from "node:test";
import { ROOT, makePlace, openWindow, steps, until } from "./driver.mjs";

const place = makePlace();
const knocks = [];
const server = createServer((socket) => {
  knocks.push(socket.remotePort);
  socket.destroy();
});
let window;
let port;

before(async () => {
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  ({ port } = server.address());
  mkdirSync(place.documents, { recursive: true });
  const ledger = join(place.documents, "敌意.zcj");
  const made = spawnSync(join(ROOT, "target/debug/hostile-ledger"), [ledger, String(port)], { encoding: "utf8" });
  assert.equal(made.status, 0, made.stderr);
  window = await openWindow(place);
  await window.size(1366, 768);
  await window.element("[data-testid=start-new]");
  await window.run("return window.__TAURI_INTERNALS__.invoke('ledger_open', { path: arguments[0], secret: null })", ledger);
  // The start page takes the ledger that the core has open.
  await window.run("location.hash = '#/home'; location.reload()");
  await window.element("[data-testid=nav-home]");
  await window.run("window.__violations = []; document.addEventListener('securitypolicyviolation', (event) => window.__violations.push(`${event.violatedDirective} ${event.blockedURI}`)); window.alert = () => { window.__hostile = 'alert'; };");
});

after(async () => {
  await window.close();
  server.close();
  place.remove();
});

const step = steps("hostile", () => window);

/** Nothing on the page was made of a text, nothing of a text has run, and nothing was asked of anywhere else. */
async function isText(where) {
  const found = await window.run(
    `const port = arguments[0];
     const own = (url) => url.startsWith("data:") || url.startsWith("blob:") || url.startsWith(location.origin) || url === "";
     const bad = [];
     for (const element of document.querySelectorAll("img, iframe, object, embed, link, source, video, audio")) {
       const url = element.src ?? element.href ?? element.data ?? "";
       if (!own(String(url))) bad.push(element.outerHTML.slice(0, 120));
     }
     for (const element of document.querySelectorAll("*")) {
       for (const attribute of element.attributes) {
         if (attribute.name.startsWith("on")) bad.push(attribute.name + "=" + attribute.value);
         if (["href", "src", "action", "xlink:href"].includes(attribute.name) && /^(javascript|https?:)/i.test(attribute.value) && !own(attribute.value)) bad.push(attribute.value);
         if (attribute.name === "style" && attribute.value.includes("127.0.0.1")) bad.push(attribute.value);
       }
       if (element.tagName === "SCRIPT" && !own(element.src)) bad.push(element.outerHTML.slice(0, 120));
     }
     const asked = performance.getEntriesByType("resource").map((entry) => entry.name).filter((name) => name.includes(":" + port));
     return { bad, ran: window.__hostile ?? null, asked, violations: window.__violations };`,
    port,
  );
  assert.deepEqual(found, { bad: [], ran: null, asked: [], violations: [] }, where);
  assert.deepEqual(knocks, [], `${where}: nobody knocked`);
}

async function go(path, ready) {
  await window.run("location.hash = '#' + arguments[0]", path);
  await window.element(ready);
  await window.picture(`hostile${path.replaceAll("/", "-")}`);
  await isText(path);
}

const ids = (kind, text) => window.run("return window.__TAURI_INTERNALS__.invoke('record_list', { kind: arguments[0], query: { text: arguments[1], filters: {}, conditions: [], sort: null, offset: 0, limit: 5 } }).then((page) => page.rows.map((row) => row.id))", kind, text);

const LISTS = { household: "/households", visit: "/visits", issue: "/issues", application: "/applications", project: "/projects", activity: "/activities", plan: "/settings/plans", indicator: "/settings/indicators", village: "/settings/villages", programme: "/settings/programmes", dictionary_item: "/settings/dictionary", team_member: "/settings/members", support_unit: "/settings/units", outline: "/settings/outlines" };

step("every list shows them as text", async () => {
  for (const path of Object.values(LISTS)) await go(path, "main *");
  await go("/home", "[data-testid=home-day]");
  await go("/settings/photos", "main *");
});

step("every form shows them as text, and the history too", async () => {
  for (const [kind, path] of Object.entries(LISTS)) {
    const [id] = await ids(kind, "<img src=");
    if (!id) continue;
    await go(`${path}/${id}`, "main *");
    const shown = await until(`${kind}的表单`, () => window.run("return [...document.querySelectorAll('main input, main textarea')].some((field) => field.value.includes('<img')) || document.querySelector('main').innerText.includes('<img')"));
    assert.ok(shown, kind);
  }
  const [id] = await ids("household", "<img src=");
  await go(`/households/${id}`, "[data-testid=record-history]");
  await window.clickCss("[data-testid=record-history]");
  await window.picture("hostile-history");
  await isText("history");
});

step("the search finds and shows them as text", async () => {
  await go("/home", "[data-testid=search-open]");
  await window.clickCss("[data-testid=search-open]");
  for (const text of ["<img src=", "=cmd|", "{{走访户次}}", "onerror"]) {
    await window.type("[data-testid=search-field]", text);
    await until(`搜到${text}`, () => window.run("return [...document.querySelectorAll('[data-testid=search] mark')].some((mark) => mark.textContent === arguments[0])", text));
    await window.picture(`hostile-search-${text.length}`);
    await isText(`search ${text}`);
  }
  await window.press("Escape");
});

/** The report of the period, of all villages: what a planted one narrows it to is taken away in its settings. */
const wholeReport = `const call = window.__TAURI_INTERNALS__.invoke;
  return call("report_open", { period: "2026H1", template: "work-team" }).then((stored) => {
    const request = { kind: "report", id: stored.id, version: stored.meta?.version ?? stored.version, draft: { ...stored.draft, village_ids: [] }, keep: [] };
    return call("record_save", { request }).then(() => stored.id);
  });`;

step("the report of the whole ledger shows them as text on every page", async () => {
  // Seventy pages take their time in a build that is not optimised.
  await window.call("POST", "timeouts", { script: 120_000 });
  const id = await window.run(wholeReport);
  await go(`/report/${id}`, "[data-testid^=mark-]");
  const pages = await window.run("return document.querySelectorAll('[data-testid=desk] .sheets > *').length");
  assert.ok(pages > 50, `${pages} pages`);
  await window.picture("hostile-report");
  for (let page = 0; page < pages; page += 10) {
    await window.run("document.querySelectorAll('[data-testid=desk] .sheets > *')[arguments[0]].scrollIntoView()", page);
    await window.picture(`hostile-report-${page}`);
    await isText(`page ${page} of the report`);
  }
});
