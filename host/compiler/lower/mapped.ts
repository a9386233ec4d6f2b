import { type Problem, VargenError } from "../../../models/errors.ts";
import type { Network } from "../../../models/ir/network.ts";
import { lowerNetwork } from "./lower-network.ts";

/** Layers of a network that no configuration can run, each with its reason; empty when some can run them all. */
export function unmappedLayers(network: Network): readonly Problem[] {
  try {
    lowerNetwork(network, new Set());
    return [];
  } catch (error) {
    if (error instanceof VargenError) return error.problems;
    throw error;
  }
}
