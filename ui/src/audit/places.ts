// Where a finding stands on the pages: the mark to scroll to, and what is lit up for a moment.
import type { AuditPlace } from "../bindings/AuditPlace";
import type { Document } from "../bindings/Document";
import type { Mark } from "../bindings/Mark";
import type { PreviewPage } from "../bindings/PreviewPage";

export interface Spot {
  page: number;
  fraction: number;
  /** Name of the mark: key of a block or figure, id of a record. */
  name: string;
}

const nameOf = ({ target }: Mark) => (target.type === "record" ? target.value.id : target.value);

function findMark(pages: readonly PreviewPage[], name: string, first = 0): Spot | null {
  for (let page = first; page < pages.length; page += 1) {
    const sheet = pages[page];
    const mark = sheet?.marks.find((each) => nameOf(each) === name);
    if (sheet && mark) return { page, fraction: mark.y / sheet.height_pt, name };
  }
  return null;
}

/** Null where the place is on no page: an annex that is only a sheet of the workbook, or the records themselves. */
export function spotOf(document: Document, pages: readonly PreviewPage[], place: AuditPlace): Spot | null {
  switch (place.type) {
    case "block":
    case "text_cell":
      return findMark(pages, place.block);
    case "figure":
      return findMark(pages, place.key);
    case "annex":
      return findMark(pages, `annex.${place.annex}`);
    case "cell": {
      const head = findMark(pages, `annex.${place.annex}`);
      const table = document.annexes.find(({ number }) => number === place.annex)?.table;
      const cells = place.row === null ? table?.total : table?.rows[place.row];
      const cell = cells?.[place.column];
      const name = cell?.figure ?? cell?.record?.id ?? cells?.find(({ record }) => record)?.record?.id;
      return (head && name !== undefined && findMark(pages, name, head.page)) || head;
    }
    case "records":
      return null;
  }
}
