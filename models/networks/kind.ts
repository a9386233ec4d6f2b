import { type Layer, type Network, tensorOf } from "../ir/network.ts";

/** Kinds of layers that multiply. */
export type LayerKind = "dense" | "group" | "depthwise" | "pointwise" | "fully connected";

/** Kinds of work, layers without weights among them. */
export type WorkKind = LayerKind | "pool" | "copy";

/** Every kind of work. */
export const workKinds = [
  "group",
  "depthwise",
  "pointwise",
  "dense",
  "fully connected",
  "pool",
  "copy",
] as const satisfies readonly WorkKind[];

/** What decides the kind of a layer with weights. */
export type Multiplying =
  | { readonly kind: "gemm" }
  | {
      readonly kind: "conv";
      readonly groups: number;
      readonly kernel: { readonly height: number; readonly width: number };
    };

/** Kind of a layer with weights. @param inputChannels channels of the map that it reads */
export function kindOf(layer: Multiplying, inputChannels: number): LayerKind {
  if (layer.kind === "gemm") return "fully connected";
  if (layer.groups > 1) return layer.groups === inputChannels ? "depthwise" : "group";
  return layer.kernel.height === 1 && layer.kernel.width === 1 ? "pointwise" : "dense";
}

/** Kind of some layers that the hardware runs as one: that of the one with weights, else pooling, else copying. */
export function workKind(network: Network, layers: readonly Layer[]): WorkKind {
  const multiplying = layers.find((layer) => layer.kind === "conv" || layer.kind === "gemm");
  if (multiplying !== undefined && (multiplying.kind === "conv" || multiplying.kind === "gemm"))
    return kindOf(multiplying, tensorOf(network, multiplying.input).shape.channels);
  return layers.some(({ kind }) => kind.endsWith("Pool")) ? "pool" : "copy";
}
