import type { Data, Mark, Spec } from "vega";
import { causes } from "../causes.ts";
import type { RunReport } from "../run-report.ts";
import { trafficKinds } from "../traffic.ts";
import { blockRows, blockRowsHeight } from "./block-rows.ts";
import { axisStyle, colorOf, draw, pageWidth } from "./style.ts";

const right = 16;
const gap = 16;
/** Of a block's name, at most. */
const letterWidth = 6.4;

interface Panel {
  readonly name: string;
  readonly title: string;
  readonly height: number;
  readonly keys: readonly (keyof RunReport["overview"]["array"] | keyof RunReport["overview"]["read"])[];
  readonly series: Readonly<Record<string, readonly number[]>>;
  /** What 100 % of a slice is. */
  readonly full: number;
}

/** The whole run over time: when each block runs, what the array does, and how full the DRAM bus is in either direction. @returns SVG */
export function overviewChart({ overview, windows, roofline, predictedCycles }: RunReport): Promise<string> {
  const { sliceCycles, array, read, write } = overview;
  const bus = sliceCycles * roofline.bytesPerCycle;
  const panels: readonly Panel[] = [
    { name: "array", title: "array", height: 150, keys: causes, series: array, full: sliceCycles },
    { name: "read", title: "DRAM reads", height: 84, keys: trafficKinds, series: read, full: bus },
    { name: "write", title: "DRAM writes", height: 72, keys: trafficKinds, series: write, full: bus },
  ];
  const left = Math.max(84, 24 + letterWidth * Math.max(...windows.map(({ block }) => block.length)));
  const plotWidth = pageWidth - left - right;
  const first = blockRowsHeight(windows) + gap;
  const height = panels.reduce((sum, panel) => sum + panel.height + gap, first) - gap;
  const slices = Math.ceil(predictedCycles / sliceCycles);
  const tops = panels.map((_, i) => panels.slice(0, i).reduce((sum, panel) => sum + panel.height + gap, first));
  const spec: Spec = {
    width: plotWidth,
    height,
    padding: { left, right, top: 6, bottom: 40 },
    scales: [
      // Slices are whole, so that the last one ends beyond the run.
      { name: "x", type: "linear", domain: [0, slices * sliceCycles], range: [0, plotWidth], zero: false },
    ],
    axes: [{ ...axisStyle, scale: "x", orient: "bottom", title: "clock cycles", titlePadding: 8, format: ",d" }],
    marks: [
      blockRows(windows, plotWidth / (slices * sliceCycles), height),
      ...panels.map((p, i) => panelMark(p, tops[i], sliceCycles, plotWidth)),
    ],
  };
  return draw(spec);
}

function panelMark(
  { name, title, height, keys, series, full }: Panel,
  top: number,
  sliceCycles: number,
  width: number,
): Mark {
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
    encode: { enter: { y: { value: top }, width: { value: width }, height: { value: height } } },
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
