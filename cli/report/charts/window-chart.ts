import type { Mark, Spec } from "vega";
import { type ArrayStep, piecesOf } from "../causes.ts";
import type { DetailedReport } from "../run-report.ts";
import type { Window } from "../windows.ts";
import { axisStyle, colorOf, draw, faint, font, ink, pageWidth } from "./style.ts";

const left = 190;
const right = 24;
const plotWidth = pageWidth - left - right - 44;
const rowHeight = 20;
const barHeight = 14;

/** A coloured piece of a row, in cycles. */
interface Bar {
  readonly row: number;
  readonly color: string;
  readonly from: number;
  readonly to: number;
}

/**
 * What happened while a block ran: a row for each of its layers (fed, or what it waited for), one for the array's other
 * work, then loads and stores by what they move.
 *
 * @returns SVG
 */
export function windowChart({ report, steps, bursts }: DetailedReport, window: Window): Promise<string> {
  const { from, to } = window;
  const names = window.layers.map((index) => shortName(report.layers[index].name, window.block));
  const [others, loads, stores] = [names.length, names.length + 1, names.length + 2];
  const within = (start: number, end: number): boolean => end > from && start < to;
  const bars: Bar[] = [];
  for (const step of steps.filter((step) => within(step.from, step.end)))
    bars.push(...stepBars(step, window.layers.indexOf(step.operation), others));
  const foreign = bars.some(({ row }) => row === others);
  for (const { transfer, ...time } of bursts.filter((burst) => within(burst.from, burst.to)))
    bars.push({
      row: (transfer.direction === "read" ? loads : stores) - (foreign ? 0 : 1),
      color: colorOf(transfer.kind),
      ...time,
    });
  const labels = [...names, ...(foreign ? ["other layers"] : []), "loads", "stores"];
  const smallest = (to - from) / plotWidth / 2;
  const spec: Spec = {
    width: plotWidth,
    height: labels.length * rowHeight,
    padding: { left, right, top: 6, bottom: 38 },
    data: [
      { name: "bars", values: merged(bars, from, to, smallest) },
      { name: "labels", values: labels.map((label, row) => ({ label, row, weight: row < names.length ? 400 : 600 })) },
    ],
    scales: [{ name: "x", type: "linear", domain: [from, to], range: [0, plotWidth], zero: false, nice: false }],
    axes: [
      {
        ...axisStyle,
        scale: "x",
        orient: "bottom",
        tickCount: 8,
        format: ",d",
        grid: true,
        title: "clock cycles",
        titlePadding: 6,
      },
    ],
    marks: [rects(), rowLabels()],
  };
  return draw(spec);
}

function stepBars(step: ArrayStep, own: number, others: number): readonly Bar[] {
  const pieces = piecesOf(step).map(({ cause, from, to }) => ({ color: colorOf(cause), from, to, cause }));
  if (own >= 0) return pieces.map(({ cause: _, ...piece }) => ({ row: own, ...piece }));
  // Of other layers' work only the work: what they wait for stands in their own block's picture.
  return pieces.flatMap(({ cause, ...piece }) => (cause === "busy" ? [{ row: others, ...piece }] : []));
}

/** Bars clipped to a window; those of one colour that nearly touch become one, those too small to see go. */
function merged(bars: readonly Bar[], from: number, to: number, smallest: number): readonly Bar[] {
  const open = new Map<string, { row: number; color: string; from: number; to: number }>();
  const done: Bar[] = [];
  for (const bar of [...bars].sort((a, b) => a.from - b.from)) {
    const clipped = { ...bar, from: Math.max(from, bar.from), to: Math.min(to, bar.to) };
    const key = `${bar.row} ${bar.color}`;
    const before = open.get(key);
    if (before !== undefined && clipped.from - before.to < smallest) before.to = Math.max(before.to, clipped.to);
    else {
      if (before !== undefined) done.push(before);
      open.set(key, clipped);
    }
  }
  return [...done, ...open.values()].filter((bar) => bar.to - bar.from >= smallest / 2);
}

function shortName(layer: string, block: string): string {
  return layer.startsWith(`${block}/`) ? layer.slice(block.length + 1) : layer;
}

function rects(): Mark {
  return {
    type: "rect",
    from: { data: "bars" },
    encode: {
      enter: {
        x: { scale: "x", field: "from" },
        x2: { scale: "x", field: "to" },
        y: { signal: `datum.row * ${rowHeight} + ${(rowHeight - barHeight) / 2}` },
        height: { value: barHeight },
        fill: { field: "color" },
      },
    },
  };
}

function rowLabels(): Mark {
  return {
    type: "text",
    from: { data: "labels" },
    encode: {
      enter: {
        x: { value: -12 },
        y: { signal: `datum.row * ${rowHeight} + ${rowHeight / 2}` },
        align: { value: "right" },
        baseline: { value: "middle" },
        text: { field: "label" },
        font: { value: font },
        fontSize: { value: 11.5 },
        fontWeight: { field: "weight" },
        fill: { signal: `datum.weight > 400 ? '${faint}' : '${ink}'` },
      },
    },
  };
}
