import { deriveFigures } from "../../hdl-gen/index.ts";
import { ExitCode, type Problem, VargenError } from "../../models/errors.ts";
import type { Network } from "../../models/ir/network.ts";
import { compile } from "../compiler/index.ts";
import { estimate, type MemoryModel } from "../cycle-model/index.ts";
import { type Device, deviceNames, devices } from "./devices.ts";
import { Estimator } from "./estimate.ts";
import { paretoFront, thinned } from "./front.ts";
import { deviceShare, type Resources, resourceKinds, resourcesOf } from "./resources.ts";
import { type Candidate, candidatesFor, smallestConfig } from "./space.ts";
import { workOf } from "./work.ts";

/** What to look for. */
export interface ExploreRequest {
  readonly network: Network;
  readonly device: Device;
  readonly memory: MemoryModel;
  readonly clockHz: number;
  /** Images a second to be reached; without it the fastest configuration is chosen. */
  readonly fps: number | undefined;
  readonly onStep?: (text: string) => void;
  /** Called before each run of the cycle model. */
  readonly onPoint?: (done: number, total: number) => void;
}

/** A candidate by the analytic model. */
export interface Estimated extends Candidate {
  readonly estimatedCycles: number;
}

/** A candidate that the network was compiled for, by the cycle model. */
export interface Point extends Estimated {
  readonly cycles: number;
  readonly imagesPerSecond: number;
  /** Useful MACs / (MAC units x cycles). */
  readonly utilization: number;
  readonly dramBytes: number;
}

/** What a search found. */
export interface Exploration {
  /** Candidates that the device holds, all of them by the analytic model. */
  readonly candidates: number;
  /** Candidates by the cycle model as well. */
  readonly compiled: number;
  /** Share of the device against images a second, the smallest first. */
  readonly front: readonly Point[];
  /** The smallest that reaches `fps`, else the fastest. */
  readonly chosen: Point;
}

/** Points of the analytic front that the cycle model looks at; and those more that may be tried to reach a rate. */
const POINTS = 12;
const TRIES = 10;

/** The front that is looked at begins at this part of the best rate, or at half of the rate to be reached. */
const RANGE = 12;

/** Shares that differ by less are alike. */
const TIE = 1e-6;

/** The analytic model is a little too fast for small buffers: candidates that miss a rate by less are not tried. */
const SLACK = 0.98;

/**
 * Searches a device's configurations for those that are best for a network: all of them by the analytic model, its Pareto
 * front by compiling for it and running the cycle model.
 *
 * @throws VargenError (exit code doesNotFit) if no configuration fits the device, the network fits none, or none is fast
 *   enough: with what would be possible
 */
export function explore(request: ExploreRequest): Exploration {
  const { network, device, memory, clockHz, fps, onStep = () => {}, onPoint = () => {} } = request;
  const candidates = candidatesFor(device, clockHz);
  if (candidates.length === 0) throw tooSmall(device);
  onStep(`${candidates.length} configurations fit ${device.name}; estimating them`);
  const estimator = new Estimator(workOf(network), memory);
  const estimated = candidates.map((candidate): Estimated => {
    return { ...candidate, estimatedCycles: estimator.estimate(candidate.config).cycles };
  });
  const rate = ({ estimatedCycles }: Estimated): number => clockHz / estimatedCycles;
  const whole = paretoFront(estimated, costOf, rate);
  const slowest = Math.min(rate(whole[whole.length - 1]) / RANGE, (fps ?? Number.POSITIVE_INFINITY) / 2);
  const analytic = thinned(
    whole.filter((candidate) => rate(candidate) >= slowest),
    rate,
    POINTS,
  );
  const points: Point[] = [];
  const problems: Problem[] = [];
  const look = (candidate: Estimated, done: number, total: number): Point | undefined => {
    onPoint(done, total);
    const point = measured(network, memory, clockHz, candidate);
    if ("cycles" in point) points.push(point);
    else problems.push(...point.problems);
    return "cycles" in point ? point : undefined;
  };
  onStep(`compiling for ${analytic.length} on the Pareto front`);
  for (const [index, candidate] of analytic.entries()) look(candidate, index, analytic.length);
  onPoint(analytic.length, analytic.length);
  if (fps !== undefined) reach(fps, estimated, points, look, clockHz);
  if (points.length === 0) throw new VargenError(problems.slice(0, 1), ExitCode.doesNotFit);
  const front = paretoFront(points, costOf, ({ imagesPerSecond }) => imagesPerSecond);
  const chosen = fps === undefined ? front[front.length - 1] : front.find((point) => point.imagesPerSecond >= fps);
  if (chosen === undefined) throw tooSlow(request, front[front.length - 1]);
  return { candidates: candidates.length, compiled: points.length, front, chosen };
}

/** Looks for points that reach a rate with less of the device. */
function reach(
  fps: number,
  estimated: readonly Estimated[],
  points: readonly Point[],
  look: (candidate: Estimated, done: number, total: number) => Point | undefined,
  clockHz: number,
): void {
  const known = new Set(points.map(({ config }) => config));
  /** By how much the estimate is known to be too fast. */
  let error = 1;
  for (let tries = 0; tries < TRIES; tries++) {
    const enough = points.filter(({ imagesPerSecond }) => imagesPerSecond >= fps);
    const limit = Math.min(Number.POSITIVE_INFINITY, ...enough.map(({ share }) => share));
    const hopeful = estimated.filter((candidate) => {
      if (known.has(candidate.config) || clockHz < SLACK * fps * error * candidate.estimatedCycles) return false;
      return candidate.share < limit - TIE;
    });
    // Of those that take the same of the device the one with the largest buffers has the best chance.
    const [next] = hopeful.sort((a, b) =>
      Math.abs(a.share - b.share) > TIE ? a.share - b.share : a.estimatedCycles - b.estimatedCycles,
    );
    if (next === undefined) return;
    known.add(next.config);
    const point = look(next, tries, TRIES);
    if (point !== undefined && point.imagesPerSecond < fps)
      error = Math.max(error, point.cycles / point.estimatedCycles);
  }
}

/** Share of the device, then the sum of all shares by a hair: of two that are bound alike the smaller one is better. */
function costOf({ share, resources }: Candidate): number {
  return share + 1e-9 * (resources.lut + resources.ff + 50 * resources.dsp + 200 * resources.bram36);
}

function measured(
  network: Network,
  memory: MemoryModel,
  clockHz: number,
  candidate: Estimated,
): Point | { readonly problems: readonly Problem[] } {
  try {
    const program = compile(network, candidate.config);
    const { cycles } = estimate(program, memory);
    const { macs, dramReadBytes, dramWriteBytes } = program.statistics;
    const utilization = macs / (deriveFigures(candidate.config).macs * cycles);
    return {
      ...candidate,
      cycles,
      imagesPerSecond: clockHz / cycles,
      utilization,
      dramBytes: dramReadBytes + dramWriteBytes,
    };
  } catch (error) {
    if (!(error instanceof VargenError)) throw error;
    return { problems: error.problems };
  }
}

function tooSmall(device: Device): VargenError {
  const config = smallestConfig(device);
  const needed = resourcesOf(config);
  const larger = deviceNames.find((name) => deviceShare(needed, devices[name].resources) <= 1);
  const message = `the smallest configuration, ${config.name}, takes ${text(needed)}; ${device.name} has ${text(device.resources)}`;
  const hint =
    larger === undefined ? "no device that is known holds it" : `the smallest device that holds it is ${larger}`;
  return new VargenError([{ code: "explore/too-small", path: device.name, message, hint }], ExitCode.doesNotFit);
}

/** How fast the device is at best, and which other devices may do. */
function tooSlow({ network, device, memory, clockHz, fps = 0 }: ExploreRequest, best: Point): VargenError {
  const estimator = new Estimator(workOf(network), memory);
  const fastest = (other: Device): number =>
    candidatesFor(other, clockHz).reduce(
      (most, { config }) => Math.max(most, clockHz / estimator.estimate(config).cycles),
      0,
    );
  const others = deviceNames
    .filter((name) => name !== device.name && devices[name].resources.dsp > device.resources.dsp)
    .filter((name) => fastest(devices[name]) * SLACK >= fps);
  const message =
    `${network.name} reaches ${best.imagesPerSecond.toFixed(1)} images/s at ${clockHz / 1e6} MHz, not ${fps}: ` +
    `with ${best.config.name}, ${(100 * best.share).toFixed(0)} % of the device`;
  const clock = `a clock of ${Math.ceil((clockHz / 1e6) * (fps / best.imagesPerSecond))} MHz`;
  const hint = `it would take ${[clock, ...(others.length > 0 ? [`or ${others.join(", ")} (by estimate)`] : [])].join(", ")}`;
  return new VargenError([{ code: "explore/too-slow", path: device.name, message, hint }], ExitCode.doesNotFit);
}

function text(resources: Resources): string {
  return resourceKinds.map((kind) => `${resources[kind].toLocaleString("en-US")} ${kind.toUpperCase()}`).join(", ");
}
