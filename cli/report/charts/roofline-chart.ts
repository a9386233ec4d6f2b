import type { Spec } from "vega";
import { causes } from "../causes.ts";
import type { RooflinePoint } from "../roofline.ts";
import type { RunReport } from "../run-report.ts";
import { dots, names, noteOf, roof, roofLabels, star } from "./roofline-marks.ts";
import { axisStyle, colorOf, draw } from "./style.ts";

const width = 560;
const height = 340;

/** Layers under the roofs: MACs a cycle over MACs a byte, both logarithmic. @returns SVG */
export function rooflineChart({ roofline }: RunReport): Promise<string> {
  const { peakMacs, bytesPerCycle, layers, network } = roofline;
  const drawn = layers.filter(({ intensity }) => intensity !== null);
  const points = [...drawn, network];
  const ridge = peakMacs / bytesPerCycle;
  const intensities = [...points.map(({ intensity }) => intensity ?? ridge), ridge];
  const rates = points.map(({ macsPerCycle }) => macsPerCycle);
  const x = [Math.min(...intensities) / 1.5, Math.max(...intensities) * 1.5];
  const y = [Math.min(...rates, peakMacs / 8) / 1.5, peakMacs * 1.6];
  const most = Math.max(...drawn.map(({ macs }) => macs));
  const roofs = [
    { x: y[0] / bytesPerCycle, y: y[0] },
    { x: ridge, y: peakMacs },
    { x: x[1], y: peakMacs },
  ];
  const spec: Spec = {
    width,
    height,
    padding: { left: 58, right: 14, top: 16, bottom: 44 },
    data: [
      {
        name: "layers",
        values: drawn.map((point) => ({ ...point, size: 24 + 260 * (point.macs / most), note: noteOf(point) })),
      },
      { name: "named", values: slowest(drawn, peakMacs) },
      { name: "roofs", values: roofs },
    ],
    scales: [
      { name: "x", type: "log", domain: x, range: [0, width], zero: false },
      { name: "y", type: "log", domain: y, range: [height, 0], zero: false },
      { name: "loss", type: "ordinal", domain: [...causes], range: causes.map(colorOf) },
    ],
    axes: [
      {
        ...axisStyle,
        scale: "x",
        orient: "bottom",
        values: ticks(x),
        format: ",~g",
        grid: true,
        title: "useful MACs for each DRAM byte",
        titlePadding: 8,
      },
      {
        ...axisStyle,
        scale: "y",
        orient: "left",
        values: ticks(y),
        format: ",~g",
        grid: true,
        title: "useful MACs a cycle",
        titlePadding: 10,
      },
    ],
    marks: [
      {
        type: "group",
        encode: { enter: { width: { value: width }, height: { value: height }, clip: { value: true } } },
        marks: [roof(), dots()],
      },
      ...roofLabels(peakMacs, bytesPerCycle, x, y),
      names(),
      star(network),
    ],
  };
  return draw(spec);
}

/** Layers far below the roof, to be named: the slowest four, but none whose name would lie over another's. */
function slowest(points: readonly RooflinePoint[], peakMacs: number): readonly RooflinePoint[] {
  const named: RooflinePoint[] = [];
  for (const point of [...points].sort((a, b) => a.macsPerCycle - b.macsPerCycle)) {
    const apart = named.every(({ macsPerCycle }) => point.macsPerCycle > 1.25 * macsPerCycle);
    if (apart && point.macsPerCycle < peakMacs / 2 && named.length < 4) named.push(point);
  }
  return named;
}

/** 1, 2, 5, 10, ... within a range. */
function ticks([from, to]: readonly number[]): number[] {
  const decades = Array.from({ length: 14 }, (_, i) => 10 ** (i - 4));
  return decades.flatMap((decade) => [decade, 2 * decade, 5 * decade]).filter((value) => value >= from && value <= to);
}
