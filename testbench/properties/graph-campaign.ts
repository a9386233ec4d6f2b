import fc from "fast-check";
import type { HwConfig } from "../../hdl-gen/index.ts";
import { Random } from "../../models/random/random.ts";
import { checkGraph } from "../../models/testing/graphs/check-graph.ts";
import { type GraphCase, graphCases } from "../../models/testing/graphs/graph-case.ts";
import { type GraphFigures, GraphTally } from "../../models/testing/graphs/tally.ts";
import type { BuildOptions, CompiledModel } from "../engine/index.ts";
import { type BuiltCase, type Conditions, refusals, runBuilt } from "./run-case.ts";
import { buildTarget } from "./targets.ts";
import type { Trial } from "./trial.ts";

/** What to run. */
export interface GraphCampaignRequest {
  readonly graphs: number;
  readonly seed: number;
  /** Replays one failing graph, as a failure names it. */
  readonly path?: string;
  /** Configurations that a sample of the graphs runs on in RTL, in turn; none for no RTL. */
  readonly targets: readonly HwConfig[];
  /** One graph in so many runs in RTL (default 6). */
  readonly sampling?: number;
  /** Called after each graph; shrinking after a failure calls it as well. */
  readonly onGraph?: (done: number) => void;
  readonly onBuild?: BuildOptions["onProgress"];
}

/** A graph whose results differ, shrunk. */
export interface GraphFailure {
  readonly seed: number;
  readonly path: string;
  readonly message: string;
  readonly shrunkTo: GraphCase;
}

/** What a campaign of random graphs covered. */
export interface GraphCampaignReport extends GraphFigures {
  readonly seed: number;
  /** The graphs that ran in RTL too. */
  readonly rtl: RtlFigures;
  readonly seconds: number;
  readonly failure: GraphFailure | undefined;
}

/** What a sample of the graphs did in RTL. */
export interface RtlFigures {
  readonly graphs: number;
  readonly comparedValues: number;
  readonly simulatedCycles: number;
  /** Graphs that the compiler refused, by problem code. */
  readonly refused: Readonly<Record<string, number>>;
}

/** What the array does not run: other strides than 1 and 2 alike on both axes, averages that float32 rounds oddly. */
const graphRefusals = [
  ...refusals,
  ...["compile/stride", "compile/average-divisors", "compile/average-tie", "compile/upsample", "compile/limit"],
];

/**
 * How a graph runs in RTL, if it does: drawn from its seed, so that a test without RTL replays the same graphs.
 */
function sampleOf(
  { seed }: GraphCase,
  sampling: number,
): { readonly target: number; readonly conditions: Conditions } | undefined {
  const random = new Random(seed ^ 0x5eed);
  if (random.real() * sampling >= 1) return undefined;
  const kind = (["random", "random", "ideal", "ddr"] as const)[random.integer(0, 3)];
  const target = random.integer(0, 1000);
  const conditions: Conditions = {
    memory: { kind, seed: random.integer(0, 2 ** 31 - 1) },
    registerStall: random.real() < 0.3 ? 0.5 : 0,
    trial: trialOf(random),
  };
  return { target, conditions };
}

/**
 * Runs random ONNX graphs through ONNX Runtime and the reference, a sample of them in RTL too, until one differs.
 *
 * @throws VargenError if ONNX Runtime, a development dependency, is missing
 */
export async function runGraphCampaign(request: GraphCampaignRequest): Promise<GraphCampaignReport> {
  const { graphs, seed, path, targets, sampling = 6, onGraph = () => {} } = request;
  const tally = new GraphTally();
  const rtl = new RtlTally(request);
  const start = performance.now();
  let done = 0;
  const property = fc.asyncProperty(graphCases(), async (parameters) => {
    const outcome = await checkGraph(parameters);
    const sample = sampleOf(parameters, sampling);
    if (sample !== undefined && targets.length > 0) await rtl.run(outcome, sample.target, sample.conditions);
    tally.add(outcome);
    onGraph(++done);
  });
  const details = await fc.check(property, { seed, numRuns: graphs, ...(path === undefined ? {} : { path }) });
  const seconds = (performance.now() - start) / 1000;
  const { counterexample, counterexamplePath, errorInstance } = details;
  if (details.failed && counterexample === null) throw new Error("no graph", { cause: errorInstance });
  const failure = counterexample && {
    seed,
    path: counterexamplePath ?? "",
    message: errorInstance instanceof Error ? errorInstance.message : String(errorInstance),
    shrunkTo: counterexample[0],
  };
  return { seed, ...tally.figures(), rtl: rtl.figures(), seconds, failure: failure ?? undefined };
}

/** Mostly nothing between two runs; else a reset, an abort, noise in a command, or a fault of the bus. */
function trialOf(random: Random): Trial {
  const at = random.real();
  const kind = (["none", "none", "none", "reset", "abort", "noise", "fault"] as const)[random.integer(0, 6)];
  if (kind === "none") return { kind };
  if (kind === "noise") return { kind, command: at, word: random.integer(0, 15), flip: 2 ** random.integer(0, 31) };
  if (kind !== "fault") return { kind, at };
  const effect = (["slaveError", "decodeError", "hang"] as const)[random.integer(0, 2)];
  return { kind, direction: random.real() < 0.5 ? "read" : "write", burst: at, effect };
}

/** Runs something on a configuration, whose name a failure then tells. */
function named<T>({ name }: HwConfig, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw new Error(`on ${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** Runs graphs in RTL and adds up what they did. */
class RtlTally {
  readonly #request: GraphCampaignRequest;
  readonly #models = new Map<HwConfig, Promise<CompiledModel>>();
  readonly #refused = new Map<string, number>();
  #graphs = 0;
  #comparedValues = 0;
  #cycles = 0;

  constructor(request: GraphCampaignRequest) {
    this.#request = request;
  }

  async run(built: BuiltCase, target: number, conditions: Conditions): Promise<void> {
    const { targets, onBuild } = this.#request;
    const config = targets[target % targets.length];
    const building =
      this.#models.get(config) ?? buildTarget(config, onBuild === undefined ? {} : { onProgress: onBuild });
    this.#models.set(config, building);
    const model = await building;
    const { refused, comparedValues, cycles } = named(config, () =>
      runBuilt(model, config, built, conditions, { refusals: graphRefusals }),
    );
    if (refused !== undefined) this.#refused.set(refused, (this.#refused.get(refused) ?? 0) + 1);
    else this.#graphs++;
    this.#comparedValues += comparedValues;
    this.#cycles += cycles;
  }

  figures(): RtlFigures {
    return {
      graphs: this.#graphs,
      comparedValues: this.#comparedValues,
      simulatedCycles: this.#cycles,
      refused: Object.fromEntries([...this.#refused].sort(([a], [b]) => (a < b ? -1 : 1))),
    };
  }
}
