import type { HwConfig } from "../../hdl-gen/index.ts";
import { compile, type Program } from "../../host/index.ts";
import { VargenError } from "../../models/errors.ts";
import type { Activations, Network } from "../../models/ir/network.ts";
import { runReference } from "../../models/reference/index.ts";
import type { CompiledModel } from "../engine/index.ts";
import type { TraceWindow } from "../harness.ts";
import { formatViolation } from "../monitors/index.ts";
import { CaseBench, type RunEnd } from "./bench.ts";
import { buildCase, randomInput } from "./build-network.ts";
import { disturb } from "./disturb.ts";
import { CaseFailure } from "./failure.ts";
import { type PropertyCase, timingOf } from "./trial.ts";

/** What a case that went well amounts to. */
export interface CaseResult {
  /** Why the compiler refused the network; then nothing ran. */
  readonly refused: string | undefined;
  /** Good runs that were compared. */
  readonly runs: number;
  readonly comparedValues: number;
  /** Clock cycles simulated. */
  readonly cycles: number;
  /** Layers that ran, by kind. */
  readonly layers: readonly string[];
  /** Error code that the trial provoked, if any. */
  readonly errorCode: number | undefined;
}

/** Options of {@link runCase}. */
export interface RunCaseOptions {
  readonly trace?: TraceWindow;
  /** Changes the program before it is loaded: how tests show that a fault is found. */
  readonly sabotage?: (program: Program) => Program;
  /** Problem codes with which the compiler may refuse the network. */
  readonly refusals?: readonly string[];
}

/** Refusals that a random network may meet: what the hardware cannot hold or represent. */
export const refusals: readonly string[] = [
  "compile/does-not-fit",
  "compile/scale",
  "compile/add-scale",
  "compile/accumulator",
];

/** Everything about a case but its network. */
export type Conditions = Omit<PropertyCase, "network">;

/** A network with an input. */
export interface BuiltCase {
  readonly network: Network;
  readonly input: Activations;
  /** Another input for a second run (default: the same). */
  readonly other?: () => Activations;
}

/**
 * Runs one case: a good run, the trial, and after it another good run; every tensor that the program leaves in memory is
 * compared with the reference, memory that must not change is compared with itself, and no protocol rule may be broken.
 *
 * @throws CaseFailure saying what differs
 */
export function runCase(
  compiled: CompiledModel,
  config: HwConfig,
  parameters: PropertyCase,
  options: RunCaseOptions = {},
): CaseResult {
  const built = buildCase(parameters.network, config.groupWidth);
  const other = () => randomInput(built.network, parameters.network, parameters.memory.seed);
  return runBuilt(compiled, config, { ...built, other }, parameters, options);
}

/** Runs a network that is built already, see {@link runCase}. */
export function runBuilt(
  compiled: CompiledModel,
  config: HwConfig,
  { network, input, other = () => input }: BuiltCase,
  parameters: Conditions,
  options: RunCaseOptions = {},
): CaseResult {
  const { sabotage = (program: Program) => program, refusals: allowed = refusals, trace } = options;
  const layers = network.layers.map((layer) => layer.kind);
  let program: Program;
  try {
    program = sabotage(compile(network, config, { dumpTensors: "all" }));
  } catch (error) {
    if (!(error instanceof VargenError) || !error.problems.every(({ code }) => allowed.includes(code))) throw error;
    const refused = error.problems[0].code;
    return { refused, runs: 0, comparedValues: 0, cycles: 0, layers: [], errorCode: undefined };
  }
  const bench = new CaseBench(compiled, program, {
    timing: timingOf(parameters),
    registerStall: parameters.registerStall,
    seed: parameters.memory.seed,
    ...(trace === undefined ? {} : { trace }),
  });
  try {
    bench.load(input);
    bench.reset();
    let comparedValues = goodRun(bench, network, input);
    const { trial } = parameters;
    let errorCode: number | undefined;
    if (trial.kind !== "none") {
      const traffic = bench.simulator.memory.traffic;
      if (trial.kind !== "again") errorCode = disturb(bench, trial, bench.get("CYCLES"), traffic);
      const second = trial.kind === "again" ? other() : input;
      bench.load(second);
      comparedValues += goodRun(bench, network, second);
    }
    bench.simulator.checkQuiescent();
    const [violation] = bench.simulator.violations;
    if (violation !== undefined) fail(bench, `protocol violation: ${formatViolation(violation)}`);
    const runs = trial.kind === "none" ? 1 : 2;
    return { refused: undefined, runs, comparedValues, cycles: bench.simulator.cycle, layers, errorCode };
  } catch (error) {
    if (error instanceof VargenError) fail(bench, error.message);
    throw error;
  }
}

/** A run that must succeed, with its results. @returns values compared */
function goodRun(bench: CaseBench, network: Network, input: Activations): number {
  const before = bench.untouched(true);
  bench.start();
  const end = bench.wait(cycleLimit(bench.program));
  if (end.outcome !== "done") fail(bench, `the run ended with ${describeEnd(end)}`);
  if (bench.untouched(true) !== before) fail(bench, "the run changed memory that it must not touch");
  return compare(bench, network, input);
}

/** Cycles that no good run of a program needs, even behind a slow memory. */
export function cycleLimit(program: Program): number {
  const { computeCycles, dramReadBytes, dramWriteBytes, commands } = program.statistics;
  return 20_000 + 4 * computeCycles + 60 * (dramReadBytes + dramWriteBytes) + 1000 * commands;
}

function compare(bench: CaseBench, network: Network, input: Activations): number {
  const expected = runReference(network, input);
  let compared = 0;
  for (const [name, values] of bench.tensors()) {
    const wanted = expected.get(name) ?? new Int8Array();
    compared += wanted.length;
    const at = wanted.findIndex((value, index) => values[index] !== value);
    if (at < 0) continue;
    const { height, width } = network.tensors.get(name)?.shape ?? { height: 1, width: 1 };
    const place = `channel ${Math.floor(at / (height * width))}, row ${Math.floor(at / width) % height}, column ${at % width}`;
    fail(bench, `layer ${name}, ${place}: expected ${wanted[at]}, got ${values[at]}`);
  }
  return compared;
}

function describeEnd({ outcome, code, command, info }: RunEnd): string {
  return outcome === "done" ? "done" : `error ${code} at command ${command} (info 0x${info.toString(16)})`;
}

function fail(bench: CaseBench, message: string): never {
  throw new CaseFailure(message, bench.simulator.cycle);
}
