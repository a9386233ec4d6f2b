import { type Network, tensorOf } from "../../models/ir/network.ts";
import type { Geometry } from "./geometry.ts";
import { type Layout, layOut } from "./layout/layout.ts";
import { checkOperations } from "./lower/limits.ts";
import { lowerNetwork } from "./lower/lower-network.ts";
import { inMemoryOrder } from "./lower/order.ts";
import { FitError } from "./place/fit-error.ts";
import { type Placement, placeStorages } from "./place/residency.ts";

/** What to run, in which order, and where everything lives. */
export interface Plan {
  readonly layout: Layout;
  /** See `LoweredNetwork`. */
  readonly fused: ReadonlyMap<string, string>;
  readonly placement: Placement;
}

/**
 * Lowers and places a network, with its layers in the order given or, where that saves traffic, in memory order.
 *
 * @param keep tensors that must exist by themselves
 * @throws VargenError for layers that the hardware cannot run; FitError if an operation does not fit
 */
export function planNetwork(network: Network, geometry: Geometry, keep: ReadonlySet<string>): Plan {
  const given = attempt(network, geometry, keep);
  if ("placement" in given && given.placement.traffic === 0) return given;
  const ordered = attempt(inMemoryOrder(geometry, network), geometry, keep);
  if (!("placement" in ordered)) {
    if ("placement" in given) return given;
    throw given;
  }
  if (!("placement" in given)) return ordered;
  return ordered.placement.traffic < given.placement.traffic ? ordered : given;
}

function attempt(network: Network, geometry: Geometry, keep: ReadonlySet<string>): Plan | FitError {
  const lowered = lowerNetwork(network, keep);
  const layout = layOut(geometry, tensorOf(network, network.input), lowered);
  checkOperations(geometry, layout.operations);
  try {
    return { layout, fused: lowered.fused, placement: placeStorages(geometry, layout.operations) };
  } catch (error) {
    if (error instanceof FitError) return error;
    throw error;
  }
}
