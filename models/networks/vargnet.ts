import type { NetworkGraph } from "../graph/graph.ts";
import { classifierNetwork } from "./classifier.ts";
import type { NetworkOptions } from "./options.ts";
import type { Architecture } from "./vargnet-trunk.ts";

export { type Architecture, architectures } from "./vargnet-trunk.ts";

/** Size of a VarGNet. */
export type VarGNetOptions = Omit<NetworkOptions, "inputHeight" | "inputWidth">;

/**
 * The graph of VarGNet v1 (Table 1) or v2 (Table 2).
 *
 * @throws VargenError listing every option out of range and every group convolution that G does not divide
 */
export function vargnet(architecture: Architecture, options: VarGNetOptions = {}): NetworkGraph {
  return classifierNetwork(architecture, options);
}
