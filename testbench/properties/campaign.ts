import fc from "fast-check";
import type { HwConfig } from "../../hdl-gen/index.ts";
import { type CompiledModel, openVcdFile } from "../engine/index.ts";
import { buildAccelerator } from "../simulate/accelerator-model.ts";
import { CaseFailure } from "./failure.ts";
import { type CaseResult, type RunCaseOptions, runCase } from "./run-case.ts";
import { buildTarget } from "./targets.ts";
import { type PropertyCase, propertyCases } from "./trial.ts";

/** What to run on one configuration. */
export interface CampaignRequest {
  readonly config: HwConfig;
  readonly runs: number;
  readonly seed: number;
  /** Replays one failing case, as fast-check printed it. */
  readonly path?: string;
  /** The compiled RTL, where the caller has it. */
  readonly model?: CompiledModel;
  /** Breaks every program: how tests show that faults are found. */
  readonly sabotage?: RunCaseOptions["sabotage"];
  /** Called after each case; shrinking after a failure calls it as well. */
  readonly onCase?: (done: number) => void;
}

/** A failing case, shrunk. */
export interface CampaignFailure {
  readonly configuration: string;
  readonly seed: number;
  readonly path: string;
  readonly message: string;
  readonly shrunkTo: PropertyCase;
  readonly shrinks: number;
  /** Clock cycle at which it shows, if it is a fault of the RTL rather than an exception. */
  readonly cycle: number | undefined;
}

/** What a campaign on one configuration covered. */
export interface CampaignReport {
  readonly configuration: string;
  readonly cases: number;
  /** Cases whose network the compiler refused, by problem code. */
  readonly refused: Readonly<Record<string, number>>;
  readonly comparedValues: number;
  readonly simulatedCycles: number;
  /** Good runs compared with the reference. */
  readonly goodRuns: number;
  readonly layers: Readonly<Record<string, number>>;
  /** Cases by trial, and error codes provoked, e.g. `corrupt: error 3`. */
  readonly trials: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly failure: CampaignFailure | undefined;
}

/** Runs random cases on one configuration until one fails. */
export async function runCampaign(request: CampaignRequest): Promise<CampaignReport> {
  const { config, runs, seed, path, sabotage, onCase = () => {} } = request;
  const model = request.model ?? (await buildTarget(config));
  const tally = new Tally();
  const start = performance.now();
  const property = fc.property(propertyCases, (parameters) => {
    tally.add(parameters, runCase(model, config, parameters, sabotage === undefined ? {} : { sabotage }));
    onCase(tally.cases);
  });
  const own = { seed: ownSeed(seed, config), ...(path === undefined ? {} : { path }) };
  const details = fc.check(property, { ...own, numRuns: runs });
  const seconds = (performance.now() - start) / 1000;
  const failure = details.failed ? describe(config, seed, details) : undefined;
  return { configuration: config.name, ...tally.figures(), seconds, failure };
}

/** Configurations run different cases for one seed. */
function ownSeed(seed: number, { name }: HwConfig): number {
  return Buffer.from(name).reduce((hash, byte) => (Math.imul(hash, 31) + byte) | 0, seed);
}

function describe(config: HwConfig, seed: number, details: fc.RunDetails<[PropertyCase]>): CampaignFailure {
  const { counterexample, counterexamplePath, errorInstance, numShrinks } = details;
  if (counterexample === null) throw new Error("the campaign ended without a case", { cause: errorInstance });
  const message = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return {
    configuration: config.name,
    seed,
    path: counterexamplePath ?? "",
    message,
    shrunkTo: counterexample[0],
    shrinks: numShrinks,
    cycle: errorInstance instanceof CaseFailure ? errorInstance.cycle : undefined,
  };
}

/** Cycles before the failure shows that the waveform holds. */
const WINDOW = 20_000;

/** Repeats a failing case on a build with waveforms and writes the cycles up to where it shows. */
export async function writeFailureWaveform(config: HwConfig, failure: CampaignFailure, file: string): Promise<void> {
  if (failure.cycle === undefined) return;
  const model = await buildAccelerator(config, { trace: true });
  const vcd = openVcdFile(file);
  const trace = { from: Math.max(0, failure.cycle - WINDOW), to: failure.cycle, sink: vcd.sink };
  try {
    runCase(model, config, failure.shrunkTo, { trace });
  } catch (error) {
    if (!(error instanceof CaseFailure)) {
      vcd.discard();
      throw error;
    }
  }
  vcd.close();
}

type Counts = Record<string, number>;

/** Adds up what cases covered. */
class Tally {
  cases = 0;
  #goodRuns = 0;
  #comparedValues = 0;
  #cycles = 0;
  readonly #refused: Counts = {};
  readonly #layers: Counts = {};
  readonly #trials: Counts = {};

  add({ trial }: PropertyCase, result: CaseResult): void {
    this.cases++;
    this.#goodRuns += result.runs;
    this.#comparedValues += result.comparedValues;
    this.#cycles += result.cycles;
    for (const kind of result.layers) count(this.#layers, kind);
    const outcome = result.errorCode === undefined || result.errorCode === 0 ? "" : `: error ${result.errorCode}`;
    if (result.refused !== undefined) count(this.#refused, result.refused);
    else count(this.#trials, `${trial.kind}${outcome}`);
  }

  figures() {
    return {
      cases: this.cases,
      goodRuns: this.#goodRuns,
      comparedValues: this.#comparedValues,
      simulatedCycles: this.#cycles,
      refused: sorted(this.#refused),
      layers: sorted(this.#layers),
      trials: sorted(this.#trials),
    };
  }
}

function count(counts: Counts, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

function sorted(counts: Counts): Counts {
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}
