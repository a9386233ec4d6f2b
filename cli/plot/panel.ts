import type { Mark } from "vega";
import type { IntensityAnalysis } from "../../models/networks/index.ts";
import type { Layout } from "./layout.ts";
import { faint, font, gridAxis, ink, paper, width } from "./style.ts";

/** In pixels, as all sizes here. */
export const panelHeight = 236;

/** Above a panel: its heading. */
export const headingRoom = 52;

/** Slope of the labels below a panel, in degrees, and the width of one of their letters. */
const labelAngle = 40;
const letterWidth = 5.4;

/** The narrowest band that its ratio fits above. */
const labelledWidth = 15;

/** Below a panel: its slanting labels. */
export function labelRoom({ bands }: Layout): number {
  const longest = Math.max(0, ...bands.map(({ name }) => name.length));
  return 30 + longest * letterWidth * Math.sin((labelAngle * Math.PI) / 180);
}

/** One network: heading, grid, bands, dots and labels. */
export function panel(analysis: IntensityAnalysis, layout: Layout, top: number, dotSize: number): Mark {
  const slot = width / layout.width;
  const bands = layout.bands.map((band) => ({ ...band, middle: ((band.from + band.to) / 2) * slot }));
  const blocks = bands.filter(({ ratio }) => ratio !== "");
  const labelled = blocks.filter(({ from, to }) => (to - from + 1) * slot >= labelledWidth);
  return {
    type: "group",
    encode: { enter: { y: { value: top }, width: { value: width }, height: { value: panelHeight } } },
    data: [
      { name: "dots", values: layout.dots.map((dot) => ({ ...dot, px: dot.x * slot })) },
      { name: "bands", values: bands.map((band) => ({ ...band, x1: band.from * slot, x2: band.to * slot })) },
      { name: "blocks", values: blocks.map((band) => ({ ...band, x1: band.from * slot, x2: band.to * slot })) },
      { name: "labelled", values: labelled },
    ],
    axes: [
      {
        scale: "y",
        orient: "left",
        values: [1, 3, 10, 30, 100, 300, 1000, 3000],
        format: ",d",
        ...gridAxis,
      },
    ],
    marks: [
      ...heading(analysis),
      {
        type: "rect",
        from: { data: "blocks" },
        encode: {
          enter: {
            x: { field: "x1" },
            x2: { field: "x2" },
            y: { scale: "y", field: "highest", offset: -dotPadding(dotSize) },
            y2: { scale: "y", field: "lowest", offset: dotPadding(dotSize) },
            cornerRadius: { value: Math.min(8, slot / 2) },
            fill: { value: "#52606d" },
            fillOpacity: { value: 0.11 },
            tooltip: { field: "name" },
          },
        },
      },
      {
        type: "text",
        from: { data: "labelled" },
        encode: {
          enter: {
            x: { field: "middle" },
            y: { scale: "y", field: "highest", offset: -dotPadding(dotSize) - 6 },
            text: { field: "ratio" },
            align: { value: "center" },
            font: { value: font },
            fontSize: { value: 11.5 },
            fontWeight: { value: 600 },
            fill: { value: ink },
          },
        },
      },
      {
        type: "symbol",
        from: { data: "dots" },
        encode: {
          enter: {
            x: { field: "px" },
            y: { scale: "y", field: "intensity" },
            size: { value: dotSize },
            fill: { scale: "kind", field: "kind" },
            stroke: { value: paper },
            strokeWidth: { value: 0.8 },
            tooltip: { field: "layer" },
          },
        },
      },
      {
        type: "text",
        from: { data: "bands" },
        encode: {
          enter: {
            x: { field: "middle", offset: 3 },
            y: { value: panelHeight + 12 },
            text: { field: "name" },
            angle: { value: -labelAngle },
            align: { value: "right" },
            baseline: { value: "middle" },
            font: { value: font },
            fontSize: { value: 10.5 },
            fill: { value: faint },
          },
        },
      },
    ],
  };
}

function heading({ network, blocks, meanRatio, worstRatio }: IntensityAnalysis): Mark[] {
  const text = (value: string, x: number, style: object): Mark => ({
    type: "text",
    encode: {
      enter: {
        x: { value: x },
        y: { value: -14 },
        text: { value },
        font: { value: font },
        fill: { value: ink },
        ...style,
      },
    },
  });
  const ratios = `busiest layer of a block: ${meanRatio.toFixed(1)}× its idlest on average, ${worstRatio.toFixed(1)}× at worst`;
  return [
    text(network, 0, { fontSize: { value: 15 }, fontWeight: { value: 600 } }),
    text(blocks.length === 0 ? "no blocks" : ratios, width, { fontSize: { value: 13 }, align: { value: "right" } }),
  ];
}

/** Room between a band's end and the middle of its outermost dot, in pixels. */
function dotPadding(dotSize: number): number {
  return Math.sqrt(dotSize) / 2 + 3;
}
