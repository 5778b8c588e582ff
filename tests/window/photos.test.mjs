// Photos through the real window: dropped, pasted, captioned, looked at, two hundred at once, broken ones named, handed over.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { makePlace, openWindow, ROOT, steps, until } from "./driver.mjs";

const place = makePlace();
const KEYS = { ArrowLeft: "\uE012", ArrowRight: "\uE014", Home: "\uE011", End: "\uE010" };
let window;

before(async () => {
  window = await openWindow(place);
  await window.size(1366, 768);
});

after(async () => {
  await window.close();
  place.remove();
});

const step = steps("photos", () => window);

/** Draws photos in the page and hands them to it as the file manager, or the clipboard, would. Each looks different. */
async function hand(kind, photos) {
  await window.run(
    `const [kind, photos] = arguments;
     window.handed = false;
     const drawn = async ({ name, width, height, text, hue, exif, raw, type }) => {
       if (raw) return new File([Uint8Array.from(atob(raw), (c) => c.charCodeAt(0))], name);
       const canvas = document.createElement("canvas");
       [canvas.width, canvas.height] = [width, height];
       const brush = canvas.getContext("2d");
       brush.fillStyle = "hsl(" + hue + " 45% 60%)";
       brush.fillRect(0, 0, width, height);
       brush.fillStyle = "hsl(" + (hue + 120) + " 35% 40%)";
       brush.fillRect(0, height * 0.6, width, height * 0.4);
       brush.fillStyle = "#fff";
       brush.font = height / 4 + "px sans-serif";
       brush.fillText(text, width / 12, height / 2);
       const blob = await new Promise((done) => canvas.toBlob(done, type ?? "image/jpeg", 0.8));
       let parts = [blob];
       if (exif) {
         const bytes = new Uint8Array(await blob.arrayBuffer());
         parts = [bytes.slice(0, 2), Uint8Array.from(exif), bytes.slice(2)];
       }
       return new File(parts, name, { type: blob.type });
     };
     Promise.all(photos.map(drawn)).then((files) => {
       const transfer = new DataTransfer();
       for (const file of files) transfer.items.add(file);
       if (kind === "paste") {
         const event = new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true });
         document.body.dispatchEvent(event);
       } else {
         const target = document.querySelector("[data-testid=photos]");
         target.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
       }
       window.handed = true;
     });`,
    kind,
    photos,
  );
  await until("照片已交给页面", () => window.run("return window.handed === true"));
}

/** An EXIF segment that says when, and nothing else: big-endian, two directories. */
function takenOn(day) {
  const text = [...Buffer.from(`${day.replaceAll("-", ":")} 14:05:33\0`)];
  const word = (n) => [(n >> 24) & 255, (n >> 16) & 255, (n >> 8) & 255, n & 255];
  const main = [0, 1, 0x87, 0x69, 0, 4, ...word(1), ...word(26), ...word(0)];
  const exif = [0, 1, 0x90, 0x03, 0, 2, ...word(text.length), ...word(44), ...word(0), ...text];
  const block = [...Buffer.from("Exif\0\0MM\0*"), ...word(8), ...main, ...exif];
  return [0xff, 0xe1, 0, block.length + 2, ...block];
}

const photo = (name, hue, more = {}) => ({ name, width: 800, height: 600, text: name.slice(0, 6), hue, ...more });
const tiles = () => window.run("return document.querySelectorAll('[data-testid=photo-tile]').length");
const has = (count) => until(`${count} 张照片`, async () => (await tiles()) === count);
const count = (css) => window.run("return document.querySelectorAll(arguments[0]).length", css);
const position = () => window.run("return document.querySelector('[data-testid=viewer-position]')?.textContent.trim()");
const at = (text) => until(`看到 ${text}`, async () => (await position()) === text);
const key = (name) => window.press(KEYS[name] ?? name);

step("a new visit takes photos before it is saved, and offers their day", async () => {
  await window.clickCss("[data-testid=start-sample]");
  await window.shows("工作台");
  await window.run("location.hash = '#/visits/new'");
  await window.element("[data-testid=editor-visit]");
  await window.choose("household_ids", "石老三", "石老三");
  await window.run("document.querySelector('[data-testid=photos]').scrollIntoView()");
  await window.press("Tab");
  await hand("dragenter", [photo("屋顶.jpg", 20)]);
  await window.shows("松开鼠标，添加照片");
  await window.shot("photos-00-over");
  await hand("drop", [photo("屋顶.jpg", 20, { exif: takenOn("2026-03-05") }), photo("院子.jpg", 140, { exif: takenOn("2026-03-05") })]);
  await until("两张等待保存", async () => (await count("[data-testid=photo-waiting]")) === 2);
  await window.shows("照片拍摄于2026-03-05，用作走访日期？");
  await window.shot("photos-01-waiting");
  await window.clickCss("[data-testid=photo-day-take]");
  await until("日期已填入", () => window.run("return document.querySelector('[data-testid=field-day] input').value === '2026-03-05'"));
  assert.equal(await count("[data-testid=photo-day]"), 0);
  await window.save();
  await has(2);
  await window.run("document.querySelector('[data-testid=photos]').scrollIntoView()");
  await until("缩略图已显示", async () => (await count("[data-testid=photo-tile] img")) === 2);
  await window.shot("photos-02-saved");
});

step("a picture is pasted; the same one again is not kept twice", async () => {
  const pasted = photo("image.png", 260, { type: "image/png" });
  await hand("paste", [pasted]);
  await has(3);
  await hand("paste", [pasted]);
  await window.element("[data-testid=photo-result]");
  await window.shows("1 张这条记录里已经有了，没有重复添加。");
  await window.shot("photos-03-known");
  await window.clickCss("[data-testid=photo-result-close]");
  assert.equal(await tiles(), 3);
});

step("a title is written below its photo", async () => {
  await window.clickText("写题名", "button");
  await window.type("[data-testid=photo-title-field]", "石老三家屋顶漏雨");
  await window.press("Enter");
  await window.shows("石老三家屋顶漏雨");
});

step("the viewer goes by keys, captions are written in it, a turn is kept and taken back", async () => {
  await window.clickCss("[data-testid=photo-open]");
  await at("1/3");
  await until("大图已显示", () => window.run("return document.querySelector('[data-testid=viewer-picture]')?.naturalWidth > 0"));
  await window.shot("photos-04-viewer");
  for (const [name, place] of [["ArrowRight", "2/3"], ["End", "3/3"], ["ArrowRight", "3/3"], ["ArrowLeft", "2/3"], ["Home", "1/3"]]) {
    await key(name);
    await at(place);
  }
  await window.type("[data-testid=caption-place]", "上屯");
  await window.type("[data-testid=caption-people]", "石老三、韦明");
  await key("ArrowRight");
  await at("1/3");
  const shape = () => window.run("const p = document.querySelector('[data-testid=viewer-picture]'); return p && p.naturalWidth > 0 ? p.naturalWidth > p.naturalHeight : null");
  assert.equal(await shape(), true);
  await window.clickCss("[data-testid=viewer-rotate]");
  await until("照片立起来", async () => (await shape()) === false);
  await window.shot("photos-05-turned");
  await window.clickCss("[data-testid=viewer-zoom]");
  await window.clickCss("[data-testid=viewer-zoom]");
  await window.clickCss("[data-testid=photo-later]");
  await at("2/3");
  await window.clickCss("[data-testid=photo-earlier]");
  await at("1/3");
  await window.clickCss("[data-testid=viewer-rotate]");
  await until("照片转过来", async () => (await shape()) === true);
  await window.run("document.querySelector('[data-testid=viewer]').focus()");
  await window.press("Escape");
  await until("已关闭", async () => (await count("[data-testid=viewer]")) === 0);
  await window.run("document.activeElement.blur()");
  await window.press("Control", "z");
  await window.shows("已撤销：修改照片");
  await window.clickCss("[data-testid=photo-open]");
  await until("照片又立起来", async () => (await shape()) === false);
  assert.equal(await window.run("return document.querySelector('[data-testid=caption-people]').value"), "石老三、韦明");
  await window.press("Escape");
  await until("已关闭", async () => (await count("[data-testid=viewer]")) === 0);
});

step("two hundred at once: progress, the broken ones by name, one step to take back", async () => {
  const many = Array.from({ length: 200 }, (_, n) => ({ ...photo(`多${n}.jpg`, n, { text: String(n) }), width: 160, height: 120 }));
  const broken = [
    { name: "只有一半.jpg", raw: readFileSync(join(ROOT, "tests/fixtures/photos/progressive.jpg")).subarray(0, 400).toString("base64") },
    { name: "其实是文字.jpg", raw: Buffer.from("不是照片").toString("base64") },
    { name: "通知.pdf", raw: Buffer.from("%PDF-1.7").toString("base64") },
    { name: "手机.heic", raw: readFileSync(join(ROOT, "tests/fixtures/photos/phone.heic")).toString("base64") },
  ];
  await hand("drop", [...many, ...broken]);
  await window.element("[data-testid=photo-progress]");
  await window.shot("photos-06-progress");
  // The window is free meanwhile.
  await window.clickCss("[data-testid=record-history]");
  await window.shows("新增走访");
  await window.element("[data-testid=photo-result]");
  await window.shows("已添加 201 张照片");
  const reasons = await window.run("return document.querySelector('[data-testid=photo-result]').innerText");
  for (const text of ["3 个文件没有添加", "只有一半.jpg", "照片已损坏", "其实是文字.jpg", "这个文件不是照片", "通知.pdf", "不收PDF"]) assert.ok(reasons.includes(text), `${text}: ${reasons}`);
  await window.clickText("内容", ".el-radio-button__inner");
  await has(204);
  await window.run("document.querySelector('[data-testid=photos]').scrollIntoView()");
  await window.shot("photos-07-result");
  await window.clickCss("[data-testid=photo-undo]");
  await has(3);
  await window.press("Control", "y");
  await has(204);
});

step("stopping keeps what was added", async () => {
  const many = Array.from({ length: 120 }, (_, n) => ({ ...photo(`停${n}.jpg`, n, { text: `停${n}` }), width: 900, height: 700 }));
  await hand("drop", many);
  await until("已添加几张", async () => Number(await window.run("return document.querySelector('[data-testid=photo-progress-count]')?.textContent.split('/')[0] ?? 0")) >= 2);
  await window.clickCss("[data-testid=photo-stop]");
  await window.element("[data-testid=photo-result]");
  await window.shows("其余的已停下");
  const added = Number((await window.run("return document.querySelector('[data-testid=photo-result]').innerText")).match(/已添加 (\d+) 张/)[1]);
  assert.ok(added >= 2 && added < 120, String(added));
  await window.clickCss("[data-testid=photo-undo]");
  await has(204);
});

step("all photos stand in the settings, lead to their record, and go out as named files with their list", async () => {
  await window.run("location.hash = '#/settings/photos'");
  await window.shows("204 张");
  await until("缩略图已显示", async () => (await count("[data-testid=photo-tile] img")) > 8);
  await window.shot("photos-08-all");
  await window.clickCss("[data-testid=photos-export]");
  await window.shows("共 204 张");
  await window.shot("photos-09-export");
  await window.clickCss("[data-testid=album-run]");
  await window.shows("已导出 204 张照片");
  await window.shot("photos-10-exported");
  const folder = join(place.documents, "驻村记", "2026年上半年照片 2026-06-30");
  assert.ok(existsSync(join(folder, "目录.xlsx")));
  const files = readdirSync(folder);
  assert.equal(files.length, 205);
  assert.ok(files.some((name) => /^2026-走访-\d{3}-石老三家屋顶漏雨\.jpg$/.test(name)), files.slice(0, 5).join());
  assert.ok(!readFileSync(join(folder, files.find((name) => name.includes("漏雨")))).includes("Exif"));
  await window.clickCss("[data-testid=album-close]");
  await window.type("[data-testid=photos-search]", "漏雨");
  await has(1);
  await window.clickCss("[data-testid=photo-open]");
  await window.clickCss("[data-testid=viewer-owner]");
  await window.element("[data-testid=editor-visit]");
});

step("photos of a record that is not saved yet are there again after the program was killed", async () => {
  await window.run("location.hash = '#/visits/new'");
  await window.element("[data-testid=editor-visit]");
  await window.field("content", "还没有写完的一条");
  await hand("drop", [photo("路.jpg", 60), photo("桥.jpg", 200)]);
  await until("两张等待保存", async () => (await count("[data-testid=photo-waiting]")) === 2);
  await until("草稿已保存", () => window.run("return window.__TAURI_INTERNALS__.invoke('draft_all').then((all) => JSON.stringify(all).includes('还没有写完的一条'))"));
  window.stop();
  window = await openWindow(place);
  await window.size(1366, 768);
  await window.clickCss("[data-testid=recent-0]");
  await window.shows("工作台");
  await window.run("location.hash = '#/visits/new'");
  await window.element("[data-testid=editor-visit]");
  await until("两张又在等待", async () => (await count("[data-testid=photo-waiting]")) === 2);
  await window.run("document.querySelector('[data-testid=photos]').scrollIntoView()");
  await window.shot("photos-11-waiting-again");
});

step("a save that is refused leaves the photos waiting, and they come with the one that is not", async () => {
  await window.clickText("继续填写", "button, button span");
  await window.clickCss("[data-testid=record-save]");
  await until("保存被拒绝", async () => (await count("[data-testid=editor-visit] .findings")) > 0);
  assert.equal(await count("[data-testid=photo-waiting]"), 2);
  await window.shot("photos-12-refused");
  await window.choose("household_ids", "石老三", "石老三");
  await window.save();
  await has(2);
  assert.equal(await count("[data-testid=photo-waiting]"), 0);
  await window.run("location.hash = '#/visits/new'");
  await until("新的一条没有照片", async () => (await count("[data-testid=editor-visit]")) > 0 && (await count("[data-testid=photo-waiting], [data-testid=photo-tile]")) === 0);
});
