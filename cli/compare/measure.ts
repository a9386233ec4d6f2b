import { type HwConfig, topModule } from "../../hdl-gen/index.ts";
import { compile, memoryModels, type Program } from "../../host/index.ts";
import { VargenError } from "../../models/errors.ts";
import type { Network } from "../../models/ir/network.ts";
import { runReference } from "../../models/reference/index.ts";
import type { MemoryKind } from "../../testbench/simulate/session.ts";
import { type SimulationProgress, simulateNetwork } from "../../testbench/simulate/simulate.ts";
import { randomInputs } from "../inputs.ts";
import { type MeasuredRow, predictedRow, type RefusedRow, type Row, rowHead, simulatedRow } from "./row.ts";
import type { Variant } from "./variant.ts";

/** The longest runs, in seconds: of the RTL, and of the reference where the RTL would take longer than that. */
export interface Limits {
  readonly seconds: number;
  readonly referenceSeconds: number;
}

/** How networks are measured. */
export interface MeasureRequest {
  readonly config: HwConfig;
  readonly memory: MemoryKind;
  readonly seed: number;
  /** Without it only the cycle model speaks. */
  readonly limits: Limits | undefined;
  readonly onStep: (text: string) => void;
  readonly onSimulation: (progress: SimulationProgress) => void;
}

/** Cycles a second of a simulation and MACs a second of the reference that times are planned with. */
const simulationSpeed = 250_000;
const referenceSpeed = 100_000_000;

/** A network compiled, with what the cycle model says. */
interface Built {
  readonly variant: Variant;
  readonly network: Network;
  readonly program: Program;
  readonly row: MeasuredRow;
}

/**
 * Measures one network: by the cycle model, or in RTL with every output compared. Where the run would be too long for that
 * (or the input too large for the configuration) there are two rows: cycle model and, if that is quick enough, the
 * reference on the input asked for, and RTL on the largest smaller one.
 */
export async function measure(variant: Variant, request: MeasureRequest): Promise<readonly Row[]> {
  const whole = build(variant, request);
  if (request.limits === undefined) return ["program" in whole ? whole.row : whole];
  const { seconds, referenceSeconds } = request.limits;
  const maxCycles = seconds * simulationSpeed;
  if ("program" in whole && whole.row.cycles <= maxCycles) return [await simulated(whole, request)];
  const smaller = largestWithin(variant, whole, maxCycles, request);
  return [
    "program" in whole ? referenced(whole, referenceSeconds, request) : whole,
    ...(smaller === undefined ? [] : [await simulated(smaller, request)]),
  ];
}

function build(variant: Variant, { config, memory, onStep }: MeasureRequest): Built | RefusedRow {
  onStep(`${variant.label}: compiling for ${topModule(config)}`);
  try {
    const network = variant.build();
    const program = compile(network, config);
    return { variant, network, program, row: predictedRow(variant, program, memoryModels[memory]) };
  } catch (error) {
    return refusal(variant, error);
  }
}

async function simulated({ variant, network, program, row }: Built, request: MeasureRequest): Promise<Row> {
  const { config, memory, seed, onSimulation, onStep } = request;
  onStep(`${variant.label}: ${row.cycles} cycles in RTL on ${row.input}`);
  const inputs = randomInputs(network, 1, seed);
  const simulation = { network, config, inputs, memory, compareLayers: false, onProgress: onSimulation };
  try {
    return simulatedRow(variant, program, (await simulateNetwork(simulation)).report);
  } catch (error) {
    return refusal(variant, error);
  }
}

function refusal(variant: Variant, error: unknown): RefusedRow {
  if (!(error instanceof VargenError)) throw error;
  return { ...rowHead(variant), problems: error.problems };
}

/** The row by the cycle model, with the reference run too if that takes at most some seconds. */
function referenced({ variant, network, row }: Built, seconds: number, { seed, onStep }: MeasureRequest): MeasuredRow {
  if (variant.madds > seconds * referenceSpeed) return row;
  onStep(`${variant.label}: reference on ${row.input}`);
  const values = runReference(network, randomInputs(network, 1, seed)[0]);
  const referenceValues = network.outputs.reduce((sum, name) => sum + (values.get(name)?.length ?? 0), 0);
  return { ...row, referenceValues };
}

/** Extents of smaller inputs are multiples of this. */
const STEP = 32;

/** Of refusals, the one that a smaller input may do without. */
const tooLarge = "compile/does-not-fit";

/**
 * The network on the largest input of nearly the same shape, in multiples of 32 (or of what it needs), that compiles and
 * runs within some cycles.
 *
 * @param whole what came of the whole input
 */
function largestWithin(
  variant: Variant,
  whole: Built | RefusedRow,
  maxCycles: number,
  request: MeasureRequest,
): Built | undefined {
  if ("problems" in whole && whole.problems.some(({ code }) => code !== tooLarge)) return undefined;
  const cycles = "program" in whole ? whole.row.cycles : 0;
  const { height, width } = variant.inputShape;
  for (let rows = Math.ceil(height / STEP) - 1; rows >= 1; rows--) {
    const nearest = Math.max(1, Math.round((rows * width) / height));
    // Some networks need multiples of twice the step.
    for (const columns of nearest % 2 === 0 ? [nearest] : [nearest, nearest - 1]) {
      const share = (rows * STEP * columns * STEP) / (height * width);
      if (columns === 0 || share * cycles > maxCycles) continue;
      const smaller = variant.resized({ height: rows * STEP, width: columns * STEP });
      const built = smaller && build(smaller, request);
      if (built !== undefined && "program" in built && built.row.cycles <= maxCycles) return built;
    }
  }
  return undefined;
}
