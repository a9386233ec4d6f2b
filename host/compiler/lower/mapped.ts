import { type Problem, VargenError } from "../../../models/errors.ts";
import type { ConvLayer, GemmLayer, GlobalAveragePoolLayer, Layer, Network } from "../../../models/ir/network.ts";

/** Layers that run on the array by themselves. */
type ArrayLayer = ConvLayer | GemmLayer | GlobalAveragePoolLayer;

/** Layers that run in a drain, as a copy or not at all. */
type FreeKind = "add" | "concat" | "channels" | "requantize";

type UnmappedKind = Exclude<Layer["kind"], ArrayLayer["kind"] | FreeKind>;

/** What the array cannot run yet, in words. */
const unmapped: Readonly<Record<UnmappedKind, string>> = {
  maxPool: "max pooling",
  averagePool: "average pooling over a window",
  upsample: "nearest upsampling",
};

/** Layers of a network that the compiler cannot map to the array, each with its reason; empty when it can run them all. */
export function unmappedLayers(network: Network): readonly Problem[] {
  return network.layers.flatMap(({ name, kind }) => (isUnmapped(kind) ? [unmappedProblem(name, kind)] : []));
}

/** Narrows a layer to what the array runs. @throws VargenError naming a layer that it does not */
export function mappedLayer(layer: Exclude<Layer, { readonly kind: FreeKind }>): ArrayLayer {
  if (layer.kind === "conv" || layer.kind === "gemm" || layer.kind === "globalAveragePool") return layer;
  throw new VargenError([unmappedProblem(layer.name, layer.kind)]);
}

function isUnmapped(kind: Layer["kind"]): kind is UnmappedKind {
  return kind in unmapped;
}

function unmappedProblem(path: string, kind: UnmappedKind): Problem {
  return { code: "compile/unmapped", path, message: `not yet mapped to the array: ${unmapped[kind]}` };
}
