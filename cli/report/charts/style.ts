import { type Axis, parse, type Spec, View } from "vega";
import type { Cause } from "../causes.ts";
import type { TrafficKind } from "../traffic.ts";

/** Width of a picture as wide as the page, in pixels, as all sizes here. */
export const pageWidth = 1120;

/** Colours are variables of the page's style sheet, which has them for light and dark screens. */
export const ink = "var(--ink)";
export const faint = "var(--faint)";
export const grid = "var(--grid)";
export const paper = "var(--card)";
export const font = "inherit";

/** The colour of a cause or a kind of traffic. What loads weights is as orange as what waits for them. */
export function colorOf(name: Cause | TrafficKind | "busy"): string {
  return `var(--${name})`;
}

/** An axis in the style of the page. */
export const axisStyle = {
  domain: false,
  ticks: false,
  gridColor: grid,
  labelFont: font,
  labelFontSize: 11,
  labelColor: faint,
  labelPadding: 7,
  titleFont: font,
  titleFontSize: 11.5,
  titleFontWeight: "normal",
  titleColor: faint,
} as const satisfies Partial<Axis>;

/** Draws a picture. @returns SVG */
export async function draw(spec: Spec): Promise<string> {
  return new View(parse({ autosize: "none", ...spec }), { renderer: "none" }).toSVG();
}
