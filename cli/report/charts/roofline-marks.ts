import type { Mark } from "vega";
import type { RooflinePoint } from "../roofline.ts";
import { colorOf, faint, font, ink, paper } from "./style.ts";

/** What a point says of itself. */
export function noteOf({ name, macsPerCycle, intensity }: RooflinePoint): string {
  return `${name}: ${macsPerCycle.toFixed(0)} MACs a cycle, ${(intensity ?? 0).toFixed(1)} MACs a byte`;
}

/** The roofs. */
export function roof(): Mark {
  return {
    type: "line",
    from: { data: "roofs" },
    encode: {
      enter: {
        x: { scale: "x", field: "x" },
        y: { scale: "y", field: "y" },
        stroke: { value: ink },
        strokeWidth: { value: 1.6 },
      },
    },
  };
}

/** A dot a layer. */
export function dots(): Mark {
  return {
    type: "symbol",
    from: { data: "layers" },
    sort: { field: "datum.size", order: "descending" },
    encode: {
      enter: {
        x: { scale: "x", field: "intensity" },
        y: { scale: "y", field: "macsPerCycle" },
        size: { field: "size" },
        fill: { signal: `datum.lostTo ? scale('loss', datum.lostTo) : '${colorOf("useful")}'` },
        fillOpacity: { value: 0.85 },
        stroke: { value: paper },
        strokeWidth: { value: 1 },
        description: { field: "note" },
      },
    },
  };
}

/** Names beside some dots. */
export function names(): Mark {
  return {
    type: "text",
    from: { data: "named" },
    encode: {
      enter: {
        x: { scale: "x", field: "intensity", offset: 11 },
        y: { scale: "y", field: "macsPerCycle" },
        baseline: { value: "middle" },
        text: { field: "name" },
        font: { value: font },
        fontSize: { value: 11.5 },
        fill: { value: ink },
      },
    },
  };
}

/** The whole network, as a diamond with its name. */
export function star(network: RooflinePoint): Mark {
  const place = {
    x: { scale: "x", value: network.intensity ?? 1 },
    y: { scale: "y", value: network.macsPerCycle },
  };
  return {
    type: "group",
    marks: [
      {
        type: "symbol",
        encode: {
          enter: {
            ...place,
            shape: { value: "diamond" },
            size: { value: 190 },
            fill: { value: ink },
            stroke: { value: paper },
            strokeWidth: { value: 1.5 },
            description: { value: noteOf(network) },
          },
        },
      },
      {
        type: "text",
        encode: {
          enter: {
            ...place,
            dy: { value: 22 },
            align: { value: "center" },
            text: { value: "whole network" },
            font: { value: font },
            fontSize: { value: 11.5 },
            fontWeight: { value: 600 },
            fill: { value: ink },
          },
        },
      },
    ],
  };
}

/** What bounds each roof. */
export function roofLabels(peak: number, bytesPerCycle: number, x: readonly number[], y: readonly number[]): Mark[] {
  const style = { font: { value: font }, fontSize: { value: 11 }, fill: { value: faint } };
  // In the upper half of the slope's visible part.
  const [low, high] = [Math.max(x[0], y[0] / bytesPerCycle), peak / bytesPerCycle].map(Math.log);
  const onSlope = Math.exp(low + 0.75 * (high - low));
  return [
    {
      type: "text",
      encode: {
        enter: {
          ...style,
          x: { scale: "x", value: peak / bytesPerCycle, offset: 6 },
          y: { scale: "y", value: peak, offset: -13 },
          text: { value: `${peak} MAC units` },
        },
      },
    },
    {
      type: "text",
      encode: {
        enter: {
          ...style,
          x: { scale: "x", value: onSlope, offset: -9 },
          y: { scale: "y", value: onSlope * bytesPerCycle },
          align: { value: "right" },
          baseline: { value: "middle" },
          text: { value: `${bytesPerCycle} bytes a cycle` },
        },
      },
    },
  ];
}
