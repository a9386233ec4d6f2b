import type { Title } from "vega";
import type { WorkKind } from "../../models/networks/index.ts";

/** Width of a panel in pixels. */
export const width = 1040;

export const font = "Inter, 'Helvetica Neue', Helvetica, Arial, 'DejaVu Sans', sans-serif";
export const ink = "#1f2933";
export const faint = "#7b8794";
export const paper = "#ffffff";

/** Colours told apart by colour-blind people too (Okabe and Ito's). */
export const colors: Readonly<Record<WorkKind, string>> = {
  depthwise: "#d55e00",
  group: "#009e73",
  pointwise: "#0072b2",
  dense: "#cc79a7",
  "fully connected": "#8c8c8c",
  pool: "#e6b800",
  copy: "#56b4e9",
};

/** Of every axis: lines over the whole panel, faint numbers. */
export const gridAxis = {
  grid: true,
  gridColor: "#e8ecf0",
  domain: false,
  ticks: false,
  labelFont: font,
  labelFontSize: 11,
  labelColor: faint,
  labelPadding: 8,
} as const;

/**
 * A picture's heading.
 *
 * @param offset pixels between it and the panels
 */
export function title(text: string, subtitle: string[], offset: number): Title {
  return {
    text,
    subtitle,
    anchor: "start",
    frame: "group",
    font,
    fontSize: 21,
    fontWeight: 600,
    color: ink,
    subtitleFont: font,
    subtitleFontSize: 13.5,
    subtitleColor: faint,
    subtitlePadding: 8,
    subtitleLineHeight: 19,
    offset,
  };
}
