import type { Data, Mark, Spec } from "vega";
import { causes } from "../causes.ts";
import type { RunReport } from "../run-report.ts";
import { trafficKinds } from "../traffic.ts";
import type { Window } from "../windows.ts";
import { axisStyle, colorOf, draw, faint, font, ink, pageWidth } from "./style.ts";

const left = 92;
const right = 16;
const labelRoom = 92;
const gap = 16;
const plotWidth = pageWidth - left - right;

interface Panel {
  readonly name: string;
  readonly title: string;
  readonly height: number;
  readonly keys: readonly (keyof RunReport["overview"]["array"] | keyof RunReport["overview"]["read"])[];
  readonly series: Readonly<Record<string, readonly number[]>>;
  /** What 100 % of a slice is. */
  readonly full: number;
}

/** The whole run over time: what the array does, and how full the DRAM bus is in either direction. @returns SVG */
export function overviewChart({ overview, windows, roofline, predictedCycles }: RunReport): Promise<string> {
  const { sliceCycles, array, read, write } = overview;
  const bus = sliceCycles * roofline.bytesPerCycle;
  const panels: readonly Panel[] = [
    { name: "array", title: "array", height: 150, keys: causes, series: array, full: sliceCycles },
    { name: "read", title: "DRAM reads", height: 84, keys: trafficKinds, series: read, full: bus },
    { name: "write", title: "DRAM writes", height: 56, keys: trafficKinds, series: write, full: bus },
  ];
  const height = panels.reduce((sum, panel) => sum + panel.height + gap, 0) - gap;
  const slices = Math.ceil(predictedCycles / sliceCycles);
  const tops = panels.map((_, i) => panels.slice(0, i).reduce((sum, panel) => sum + panel.height + gap, 0));
  const spec: Spec = {
    width: plotWidth,
    height,
    padding: { left, right, top: labelRoom, bottom: 40 },
    scales: [
      // Slices are whole, so that the last one ends beyond the run.
      { name: "x", type: "linear", domain: [0, slices * sliceCycles], range: [0, plotWidth], zero: false },
    ],
    axes: [{ ...axisStyle, scale: "x", orient: "bottom", title: "clock cycles", titlePadding: 8, format: ",d" }],
    marks: [
      ...bands(windows, height, plotWidth / (slices * sliceCycles)),
      ...panels.map((p, i) => panelMark(p, tops[i], sliceCycles)),
    ],
  };
  return draw(spec);
}

function panelMark({ name, title, height, keys, series, full }: Panel, top: number, sliceCycles: number): Mark {
  const used = keys.filter((key) => series[key].some((value) => value > 0));
  const count = used.length === 0 ? 0 : series[used[0]].length;
  const below = new Array<number>(count).fill(0);
  const data: Data[] = used.map((key) => {
    const values = below.map((from, slice) => {
      const to = Math.min(1, from + series[key][slice] / full);
      below[slice] = to;
      return { x: slice * sliceCycles, from, to };
    });
    // A step to the right needs the last value once more.
    return { name: key, values: [...values, { ...values[count - 1], x: count * sliceCycles }] };
  });
  const y = (field: string) => ({ scale: `y-${name}`, field });
  return {
    type: "group",
    encode: { enter: { y: { value: top }, width: { value: plotWidth }, height: { value: height } } },
    data,
    scales: [{ name: `y-${name}`, type: "linear", domain: [0, 1], range: [height, 0] }],
    axes: [
      {
        ...axisStyle,
        scale: `y-${name}`,
        orient: "left",
        format: "~%",
        values: [0, 0.5, 1],
        grid: true,
        title,
        titlePadding: 10,
      },
    ],
    marks: used.map((key) => ({
      type: "area",
      from: { data: key },
      encode: {
        enter: {
          interpolate: { value: "step-after" },
          x: { scale: "x", field: "x" },
          y: y("to"),
          y2: y("from"),
          fill: { value: colorOf(key) },
        },
      },
    })),
  };
}

/** Where each block begins, with its name, unless the one before leaves no room. */
function bands(windows: readonly Window[], height: number, pixelsPerCycle: number): Mark[] {
  let taken = -100;
  const values = windows.flatMap(({ block, from, to }) => {
    const x = ((from + to) / 2) * pixelsPerCycle;
    const start = from * pixelsPerCycle;
    if (x < taken + 13) return [{ start, x, block: "" }];
    taken = x;
    return [{ start, x, block }];
  });
  const common = { font: { value: font }, fontSize: { value: 11.5 }, fill: { value: ink } };
  return [
    {
      type: "group",
      data: [{ name: "bands", values }],
      marks: [
        {
          type: "rule",
          from: { data: "bands" },
          encode: {
            enter: {
              x: { field: "start" },
              y: { value: -6 },
              y2: { value: height },
              stroke: { value: faint },
              strokeOpacity: { value: 0.45 },
              strokeDash: { value: [2, 3] },
            },
          },
        },
        {
          type: "text",
          from: { data: "bands" },
          encode: {
            enter: { ...common, x: { field: "x" }, y: { value: -10 }, text: { field: "block" }, angle: { value: -50 } },
          },
        },
      ],
    },
  ];
}
