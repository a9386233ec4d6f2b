import { type Network, tensorOf } from "../../models/ir/network.ts";
import type { Geometry } from "../compiler/geometry.ts";
import { layOut } from "../compiler/layout/layout.ts";
import { lowerNetwork } from "../compiler/lower/lower-network.ts";
import type { Operation } from "../compiler/lower/operation.ts";

/** A network's operations with every tensor in its storage. */
export function laidOutOperations(geometry: Geometry, network: Network): readonly Operation[] {
  return layOut(geometry, tensorOf(network, network.input), lowerNetwork(network, new Set())).operations;
}
