import { type Network, tensorOf } from "../../models/ir/network.ts";
import { placeFused } from "./fuse/choose.ts";
import type { Geometry } from "./geometry.ts";
import { type Layout, layOut } from "./layout/layout.ts";
import { checkOperations } from "./lower/limits.ts";
import { lowerNetwork } from "./lower/lower-network.ts";
import { inMemoryOrder } from "./lower/order.ts";
import { type InputForm, type InputPacking, packedForm } from "./lower/pack-input.ts";
import { summingColumns } from "./lower/sum-columns.ts";
import { FitError } from "./place/fit-error.ts";
import { inputCost } from "./place/input-cost.ts";
import type { Placement } from "./place/residency.ts";

/** What to run, in which order, and where everything lives. */
export interface Plan {
  readonly layout: Layout;
  /** See `LoweredNetwork`. */
  readonly fused: ReadonlyMap<string, string>;
  readonly placement: Placement;
  /** How the host packs the network's input; undefined: as any tensor. */
  readonly packing: InputPacking | undefined;
}

/** What a plan must keep to. */
export interface PlanOptions {
  /** Tensors that must exist by themselves. */
  readonly keep: ReadonlySet<string>;
  /** See `CompileOptions`. */
  readonly packInput: boolean;
}

/**
 * Lowers and places a network, with its layers in the order given or, where that saves traffic, in memory order.
 *
 * @throws VargenError for layers that the hardware cannot run; FitError if an operation does not fit
 */
export function planNetwork(network: Network, geometry: Geometry, options: PlanOptions): Plan {
  const given = attempt(network, geometry, options);
  if ("placement" in given && given.placement.traffic === 0) return given;
  const ordered = attempt(inMemoryOrder(geometry, network), geometry, options);
  if (!("placement" in ordered)) {
    if ("placement" in given) return given;
    throw given;
  }
  if (!("placement" in given)) return ordered;
  return ordered.placement.traffic < given.placement.traffic ? ordered : given;
}

/** The plan of the faster form of the input that fits. */
function attempt(network: Network, geometry: Geometry, { keep, packInput }: PlanOptions): Plan | FitError {
  const lowered = lowerNetwork(network, keep);
  const plain: InputForm = { lowered, input: tensorOf(network, network.input), packing: undefined };
  const packed = packInput ? packedForm(network, lowered) : undefined;
  const forms = [plain, ...(packed === undefined ? [] : [packed])].map((form) => {
    const laidOut = layOut(geometry, form.input, form.lowered);
    const operations = laidOut.operations.map((operation) => summingColumns(geometry, operation));
    const layout = { ...laidOut, operations };
    const reader = layout.operations.find(({ input }) => input.tensor === network.input);
    return { form, layout, cost: reader === undefined ? 0 : inputCost(geometry, reader) };
  });
  forms.sort((a, b) => a.cost - b.cost);
  const [faster, other] = forms;
  const plan = place(geometry, faster.form, faster.layout);
  if ("placement" in plan || other === undefined) return plan;
  const second = place(geometry, other.form, other.layout);
  return "placement" in second ? second : plan;
}

function place(geometry: Geometry, { lowered, packing }: InputForm, layout: Layout): Plan | FitError {
  checkOperations(geometry, layout.operations);
  try {
    return { layout, fused: lowered.fused, placement: placeFused(geometry, layout.operations), packing };
  } catch (error) {
    if (error instanceof FitError) return error;
    throw error;
  }
}
