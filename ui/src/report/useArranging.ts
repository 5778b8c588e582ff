// Arranging the open report: a block is moved, added beside, left out, brought back; the pages follow.
import { computed } from "vue";
import type { Arrangement } from "../bindings/Arrangement";
import type { OwnContent } from "../bindings/OwnContent";
import type { Run } from "../bindings/Run";
import { t } from "../i18n";
import { reportArrange } from "../ipc";
import { chooseOf, confirm, orShow, showDone } from "../shared/messages";
import type { BlockAction, Fresh } from "./blocks";
import type { Panels } from "./panels";
import type { useReport } from "./useReport";

export function useArranging(
  report: ReturnType<typeof useReport>,
  panels: Panels,
  /** Brings a block into sight and the focus to it. */
  reveal: (block: string) => void,
) {
  const handles = computed(() => new Map(report.view.value?.handles.map((handle) => [handle.block, handle]) ?? []));
  const leftOut = computed(() => report.view.value?.left_out ?? []);

  /** Answers with the block that was concerned, or null where it was refused. */
  async function arrange(arrangement: Arrangement): Promise<string | null> {
    const id = report.id.value;
    const done = id === null ? null : await orShow(reportArrange(id, arrangement));
    // Refused as well: the pages may be older than what the core knows.
    await report.again();
    return done?.block ?? null;
  }

  async function move(block: string, up: boolean): Promise<void> {
    if ((await arrange({ type: "move", block, up })) !== null) reveal(block);
  }

  async function leaveOut(block: string): Promise<void> {
    const handle = handles.value.get(block);
    let section = false;
    if (handle && handle.level > 0 && handle.section > 0) {
      const count = handle.section;
      const [text, both, only] = [
        t("report.block.leaveOutText", { count }),
        t("report.block.leaveOutBoth", { count }),
        t("report.block.leaveOutOnly"),
      ];
      const answer = await chooseOf(t("report.block.leaveOutTitle"), text, both, only);
      if (answer === null) return;
      section = answer === "first";
    }
    if ((await arrange({ type: "leave_out", block, section })) === null) return;
    showDone(t("report.block.leftOut"));
  }

  function act(action: BlockAction, block: string): void {
    const level = handles.value.get(block)?.heading_level ?? 1;
    if (action === "edit") panels.show({ type: "block", key: block });
    else if (action === "up" || action === "down") void move(block, action === "up");
    else if (action === "leaveOut") void leaveOut(block);
    else {
      const kind = action === "photos" || action === "table" ? action : "text";
      const fresh = {
        beside: block,
        before: action === "before",
        kind,
        level: action === "heading" ? level : 0,
      } as const;
      panels.show({ type: "new", fresh });
    }
  }

  const contentOf = (runs: Run[], level: number): OwnContent =>
    level > 0 ? { type: "heading", level, runs } : { type: "paragraph", runs };

  const insert = (fresh: Fresh, runs: Run[], level: number) => add(fresh, contentOf(runs, level));

  async function add({ beside, before }: Fresh, content: OwnContent): Promise<boolean> {
    const asked = panels.top.value;
    const block = await arrange({ type: "insert", beside, before, content });
    if (block === null) return false;
    // Who has gone on to something else meanwhile is left alone.
    if (panels.top.value === asked) {
      panels.show({ type: "block", key: block });
      reveal(block);
    }
    return true;
  }

  const rewrite = (block: string, runs: Run[], level: number) => replace(block, contentOf(runs, level));

  async function replace(block: string, content: OwnContent): Promise<boolean> {
    return (await arrange({ type: "rewrite", block, content })) !== null;
  }

  async function bringBack(block: string): Promise<void> {
    if ((await arrange({ type: "bring_back", block })) !== null) reveal(block);
  }

  async function remove(block: string): Promise<void> {
    const wanted = await confirm(
      t("report.block.removeTitle"),
      t("report.block.removeText"),
      t("report.leftOut.remove"),
    );
    if (wanted) await arrange({ type: "remove", block });
  }

  return { handles, leftOut, act, insert, add, rewrite, replace, bringBack, remove };
}

export type Arranging = ReturnType<typeof useArranging>;
