import { VargenError } from "../../models/errors.ts";
import { countMacs } from "../../models/graph/index.ts";
import { type FeatureShape, type Network, tensorOf } from "../../models/ir/network.ts";
import { networkMacs } from "../../models/ir/shape.ts";
import { type NetworkOptions, networkGraph, networkNames, seededNetwork } from "../../models/networks/index.ts";
import { readNetwork } from "../../models/onnx/index.ts";
import { chosenSize, readNetworkFile, type SizeChoice } from "../network.ts";
import { usageError, usageProblem } from "../options/parse.ts";
import type { Extents } from "../options/spec.ts";

/** A network to compare, at one scale, group width and input. */
export interface Variant {
  /** As it could be asked for: `vargnet-v1@g8x0.25`. */
  readonly label: string;
  readonly name: string;
  /** G of a VarGNet. */
  readonly group: number | null;
  readonly scale: number;
  readonly inputShape: FeatureShape;
  readonly madds: number;
  /** The network in int8. @throws VargenError if it cannot be made or read */
  readonly build: () => Network;
  /** The same on another input, if it takes that. */
  readonly resized: (extents: Extents) => Variant | undefined;
}

/** How a variant is written. */
const variantSyntax = "NAME[@[gG][xSCALE]][:HxW], such as vargnet-v1@g4x0.5:128, or an ONNX file";

/** What holds for all variants that do not say otherwise. */
export interface VariantDefaults extends SizeChoice {
  readonly seed: number;
  /** Group width of a VarGNet where nothing says. */
  readonly groupWidth: number;
}

/**
 * Reads what a variant says.
 * @throws VargenError for bad syntax, an unknown network, and options that it does not have or that are out of range
 */
export function parseVariant(text: string, defaults: VariantDefaults): Variant {
  if (text.endsWith(".onnx")) return fileVariant(text, defaults);
  const match = /^([^@:]+)(?:@(?=[gx])(?:g(\d+))?(?:x(\d*\.?\d+))?)?(?::(\d+)(?:x(\d+))?)?$/.exec(text);
  if (match === null)
    throw usageError([usageProblem("out-of-range", "--networks", `cannot be '${text}'`, `it takes: ${variantSyntax}`)]);
  const [, name, group, scale, height, width = height] = match;
  if (!networkNames.includes(name)) networkGraph(name);
  const choice = {
    classes: defaults.classes,
    group: group === undefined ? defaults.group : Number(group),
    scale: scale === undefined ? defaults.scale : Number(scale),
    inputSize: height === undefined ? defaults.inputSize : { height: Number(height), width: Number(width) },
  };
  return namedVariant(name, chosenSize(name, choice, defaults.groupWidth), defaults.seed);
}

function namedVariant(name: string, options: NetworkOptions, seed: number): Variant {
  const graph = networkGraph(name, options);
  const { inputHeight: _, inputWidth: __, ...size } = options;
  const paper = networkGraph(name, size).inputShape;
  const { scale = 1, group } = options;
  const { height, width } = graph.inputShape;
  const square = height === width ? `:${height}` : `:${height}x${width}`;
  const own = `${group === undefined ? "" : `g${group}`}${scale === 1 ? "" : `x${scale}`}`;
  return {
    label: `${name}${own && `@${own}`}${paper.height === height && paper.width === width ? "" : square}`,
    name,
    group: group ?? null,
    scale,
    inputShape: graph.inputShape,
    madds: countMacs(graph),
    build: () => seededNetwork(name, { ...options, seed }),
    resized: (extents) => {
      try {
        return namedVariant(name, { ...size, inputHeight: extents.height, inputWidth: extents.width }, seed);
      } catch (error) {
        if (error instanceof VargenError) return undefined;
        throw error;
      }
    },
  };
}

function fileVariant(path: string, { scale, group, inputSize, classes }: VariantDefaults): Variant {
  const misplaced = Object.entries({ scale, group, inputSize, classes }).filter(([, value]) => value !== undefined);
  if (misplaced.length > 0)
    throw usageError(misplaced.map(([key]) => usageProblem("conflict", `--${key}`, "applies to named networks only")));
  const network = readNetwork(readNetworkFile(path), path);
  return {
    label: path,
    name: path,
    group: null,
    scale: 1,
    inputShape: tensorOf(network, network.input).shape,
    madds: networkMacs(network),
    build: () => network,
    resized: () => undefined,
  };
}
