import { createColors } from "picocolors";
import type { Problem } from "../models/errors.ts";
import type { Calibration, LayerError } from "../models/quantization/index.ts";
import { group, percent } from "./report-text.ts";
import { formatTable } from "./table.ts";

/** Images of a test set that are classified right. */
export interface Evaluation {
  readonly float: number;
  readonly int8: number;
  /** Images for which both networks choose the same class. */
  readonly same: number;
  readonly total: number;
}

/** What a quantisation came to. */
export interface QuantizationResult {
  readonly network: string;
  readonly file: string;
  readonly format: string;
  readonly bytes: number;
  readonly activations: string;
  readonly calibration: Calibration;
  /** Calibration images. */
  readonly images: number;
  readonly macs: number;
  readonly layers: readonly LayerError[];
  readonly accuracy: Evaluation | undefined;
  /** Layers that the array does not run. */
  readonly unmapped: readonly Problem[];
}

/** The result for programs; a ratio that is infinite is null. */
export function quantizationFacts({ layers, accuracy, ...rest }: QuantizationResult) {
  return { ...rest, ...(accuracy === undefined ? {} : { accuracy }), layers };
}

/** The result for people: a table of the layers, then the totals. */
export function describeQuantization(result: QuantizationResult, colors: boolean): string {
  const { bold, yellow } = createColors(colors);
  const { layers, accuracy, unmapped, calibration } = result;
  const heading = ["layer", "kind", "SQNR dB", "weights dB", "least", "largest", "scale", "zero", "at the ends"];
  const rows = layers.map((layer) => [
    ...[layer.name, layer.kind, decibels(layer.outputSqnr)],
    layer.weightSqnr === undefined ? "" : decibels(layer.weightSqnr),
    ...[layer.min, layer.max, layer.quantization.scale].map((value) => value.toPrecision(4)),
    ...[String(layer.quantization.zeroPoint), percent(layer.saturated)],
  ]);
  const [first, ...rest] = formatTable(
    [heading, ...rows],
    heading.map((_, column) => column > 1),
  ).split("\n");
  const worst = layers.reduce((least, layer) => (layer.outputSqnr < least.outputSqnr ? layer : least));
  const method = calibration.method === "percentile" ? `percentile ${calibration.percentile}` : calibration.method;
  const lines: readonly (readonly [string, string])[] = [
    ["calibration", `${group(result.images)} images, ${method}, ${result.activations} activations`],
    [
      "worst layer",
      `${worst.name}: ${decibels(worst.outputSqnr)} dB; the last: ${decibels(layers[layers.length - 1].outputSqnr)} dB`,
    ],
    ...(accuracy === undefined ? [] : [["top-1", describeAccuracy(accuracy)] as const]),
    ["network", `${layers.length} layers, ${group(result.macs)} MACs`],
    ["written", `${result.file}, ${result.format}, ${group(result.bytes)} bytes`],
  ];
  const missing = unmapped.map(({ path, message }) => yellow(`${path}: ${message}\n`)).join("");
  return `${bold(first)}\n${rest.join("\n")}${lines.map(([name, text]) => `${name.padEnd(18)}${text}\n`).join("")}${missing}`;
}

function describeAccuracy({ float, int8, same, total }: Evaluation): string {
  const share = (count: number): string => `${((100 * count) / total).toFixed(2)} %`;
  return `float ${share(float)}, int8 ${share(int8)} of ${group(total)} images; the same class for ${share(same)}`;
}

function decibels(value: number): string {
  return Number.isFinite(value) ? value.toFixed(1) : value > 0 ? "exact" : "none";
}
