import { decodeModel, encodeModel, type Graph, type Node } from "../onnx/proto.ts";
import type { Random } from "../random/random.ts";

/** Numbers that files use to ask for too much, or for nothing. */
const extremes = [0, -1, 1, 2, 3, 7, 255, 65_536, 2 ** 31 - 1, -(2 ** 31), 2 ** 32, 2 ** 40, 2 ** 53 - 1];

/** A damaged or hostile variant of a file: bits flipped, cut short, bytes inserted, or its graph changed. */
export function mutated(bytes: Uint8Array, random: Random): Uint8Array {
  const how = random.real();
  if (how < 0.25) return flipped(bytes, random);
  if (how < 0.4) return bytes.subarray(0, random.integer(0, bytes.length - 1));
  if (how < 0.5) return spliced(bytes, random);
  return rewritten(bytes, random);
}

function flipped(bytes: Uint8Array, random: Random): Uint8Array {
  const result = Uint8Array.from(bytes);
  for (let i = random.integer(1, 12); i > 0; i--)
    result[random.integer(0, bytes.length - 1)] ^= 1 << random.integer(0, 7);
  return result;
}

function spliced(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.integer(0, bytes.length);
  const noise = Uint8Array.from({ length: random.integer(1, 40) }, () => random.integer(0, 255));
  return Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)]);
}

function rewritten(bytes: Uint8Array, random: Random): Uint8Array {
  const { graph, opsetImport } = decodeModel(Uint8Array.from(bytes));
  if (!graph) return bytes;
  for (let i = random.integer(1, 4); i > 0; i--) pick(changes, random)?.(graph, random);
  const opset = Number(opsetImport[0]?.version ?? 13);
  return encodeModel(graph, random.real() < 0.1 ? pick(extremes, random) : opset);
}

type Change = (graph: Graph, random: Random) => void;

const changes: readonly Change[] = [
  function number(graph, random) {
    const attribute = pick(pick(graph.node, random)?.attribute, random);
    if (attribute === undefined) return;
    if ((attribute.ints ?? []).length > 0) replaceSome(attribute.ints ?? [], random);
    else attribute.i = pick(extremes, random) ?? 0;
  },
  function extent(graph, random) {
    const tensor = pick(graph.initializer, random);
    if (tensor?.dims) replaceSome(tensor.dims, random);
  },
  function inputExtent(graph, random) {
    const dim = pick(pick(graph.input, random)?.type?.tensorType?.shape?.dim, random);
    if (dim) dim.dimValue = pick(extremes, random) ?? 0;
  },
  function elementType(graph, random) {
    const tensor = pick(graph.initializer, random);
    if (tensor !== undefined) tensor.dataType = random.integer(0, 25);
  },
  function data(graph, random) {
    const tensor = pick(graph.initializer, random);
    const raw = tensor?.rawData;
    if (raw && raw.length > 0)
      for (let i = random.integer(1, 8); i > 0; i--)
        raw[random.integer(0, raw.length - 1)] = pick([0, 127, 128, 255], random) ?? 0;
  },
  function without(graph, random) {
    const list = random.real() < 0.5 ? graph.initializer : graph.node;
    if (list && list.length > 0) list.splice(random.integer(0, list.length - 1), 1);
  },
  function rewire(graph, random) {
    const node = pick(graph.node, random);
    const names = (graph.node ?? []).flatMap(({ input, output }) => [...(input ?? []), ...(output ?? [])]);
    if (node?.input && node.input.length > 0)
      node.input[random.integer(0, node.input.length - 1)] = random.real() < 0.1 ? "" : (pick(names, random) ?? "");
  },
  function rename(graph, random) {
    const [a, b] = [pick(graph.node, random), pick(graph.node, random)];
    if (a === undefined || b === undefined) return;
    if (random.real() < 0.5) a.opType = b.opType ?? "";
    else a.output = [...(b.output ?? [])];
  },
  function order(graph, random) {
    const nodes: Node[] = graph.node ?? [];
    const [i, j] = [0, 0].map(() => random.integer(0, Math.max(0, nodes.length - 1)));
    if (nodes.length > 0) [nodes[i], nodes[j]] = [nodes[j], nodes[i]];
  },
  function again(graph, random) {
    const node = pick(graph.node, random);
    if (node !== undefined) graph.node?.splice(random.integer(0, graph.node.length), 0, node);
  },
];

function replaceSome(numbers: unknown[], random: Random): void {
  if (numbers.length > 0) numbers[random.integer(0, numbers.length - 1)] = pick(extremes, random);
  if (random.real() < 0.1) numbers.push(pick(extremes, random));
}

function pick<T>(list: readonly T[] | null | undefined, random: Random): T | undefined {
  return list && list.length > 0 ? list[random.integer(0, list.length - 1)] : undefined;
}
