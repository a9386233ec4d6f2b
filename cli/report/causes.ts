import { latencies } from "../../host/cycle-model/estimate/constants.ts";
import {
  type ComputeCommand,
  type Engine,
  type EstimatedRun,
  engineOf,
  Geometry,
  issueCycles,
  type Program,
} from "../../host/index.ts";

/** What a cycle of the array goes to: it is fed (`useful` with `lanes`), or what it waits for. */
export const causes = [
  "useful",
  "lanes",
  "weights",
  "maps",
  "parameters",
  "results",
  "stores",
  "drain",
  "command",
] as const;
export type Cause = (typeof causes)[number];

/** What the causes mean. */
export const causeText: Readonly<Record<Cause, string>> = {
  useful: "every MAC unit does useful work: MACs / MAC units",
  lanes: "fed, but with idle lanes: channels, pixels or taps that do not fill the array",
  weights: "waits for weights to arrive",
  maps: "waits for rows of a map, or the image, to arrive",
  parameters: "waits for biases, scales or tables to arrive",
  results: "waits for the results of computations before",
  stores: "waits for stores to make room",
  drain: "waits for the drain: tiles shorter than it takes to empty them",
  command: "has no command: start, end, and commands that come late",
};

/** Cycles by cause. */
export type CauseCycles = Readonly<Record<Cause, number>>;

/** The array's time from the end of one computation's issue to the end of the next one's. */
export interface ArrayStep {
  /** Index of the command, and of its operation; the last step, the run's tail, has the operation before it. */
  readonly command: number;
  readonly operation: number;
  /** Cycles from the start of the run. Waiting for others comes first, then the issue from `start` to `end`. */
  readonly from: number;
  readonly start: number;
  readonly end: number;
  /** What it waited for before `start`, in order. */
  readonly waits: readonly { readonly cause: Wait; readonly until: number }[];
  /** Of the issue: beats fed; the rest of it waited for the drain. */
  readonly busy: number;
  /** Share of the MAC units that do useful work in those beats, as a mean over the operation. */
  readonly filled: number;
}

/** What the array can wait for. */
export type Wait = Exclude<Cause, "useful" | "lanes">;

/** A time in which the array is fed, or waits for one thing. */
export interface Piece {
  readonly cause: Wait | "busy";
  readonly from: number;
  readonly to: number;
}

/** The array's whole run, step by step without gaps: from 0 to the run's cycles. */
export function arraySteps(program: Program, { cycles, commands }: EstimatedRun): readonly ArrayStep[] {
  const geometry = new Geometry(program.config);
  const filled = filledShares(program, geometry);
  const completions = new Completions();
  const steps: ArrayStep[] = [];
  let now = 0;
  program.commands.forEach((command, index) => {
    const { start, end } = commands[index];
    const engine = engineOf(command.kind);
    if (command.kind === "compute") {
      const waits: { cause: Wait; until: number }[] = [];
      let waited = now;
      const wait = (cause: Wait, time: number): void => {
        const until = Math.min(time, start);
        if (until <= waited) return;
        waits.push({ cause, until });
        waited = until;
      };
      for (const { kind, time } of completions.since("load", waited, command.waitLoad)) wait(loadCause(kind), time);
      wait("results", completions.reached("compute", command.waitCompute));
      wait("stores", completions.reached("store", command.waitStore));
      wait("command", start);
      const busy = beatsOf(command);
      const operation = program.commandOperations[index];
      const upsampling = command.upsample * geometry.tileMinimum;
      const behind = latencies.drain + upsampling + geometry.parameterWordsPerBlock - 1 + latencies.computeDone;
      const issued = Math.max(end - behind, start + Math.min(busy, issueCycles(geometry, command)));
      steps.push({
        ...{ command: index, operation, from: now, start, end: issued, waits, busy },
        filled: filled[operation],
      });
      now = issued;
    }
    if (engine !== undefined) completions.add(engine, command.kind, end);
  });
  const last = steps[steps.length - 1];
  const tail = { command: program.commands.length - 1, operation: last?.operation ?? -1, from: now, start: cycles };
  steps.push({ ...tail, end: cycles, waits: [{ cause: "command", until: cycles }], busy: 0, filled: 0 });
  return steps;
}

/** Pieces of a step in time, in order, without gaps. A stalled issue is shown as fed first, then stalled. */
export function piecesOf(step: ArrayStep): readonly Piece[] {
  let from = step.from;
  const ends = [
    ...step.waits,
    { cause: "busy" as const, until: step.start + step.busy },
    { cause: "drain" as const, until: step.end },
  ];
  return ends.flatMap(({ cause, until }) => {
    const piece = { cause, from, to: until };
    from = Math.max(from, until);
    return piece.to > piece.from ? [piece] : [];
  });
}

/** Cycles by cause of some steps. */
export function causeCycles(steps: readonly ArrayStep[]): CauseCycles {
  const sums: Record<Cause, number> = Object.fromEntries(causes.map((cause) => [cause, 0])) as Record<Cause, number>;
  for (const step of steps)
    for (const { cause, from, to } of piecesOf(step))
      for (const [part, share] of causeShares(step, cause)) sums[part] += share * (to - from);
  return sums;
}

/** A piece's causes with their shares: being fed is useful as far as the MAC units are filled. */
export function causeShares({ filled }: ArrayStep, cause: Piece["cause"]): readonly (readonly [Cause, number])[] {
  if (cause !== "busy") return [[cause, 1]];
  return [
    ["useful", filled],
    ["lanes", 1 - filled],
  ];
}

/** For each operation the share of the MAC units that do useful work while it is fed. */
function filledShares(program: Program, geometry: Geometry): readonly number[] {
  const beats = new Array<number>(program.operations.length).fill(0);
  program.commands.forEach((command, index) => {
    if (command.kind === "compute") beats[program.commandOperations[index]] += beatsOf(command);
  });
  const peak = geometry.lanes * geometry.blockChannels * geometry.banks;
  return program.operations.map(({ macs }, index) => (beats[index] > 0 ? macs / (peak * beats[index]) : 0));
}

/** Beats in which a computation feeds the array. */
function beatsOf({ blocks, rows, tiles, kernelWidth, kernelHeight, channelGroups }: ComputeCommand): number {
  return blocks * rows * tiles * kernelWidth * kernelHeight * channelGroups;
}

function loadCause(kind: string): Wait {
  if (kind === "loadWeights") return "weights";
  return kind === "loadFeatures" ? "maps" : "parameters";
}

interface Completion {
  readonly kind: string;
  readonly time: number;
}

/** When each engine completed which command. */
class Completions {
  readonly #of: Record<Engine, Completion[]> = { load: [], compute: [], store: [] };

  add(engine: Engine, kind: string, time: number): void {
    const list = this.#of[engine];
    list.push({ kind, time: Math.max(time, list[list.length - 1]?.time ?? 0) });
  }

  /** When an engine's count reached a wait (modulo 2^16: one of commands before now). */
  reached(engine: Engine, wait: number): number {
    return this.#awaited(engine, wait)?.time ?? 0;
  }

  /** What an engine completed after a time, up to the command that a wait is for: each kept the waiting one until then. */
  since(engine: Engine, time: number, wait: number): readonly Completion[] {
    const list = this.#of[engine];
    const last = this.#index(engine, wait);
    let first = last + 1;
    while (first > 0 && list[first - 1].time > time) first--;
    return list.slice(first, last + 1);
  }

  #awaited(engine: Engine, wait: number): Completion | undefined {
    return this.#of[engine][this.#index(engine, wait)];
  }

  #index(engine: Engine, wait: number): number {
    const count = this.#of[engine].length;
    return count - ((count - wait) & 0xffff) - 1;
  }
}
