import { dequantizeValue } from "../../arithmetic/index.ts";
import { VargenError } from "../../errors.ts";
import { type Activations, type Layer, type Network, tensorOf } from "../../ir/network.ts";
import { type ImportedNetwork, importNetwork } from "../../onnx/index.ts";
import { runReference } from "../../reference/index.ts";
import { exchanged } from "../channels-last.ts";
import { compareWithOnnxRuntime } from "../compare.ts";
import { loadModel } from "../onnxruntime.ts";
import { type BuiltGraph, buildGraph } from "./build-graph.ts";
import { loadOptimized } from "./fused.ts";
import type { GraphCase, StepKind } from "./graph-case.ts";

/** Values of ONNX Runtime's own run of a file where equality is not due, and how far they are from the reference. */
export interface Apart {
  readonly values: number;
  readonly differing: number;
  /** Largest difference, in steps of the output's scale. */
  readonly largest: number;
}

/** What became of a random graph that went well. */
export interface GraphOutcome {
  readonly network: Network;
  readonly input: Activations;
  readonly steps: BuiltGraph["steps"];
  /** Values that had to be equal, and were. */
  readonly compared: number;
  /** Whether ONNX Runtime's optimisations left nothing to float arithmetic and kept every change of scale. */
  readonly fused: boolean;
  /** Its run with optimisations, where it was not fused; undefined where its optimisations failed on the file. */
  readonly optimized: Apart | undefined;
  /** Its run without optimisations, where QDQ operators compute in float. */
  readonly plain: Apart;
}

/** A random graph whose results differ, or that cannot be imported. */
class GraphMismatch extends Error {}

const nothingApart: Apart = { values: 0, differing: 0, largest: 0 };

/** Steps whose QDQ form computes in float where it is not fused. */
const arithmetic: ReadonlySet<StepKind> = new Set([
  ...(["dense", "group", "depthwise", "point", "gemm", "matmul", "add", "averagePool", "globalAveragePool"] as const),
]);

/**
 * Writes a random graph, imports it, and compares the reference with ONNX Runtime three times: every tensor of the
 * network as {@link writeNetwork} writes it; the file itself with graph optimisations; the file without them. The first
 * must be equal, the others wherever no operator computes in float.
 *
 * @throws GraphMismatch saying what differs
 */
export async function checkGraph(parameters: GraphCase): Promise<GraphOutcome> {
  const graph = buildGraph(parameters);
  const { input, steps } = graph;
  const { network, outputs } = imported(graph);
  const values = runReference(network, input);
  const whole = await compareWithOnnxRuntime(network, [input]);
  if (whole.first !== undefined) throw new GraphMismatch(`the network in QOperator form differs at ${whole.first}`);
  let { compared } = whole;
  const due = (apart: Apart, exact: boolean, how: string): Apart => {
    if (!exact) return apart;
    if (apart.differing > 0)
      throw new GraphMismatch(`${apart.differing} of ${apart.values} values differ from the file ${how}`);
    compared += apart.values;
    return nothingApart;
  };
  const inFloat = steps.some(({ kind, qdq }) => qdq && arithmetic.has(kind));
  const plainRun = await loadModel(graph.bytes, { optimize: false });
  const plain = due(
    measured(network, outputs, values, await plainRun([graph.feed])),
    !inFloat,
    "without optimisations",
  );
  const optimized = await loadOptimized(graph.bytes);
  // Its optimisations may also make a graph that fails when it runs.
  const theirs = await optimized?.run([graph.feed]).catch(() => undefined);
  if (optimized === undefined || theirs === undefined)
    return { network, input, steps, compared, fused: false, optimized: undefined, plain };
  const names = new Set(optimized.nodes.map(({ name }) => name));
  const fused = optimized.floatOperators.length === 0 && graph.rescaling.every((name) => names.has(name));
  const apart = measured(network, outputs, values, theirs);
  return { network, input, steps, fused, optimized: due(apart, fused, "with optimisations"), plain, compared };
}

function imported({ bytes }: BuiltGraph): ImportedNetwork {
  try {
    return importNetwork(bytes, "random.onnx");
  } catch (error) {
    if (!(error instanceof VargenError)) throw error;
    throw new GraphMismatch(`it is not imported: ${error.message}`);
  }
}

/** Mean distance in steps that rounding alone never makes, not even of scales that are merged. */
const farApart = 4;

/** How far a file's outputs are from the reference's. */
function measured(
  network: Network,
  outputs: ImportedNetwork["outputs"],
  ours: ReadonlyMap<string, Activations>,
  theirs: ReadonlyMap<string, Activations | Float32Array>,
): Apart {
  let [compared, differing, largest] = [0, 0, 0];
  let distance = 0;
  for (const { name, tensor, channelsLast } of outputs) {
    const [values, other] = [ours.get(tensor), theirs.get(name)];
    if (values === undefined || other?.length !== values.length) throw new GraphMismatch(`output '${name}' is missing`);
    const { quantization, shape } = tensorOf(network, tensor);
    const mine = channelsLast ? exchanged(values, shape.channels) : values;
    const real = other instanceof Float32Array;
    const step = real ? quantization.scale : 1;
    compared += mine.length;
    mine.forEach((q, i) => {
      const value = real ? dequantizeValue(q, quantization) : q;
      if (value === other[i]) return;
      differing++;
      const apart = Math.abs(value - other[i]) / step;
      largest = Math.max(largest, apart);
      distance += apart;
    });
  }
  if (distance > farApart * compared)
    throw new GraphMismatch(`${differing} of ${compared} values are ${(distance / compared).toFixed(1)} steps apart`);
  return { values: compared, differing, largest };
}

/** Kinds of the layers that a graph became. */
export function layerKinds(network: Network): readonly Layer["kind"][] {
  return network.layers.map(({ kind }) => kind);
}
