import type { Mark } from "vega";
import type { Window } from "../windows.ts";
import { faint, font, grid, ink } from "./style.ts";

const rowHeight = 14;
const barHeight = 8;

/** Height of a row for each window. */
export function blockRowsHeight(windows: readonly Window[]): number {
  return windows.length * rowHeight;
}

/**
 * A row for each block: its name, and a bar from its first computation to its last. Lines go down from where blocks begin.
 * @param height down to which the lines go
 */
export function blockRows(windows: readonly Window[], pixelsPerCycle: number, height: number): Mark {
  const values = windows.map(({ block, from, to, cycles }, row) => ({
    block,
    from: from * pixelsPerCycle,
    width: Math.max(1.5, (to - from) * pixelsPerCycle),
    y: row * rowHeight,
    note: `${block}: from cycle ${from.toLocaleString("en-US")} to ${to.toLocaleString("en-US")}, ${cycles.toLocaleString("en-US")} of the array's cycles`,
  }));
  const middle = { field: "y", offset: rowHeight / 2 };
  return {
    type: "group",
    data: [{ name: "blocks", values }],
    marks: [
      {
        type: "rule",
        from: { data: "blocks" },
        encode: {
          enter: {
            x: { field: "from" },
            y: middle,
            y2: { value: height },
            stroke: { value: grid },
            strokeWidth: { value: 1 },
          },
        },
      },
      {
        type: "rect",
        from: { data: "blocks" },
        encode: {
          enter: {
            x: { field: "from" },
            width: { field: "width" },
            y: { field: "y", offset: (rowHeight - barHeight) / 2 },
            height: { value: barHeight },
            cornerRadius: { value: 2 },
            fill: { value: faint },
            fillOpacity: { value: 0.75 },
            description: { field: "note" },
          },
        },
      },
      {
        type: "text",
        from: { data: "blocks" },
        encode: {
          enter: {
            x: { value: -10 },
            y: middle,
            align: { value: "right" },
            baseline: { value: "middle" },
            text: { field: "block" },
            font: { value: font },
            fontSize: { value: 11 },
            fill: { value: ink },
          },
        },
      },
    ],
  };
}
