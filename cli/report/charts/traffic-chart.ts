import type { Mark, Spec } from "vega";
import type { RunReport } from "../run-report.ts";
import { trafficKinds } from "../traffic.ts";
import { axisStyle, colorOf, draw, font, ink } from "./style.ts";

const width = 420;
const barHeight = 34;
const pitch = 54;

/** Bytes read and written by kind, as two bars. @returns SVG */
export function trafficChart({ traffic }: RunReport): Promise<string> {
  const directions = ["read", "write"] as const;
  const totals = directions.map((direction) => trafficKinds.reduce((sum, kind) => sum + traffic[kind][direction], 0));
  const pieces = directions.flatMap((direction, row) => {
    let from = 0;
    return trafficKinds.flatMap((kind) => {
      const bytes = traffic[kind][direction];
      const piece = {
        y: row * pitch,
        from,
        to: from + bytes,
        kind,
        note: `${kind}, ${direction}: ${bytes.toLocaleString("en-US")} bytes`,
      };
      from += bytes;
      return bytes > 0 ? [piece] : [];
    });
  });
  const rows = directions.map((name, row) => ({ name, y: row * pitch + barHeight / 2 }));
  const spec: Spec = {
    width,
    height: 2 * pitch - (pitch - barHeight),
    padding: { left: 58, right: 30, top: 10, bottom: 44 },
    data: [
      { name: "pieces", values: pieces },
      { name: "rows", values: rows },
    ],
    scales: [
      { name: "x", type: "linear", domain: [0, Math.max(...totals, 1)], range: [0, width], nice: false },
      { name: "kind", type: "ordinal", domain: [...trafficKinds], range: trafficKinds.map(colorOf) },
    ],
    axes: [
      {
        ...axisStyle,
        scale: "x",
        orient: "bottom",
        tickCount: 5,
        format: "~s",
        grid: true,
        title: "bytes an image",
        titlePadding: 8,
      },
    ],
    marks: [bars(), names()],
  };
  return draw(spec);
}

function bars(): Mark {
  return {
    type: "rect",
    from: { data: "pieces" },
    encode: {
      enter: {
        x: { scale: "x", field: "from" },
        x2: { scale: "x", field: "to" },
        y: { field: "y" },
        height: { value: barHeight },
        fill: { scale: "kind", field: "kind" },
        description: { field: "note" },
      },
    },
  };
}

function names(): Mark {
  return {
    type: "text",
    from: { data: "rows" },
    encode: {
      enter: {
        x: { value: -10 },
        y: { field: "y" },
        align: { value: "right" },
        baseline: { value: "middle" },
        text: { field: "name" },
        font: { value: font },
        fontSize: { value: 12.5 },
        fill: { value: ink },
      },
    },
  };
}
