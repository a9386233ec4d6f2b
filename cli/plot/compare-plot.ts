import { type Mark, parse, type Spec, View } from "vega";
import type { WorkKind } from "../../models/networks/index.ts";
import { workKinds } from "../../models/networks/index.ts";
import type { MeasuredRow } from "../compare/row.ts";
import { percent } from "../report-text.ts";
import { legend } from "./legend.ts";
import { colors, font, gridAxis, ink, paper, title, width } from "./style.ts";

/** In pixels, as all sizes here. */
const barHeight = 19;
const rowHeight = 25;
/** Before each VarGNet, so that it stands with those that it is compared with. */
const gap = 12;
const left = 230;
const right = 250;

/** A piece of a bar, in multiples of the least cycles that the network's MACs take. */
interface Piece {
  readonly y: number;
  readonly from: number;
  readonly to: number;
  readonly kind: WorkKind;
  readonly lost: boolean;
}

/**
 * A picture of networks on one accelerator: a bar each, the cycles that it takes for each one that its MACs need at
 * least. Left of the line at 1 are those, right of it those lost, by the kind of layer that loses them.
 *
 * @param rows at least one; a VarGNet begins a group
 * @returns SVG
 */
export async function comparePlot(rows: readonly MeasuredRow[], hardware: string): Promise<string> {
  return new View(parse(specOf(rows, hardware)), { renderer: "none" }).toSVG();
}

function specOf(rows: readonly MeasuredRow[], hardware: string): Spec {
  let y = 0;
  const places = rows.map((row, i) => {
    const isVargnet = row.name.startsWith("vargnet");
    if (i > 0 && isVargnet) y += gap;
    const place = { ...row, y, weight: isVargnet ? 600 : 400, facts: factsOf(row), end: 1 / row.utilization };
    y += rowHeight;
    return place;
  });
  const pieces = places.flatMap((row) => piecesOf(row, row.y));
  const kinds = workKinds.filter((kind) => pieces.some((piece) => piece.kind === kind));
  const most = Math.max(1.5, ...places.map(({ end }) => end));
  return {
    width,
    height: y + 8,
    autosize: "none",
    padding: { left: 28, right: 28, top: 140, bottom: 44 },
    background: paper,
    title: title(
      "Cycles taken for each cycle needed",
      [
        `Whole networks, one image, on ${hardware}. Up to the line: cycles that the MACs take with every MAC unit in use.`,
        "Beyond it, paler: cycles lost, by the kind of layer that loses them. On the right: useful MACs, images/s at 200 MHz.",
      ],
      42,
    ),
    data: [
      { name: "rows", values: places },
      { name: "pieces", values: pieces },
    ],
    scales: [
      { name: "x", type: "linear", domain: [0, most], range: [left, width - right], nice: false },
      { name: "kind", type: "ordinal", domain: kinds, range: kinds.map((kind) => colors[kind]) },
    ],
    axes: [
      {
        scale: "x",
        orient: "bottom",
        format: "~g",
        ...gridAxis,
      },
    ],
    marks: [...bars(), needed(y), ...labels(), { ...legend(kinds), encode: { enter: { y: { value: -24 } } } }],
  };
}

function bars(): Mark[] {
  return [
    {
      type: "rect",
      from: { data: "pieces" },
      encode: {
        enter: {
          x: { scale: "x", field: "from" },
          x2: { scale: "x", field: "to" },
          y: { field: "y" },
          height: { value: barHeight },
          fill: { scale: "kind", field: "kind" },
          fillOpacity: { signal: "datum.lost ? 0.38 : 1" },
          tooltip: { field: "kind" },
        },
      },
    },
  ];
}

/** The line where a perfect network would end. */
function needed(height: number): Mark {
  const x = { scale: "x", value: 1 };
  return {
    type: "rule",
    encode: {
      enter: { x, y: { value: -8 }, y2: { value: height }, stroke: { value: ink }, strokeWidth: { value: 1.2 } },
    },
  };
}

function labels(): Mark[] {
  const common = { baseline: { value: "middle" as const }, font: { value: font }, fontSize: { value: 12.5 } };
  const middle = { field: "y", offset: barHeight / 2 };
  return [
    {
      type: "text",
      from: { data: "rows" },
      encode: {
        enter: {
          ...common,
          x: { value: left - 12 },
          y: middle,
          align: { value: "right" },
          text: { field: "network" },
          fontWeight: { field: "weight" },
          fill: { value: ink },
        },
      },
    },
    {
      type: "text",
      from: { data: "rows" },
      encode: {
        enter: {
          ...common,
          x: { scale: "x", field: "end", offset: 10 },
          y: middle,
          text: { field: "facts" },
          fontWeight: { field: "weight" },
          fill: { value: ink },
        },
      },
    },
  ];
}

function factsOf({ utilization, imagesPerSecond, madds }: MeasuredRow): string {
  const images = imagesPerSecond.toFixed(imagesPerSecond < 10 ? 1 : 0);
  return `${percent(utilization)} · ${images}/s · ${(madds / 1e6).toFixed(0)} M MAdds`;
}

/** Needed cycles of every kind, then the lost ones. */
function piecesOf({ kinds, madds, peakMacs, utilization }: MeasuredRow, y: number): readonly Piece[] {
  const least = madds / peakMacs;
  const pieces: Piece[] = [];
  let from = 0;
  for (const lost of [false, true])
    for (const { kind, cycles, macs } of kinds) {
      const need = macs / peakMacs;
      const to = Math.min(1 / utilization, from + (lost ? Math.max(0, cycles - need) : need) / least);
      if (to > from) pieces.push({ y, from, to, kind, lost });
      from = to;
    }
  return pieces;
}
