// Looks through what a process may write of its memory, on Linux; the program's own processes are told by their environment.
import { closeSync, openSync, readFileSync, readSync, readdirSync } from "node:fs";

/** The processes of a window: the program itself and those of its web view, by the name of their file. */
export function processesOf(place) {
  const found = [];
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      if (readFileSync(`/proc/${pid}/environ`, "utf8").includes(place.folder)) found.push({ pid: Number(pid), name: readFileSync(`/proc/${pid}/comm`, "utf8").trim() });
    } catch {
      // It has gone, or is somebody else's.
    }
  }
  return found;
}

const PAGE = 4096;
const PIECE = 16 << 20;

/** How often each pattern stands in a process's memory; `wanted` is a list of { name, bytes }. */
export function countIn(pid, wanted) {
  const counts = Object.fromEntries(wanted.map(({ name }) => [name, 0]));
  const [memory, pages] = ["mem", "pagemap"].map((file) => openSync(`/proc/${pid}/${file}`, "r"));
  try {
    let region = null;
    for (const line of readFileSync(`/proc/${pid}/smaps`, "utf8").split("\n")) {
      const head = /^([0-9a-f]+)-([0-9a-f]+) (\S+)/.exec(line);
      if (head) region = head[3].startsWith("rw") && !line.includes("[vvar") ? [parseInt(head[1], 16), parseInt(head[2], 16)] : null;
      // Of what is set aside most was never touched: gigabytes of nothing.
      if (region && /^(Rss|Swap): +[1-9]/.test(line)) {
        for (const [from, to] of touched(pages, ...region)) count(memory, from, to, wanted, counts);
        region = null;
      }
    }
  } finally {
    closeSync(memory);
    closeSync(pages);
  }
  return counts;
}

/** Runs of pages of a region that hold anything. */
function* touched(pages, from, to) {
  let begin = null;
  const entries = Buffer.alloc(8 * 65536);
  for (let at = from; at < to; at += 65536 * PAGE) {
    const read = readSync(pages, entries, 0, 8 * Math.min(65536, (to - at) / PAGE), (at / PAGE) * 8);
    for (let nth = 0; nth < read / 8; nth += 1) {
      const address = at + nth * PAGE;
      const holds = (entries[nth * 8 + 7] & 0xc0) !== 0;
      if (holds) begin ??= address;
      // What lay across the border of two pieces would be missed; they are long.
      if (begin !== null && (!holds || address - begin >= PIECE)) {
        yield [begin, holds ? address + PAGE : address];
        begin = null;
      }
    }
  }
  if (begin !== null) yield [begin, to];
}

function count(memory, from, to, wanted, counts) {
  const piece = Buffer.alloc(to - from);
  let read = 0;
  while (read < piece.length) {
    const now = readSync(memory, piece, read, piece.length - read, from + read);
    if (now === 0) break;
    read += now;
  }
  for (const { name, bytes } of wanted) {
    for (let found = piece.indexOf(bytes); found >= 0; found = piece.indexOf(bytes, found + 1)) counts[name] += 1;
  }
}
