import { type ComputeCommand, Geometry, type IdleSpan, type Program, type Timeline } from "../../host/index.ts";

/** What a cycle of the array goes to: it is fed (`useful` with `lanes`), or what it waits for. */
export const causes = ["useful", "lanes", "weights", "maps", "loads", "results", "stores", "drain", "command"] as const;
export type Cause = (typeof causes)[number];

/** What the causes mean. */
export const causeText: Readonly<Record<Cause, string>> = {
  useful: "every MAC unit does useful work: MACs / MAC units",
  lanes: "fed, but with idle lanes: channels, pixels or taps that do not fill the array",
  weights: "waits for weights, biases, scales or tables to arrive",
  maps: "waits for rows of a map, or the image, to arrive",
  loads: "waits for loads that wait themselves, or come late",
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

/** What the spans of the cycle model are called here. */
const spanCause = {
  noCommand: "command",
  waitWeights: "weights",
  waitFeatures: "maps",
  waitOther: "loads",
  waitCompute: "results",
  waitStore: "stores",
} as const satisfies Record<IdleSpan["cause"], Wait>;

/** The array's whole run, step by step without gaps: from 0 to the run's cycles. */
export function arraySteps(program: Program, { cycles, commands, idle }: Timeline): readonly ArrayStep[] {
  const filled = filledShares(program, new Geometry(program.config));
  const steps: ArrayStep[] = [];
  let now = 0;
  let span = 0;
  const waitsUntil = (start: number): ArrayStep["waits"] => {
    const first = span;
    while (span < idle.length && idle[span].to <= start) span++;
    return idle.slice(first, span).map(({ cause, to }) => ({ cause: spanCause[cause], until: to }));
  };
  program.commands.forEach((command, index) => {
    if (command.kind !== "compute") return;
    const { first, last } = commands[index];
    const operation = program.commandOperations[index];
    const waits = waitsUntil(first);
    const step = { command: index, operation, from: now, start: first, end: last + 1, waits };
    steps.push({ ...step, busy: beatsOf(command), filled: filled[operation] });
    now = last + 1;
  });
  const operation = steps[steps.length - 1]?.operation ?? -1;
  const tail = { command: program.commands.length - 1, operation, from: now, start: cycles, end: cycles };
  steps.push({ ...tail, waits: waitsUntil(cycles), busy: 0, filled: 0 });
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
