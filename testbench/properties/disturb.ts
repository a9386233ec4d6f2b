import { errorByName } from "../../hdl-gen/index.ts";
import { COMMAND_BYTES } from "../../host/index.ts";
import type { AxiTraffic } from "../axi/index.ts";
import { WatchdogError } from "../simulation-error.ts";
import type { CaseBench, RunEnd } from "./bench.ts";
import { corrupt } from "./corruption.ts";
import { CaseFailure } from "./failure.ts";
import type { Trial } from "./trial.ts";

type Disturbance = Exclude<Trial, { kind: "none" | "again" }>;
type Of<K extends Disturbance["kind"]> = Extract<Disturbance, { kind: K }>;

/** Longer than any answer of the slowest memory takes. */
const BUS_TIMEOUT = 20_000;
/** Cycles within which an aborted run must end. */
const ABORT_LIMIT = 50_000;

/**
 * Disturbs a run of the bench's program as the trial says and checks that the accelerator reports what it should. Memory
 * that a run must not touch is checked as well.
 *
 * @param goodCycles cycles of a good run
 * @param traffic transfers since the last reset, that good run included
 * @returns the error code reported, if any
 * @throws CaseFailure, or WatchdogError for a hang
 */
export function disturb(
  bench: CaseBench,
  trial: Disturbance,
  goodCycles: number,
  traffic: AxiTraffic,
): number | undefined {
  switch (trial.kind) {
    case "reset":
      bench.start();
      bench.simulator.run(Math.floor(trial.at * goodCycles));
      bench.reset();
      return undefined;
    case "abort":
      return abort(bench, Math.floor(trial.at * goodCycles), goodCycles);
    case "corrupt":
      return corrupted(bench, trial, goodCycles);
    case "noise":
      return noise(bench, trial, goodCycles);
    case "fault":
      return faulty(bench, trial, goodCycles, traffic);
  }
}

/** Abort after some cycles: the run ends as aborted, or had ended. */
function abort(bench: CaseBench, after: number, goodCycles: number): number {
  bench.start();
  bench.simulator.run(after);
  bench.abort();
  const end = bench.wait(ABORT_LIMIT + goodCycles);
  expect(bench, end.outcome === "done" || end.code === errorByName("ABORTED").code, "abort", end);
  return end.code;
}

function corrupted(bench: CaseBench, trial: Of<"corrupt">, goodCycles: number): number | undefined {
  const { program } = bench;
  const stream = corrupt(program, trial.corruption, Math.floor(trial.command * program.commands.length));
  if (stream === undefined) return undefined;
  bench.write(program.commandOffset, stream.bytes);
  const end = guarded(bench, limit(goodCycles));
  const { code, command, error } = stream;
  const what = `${trial.corruption} in command ${command} (${error}, code ${code})`;
  expect(bench, end.outcome === "error" && end.code === code && end.command === command, what, end);
  return end.code;
}

/** Any bits flipped: the run may end well or with an error, or go on until it is aborted; it may not hang nor stray. */
function noise(bench: CaseBench, trial: Of<"noise">, goodCycles: number): number {
  const { program } = bench;
  const index = Math.floor(trial.command * program.commands.length);
  const offset = program.commandOffset + index * COMMAND_BYTES + 4 * trial.word;
  const word = new DataView(bench.read(offset, 4).buffer).getUint32(0, true);
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, (word ^ trial.flip) >>> 0, true);
  bench.write(offset, bytes);
  const before = bench.untouched(false);
  bench.start();
  const end = waitOrAbort(bench, limit(goodCycles));
  if (bench.untouched(false) !== before) fail(bench, `noise in command ${index} made it write outside its window`);
  // A fault shows at the command itself or behind it: one whose waits can no longer be met.
  const legal = end.outcome === "done" || (end.code >= 1 && end.code <= 12 && end.command >= index);
  expect(bench, legal || end.code === errorByName("ABORTED").code, `noise in command ${index}`, end);
  return end.code;
}

function waitOrAbort(bench: CaseBench, cycles: number): RunEnd {
  try {
    return bench.wait(cycles);
  } catch (error) {
    if (!(error instanceof WatchdogError)) throw error;
    bench.abort();
    return bench.wait(ABORT_LIMIT);
  }
}

/** A failing burst is reported; a dead bus is reported in time, and reset recovers. */
function faulty(bench: CaseBench, trial: Of<"fault">, goodCycles: number, traffic: AxiTraffic): number {
  const { direction, effect } = trial;
  const bursts = direction === "read" ? traffic.readBursts : traffic.writeBursts;
  bench.reset();
  bench.faults.push({ direction, at: { burst: Math.floor(trial.burst * bursts) }, effect });
  const response = errorByName(direction === "read" ? "READ_RESPONSE" : "WRITE_RESPONSE").code;
  const code = effect === "hang" ? errorByName("BUS_TIMEOUT").code : response;
  const end = guarded(bench, limit(goodCycles) + 2 * BUS_TIMEOUT, effect === "hang" ? BUS_TIMEOUT : 0);
  const known = end.command < bench.program.commands.length;
  expect(
    bench,
    end.outcome === "error" && end.code === code && known,
    `${effect} at a ${direction} (code ${code})`,
    end,
  );
  bench.faults.length = 0;
  if (effect === "hang") bench.reset();
  return end.code;
}

/** A run that must leave constants and everything outside the window as they are. */
function guarded(bench: CaseBench, cycles: number, timeout = 0): RunEnd {
  const before = bench.untouched(true);
  bench.start(timeout);
  const end = bench.wait(cycles);
  if (bench.untouched(true) !== before) fail(bench, "a failing run changed memory that it must not touch");
  return end;
}

const limit = (goodCycles: number): number => 20_000 + 4 * goodCycles;

function expect(bench: CaseBench, good: boolean, what: string, { outcome, code, command, info }: RunEnd): void {
  if (good) return;
  const got = outcome === "done" ? "done" : `error ${code} at command ${command}, info 0x${info.toString(16)}`;
  fail(bench, `${what}: the accelerator reports ${got}`);
}

function fail(bench: CaseBench, message: string): never {
  throw new CaseFailure(message, bench.simulator.cycle);
}
