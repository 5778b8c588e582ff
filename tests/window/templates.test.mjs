// Report templates in the real window: each shipped one on paper, one's own copied, rearranged, broken, mended, stored and used; plans carried over.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { makePlace, openWindow, steps, until } from "./driver.mjs";

const place = makePlace();
let window;

before(async () => {
  window = await openWindow(place);
  await window.size(1366, 768);
});

after(async () => {
  await window.close();
  place.remove();
});

const step = steps("templates", () => window);

/** Calls a command as the window does; for what stands behind a system's dialog. */
const invoke = (command, args) =>
  window.call("POST", "execute/async", {
    script:
      "const [command, args, done] = arguments; window.__TAURI_INTERNALS__.invoke(command, args).then((value) => done({ value }), (error) => done({ error }));",
    args: [command, args],
  });
const result = () =>
  window.run(
    "return document.querySelector('[data-testid=outline-result]')?.innerText ?? ''",
  );
const tells = (text) =>
  until(`结果写出“${text}”`, async () => (await result()).includes(text));
const cards = () =>
  window.run(
    "return [...document.querySelectorAll('[data-testid=outline-sections] .name')].map((name) => name.textContent.trim())",
  );
const chooseTemplate = async (title) => {
  await window.clickCss("[data-testid=report-template] .el-select__wrapper");
  await window.clickText(
    title,
    ".el-select-dropdown__item, .el-select-dropdown__item span",
  );
};

step("every shipped template makes pages of the sample ledger", async () => {
  await window.clickCss("[data-testid=start-sample]");
  await window.shows("工作台");
  await window.clickCss("[data-testid=nav-report]");
  await window.element(".page-sheet, [data-testid=report-template]");
  for (const [title, text] of [
    ["个人半年小结", "日常帮扶"],
    ["工作队开局情况汇报", "深入调研"],
    ["乡镇工作开展情况汇报", "人居环境"],
    ["五大振兴工作汇报", "产业振兴"],
    ["专题工作汇报", "计划执行情况"],
  ]) {
    await chooseTemplate(title);
    await window.shows(text);
    await until(
      "报告写好",
      async () => !(await window.pageText()).includes("正在更新"),
    );
    await window.shot(`templates-pages-${title}`);
  }
});

step("a personal report says whose it is and can be another's", async () => {
  await chooseTemplate("个人半年小结");
  await window.shows("日常帮扶");
  await window.clickCss("[data-testid=report-settings]");
  await window.element("[data-testid=field-member_id]");
  await window.shot("templates-personal-settings");
  await window.clickCss(
    "[data-testid=panel-close], [data-testid=record-close]",
  );
});

step("the list shows the shipped templates and none of one's own", async () => {
  await window.clickCss("[data-testid=nav-settings]");
  await window.clickCss("[data-testid=settings-outlines]");
  await window.shows("还没有自己的模板");
  await window.shot("templates-list-empty");
  await window.clickCss(
    "[data-testid=outline-shipped-work-team] [data-testid=outline-copy]",
  );
  await window.element("[data-testid=outline-editor]");
  await tells("走访农户58户");
  await window.shot("templates-parts");
});

step(
  "parts move by keys, are switched off and renamed, and the result follows",
  async () => {
    const before = await cards();
    const focus = (key) =>
      window.run(
        "document.querySelector(`[data-testid=outline-section-${arguments[0]}]`).focus()",
        key,
      );
    await focus("problems");
    await window.press("\uE00A", "\uE013");
    await until(
      "部分已上移",
      async () => JSON.stringify(await cards()) !== JSON.stringify(before),
    );
    const moved = await cards();
    assert.equal(moved.indexOf("存在问题"), before.indexOf("存在问题") - 1);
    await window.clickCss(
      "[data-testid=outline-section-projects] [data-testid=outline-switch]",
    );
    await until(
      "项目不写了",
      async () => !(await result()).includes("项目和资金"),
    );
    await window.clickCss(
      "[data-testid=outline-section-problems] [data-testid=outline-rename]",
    );
    await window.type("[data-testid=outline-rename-input]", "问题和困难");
    await window.press("Enter");
    await tells("问题和困难");
    await window.shot("templates-parts-changed");
  },
);

step(
  "a fault is told with its line, is refused, and what was typed stays",
  async () => {
    await window.clickCss("[data-testid=outline-view-source]");
    await window.element("[data-testid=outline-source]");
    await window.shot("templates-source");
    const wrong =
      "return (() => { const area = document.querySelector('[data-testid=outline-source] , textarea'); area.focus(); const at = area.value.indexOf('[opening]'); area.setSelectionRange(at, at); document.execCommand('insertText', false, '[broken] {{ say(\\n'); return area.value.slice(0, at).split('\\n').length; })()";
    const line = await window.run(wrong);
    await until("错误写明行号", () =>
      window.run(
        "return document.querySelector('[data-testid=outline-fault]')?.textContent.includes('第')",
      ),
    );
    await window.shows("改好左边的错误后");
    await window.clickCss("[data-testid=outline-save]");
    await until("没有保存", async () =>
      (await window.pageText()).includes("未保存"),
    );
    await window.shot("templates-fault");
    assert.ok(line > 0);
    await window.clickCss("[data-testid=outline-fault]");
    await window.run(
      "const area = document.querySelector('[data-testid=outline-source]'); area.focus(); area.value = area.value.replace('[broken] {{ say(\\n', ''); area.dispatchEvent(new Event('input', { bubbles: true }));",
    );
    await tells("问题和困难");
  },
);

step("a figure is found by its name and put in as a sentence", async () => {
  await window.run(
    "const area = document.querySelector('[data-testid=outline-source]'); const at = area.value.indexOf('#[base]'); area.focus(); area.setSelectionRange(at, at); document.execCommand('insertText', false, '[extra] ');",
  );
  await window.clickCss("[data-testid=outline-insert]");
  await window.type("[data-testid=outline-figure-search]", "走访户次");
  await until("找到数字", () =>
    window.run(
      "return document.querySelectorAll('[data-testid=outline-figure]').length > 0",
    ),
  );
  await window.shot("templates-figures");
  await window.press("Enter");
  await tells("走访户次183户次");
  await window.run(
    "const area = document.querySelector('[data-testid=outline-source]'); area.focus(); document.execCommand('insertText', false, '。\\n\\n');",
  );
  await tells("走访户次183户次。");
});

step("it is stored, listed, chosen for the report, and undone", async () => {
  await window.type("[data-testid=outline-title]", "石门村半年总结");
  await window.clickCss("[data-testid=outline-save]");
  await window.shows("已保存");
  await window.shot("templates-saved");
  await window.clickCss("[data-testid=outline-back]");
  await window.element("[data-testid='outline-own-石门村半年总结']");
  await window.shot("templates-list");
  await window.clickCss("[data-testid=nav-report]");
  await window.element("[data-testid=report-template]");
  await chooseTemplate("石门村半年总结");
  await window.shows("问题和困难");
  await window.shot("templates-own-report");
});

step(
  "a template goes out as a file and comes in again; what is none is refused in words",
  async () => {
    const list = (await invoke("templates", {})).value;
    const own = list.find((info) => info.own);
    const draft = (
      await invoke("record_get", { kind: "outline", id: own.name })
    ).value.draft;
    const file = join(place.folder, "石门村.zcjm");
    assert.equal(
      (await invoke("outline_write", { path: file, draft })).error,
      undefined,
    );
    assert.ok(
      readFileSync(file, "utf8").startsWith(
        "驻村记报告模板 1\n名称：石门村半年总结\n",
      ),
    );
    assert.equal(
      (await invoke("outline_read", { path: file })).value.title,
      "石门村半年总结",
    );
    writeFileSync(file, Buffer.alloc(3_000_000, 65));
    assert.match(
      (await invoke("outline_read", { path: file })).error.message,
      /太大/,
    );
    assert.match(
      (
        await invoke("outline_write", {
          path: join(place.folder, "别的.txt"),
          draft,
        })
      ).error.message,
      /zcjm/,
    );
  },
);

step(
  "unfinished plans go on in the next half-year, and one step takes them back",
  async () => {
    await window.clickCss("[data-testid=nav-settings]");
    await window.clickCss("[data-testid=settings-plans]");
    await window.element("[data-testid=plans-carry]");
    await window.clickCss("[data-testid=plans-carry]");
    await window.shows("原来的计划仍留在");
    await window.shot("templates-carry");
    await window.clickText(
      "结转",
      ".el-message-box__btns button span, .el-message-box__btns button",
    );
    await window.shows("已把1项计划转到2026年下半年");
    await window.shows("未完成，已结转");
    await window.shot("templates-plans");
    await window.clickCss("[data-testid=undo]");
    await until("撤销后还是十条", () =>
      window.run(
        "return document.querySelector('[data-testid=list-count]').textContent.includes('10')",
      ),
    );
  },
);
