import type { HwConfig } from "../../hdl-gen/index.ts";
import type { Program } from "../../host/index.ts";
import { VargenError } from "../../models/errors.ts";
import { type Activations, tensorOf } from "../../models/ir/network.ts";
import { type BuildProgress, openVcdFile } from "../engine/index.ts";
import { buildAccelerator } from "./accelerator-model.ts";
import type { Mismatch } from "./compare.ts";
import type { OperationTime } from "./layer-clock.ts";
import { type MemoryKind, Session } from "./session.ts";

/** A window of a run to write as VCD. */
export interface WaveformRequest {
  readonly config: HwConfig;
  readonly program: Program;
  readonly input: Activations;
  readonly memory: MemoryKind;
  /** Clock cycle at which the run begins, as an earlier run on the same program found it. */
  readonly startCycle: number;
  /** First and last cycle, counted from the start of the run. */
  readonly from: number;
  readonly to: number;
  readonly file: string;
  readonly onProgress?: (build: BuildProgress) => void;
}

/**
 * Repeats a run with a waveform; equal programs and inputs run alike, cycle by cycle.
 * @throws VargenError if the file cannot be written
 */
export async function writeWaveform(request: WaveformRequest): Promise<void> {
  const { config, program, input, memory, startCycle, from, to, file, onProgress } = request;
  const model = await buildAccelerator(config, { trace: true, ...(onProgress === undefined ? {} : { onProgress }) });
  const vcd = open(file);
  try {
    const trace = { from: startCycle + from, to: startCycle + to, sink: vcd.sink };
    const session = await Session.open(model, config, program, memory, trace);
    await session.run(input);
    session.simulator.model.stopTrace();
    vcd.close();
  } catch (error) {
    vcd.discard();
    throw error;
  }
}

/** Cycles before and after the place where a value should be computed. */
const BEFORE = 1500;
const AFTER = 2500;

/**
 * The cycles, from the start of the run, around the one in which a value is computed: its operation's own, narrowed down by
 * the order of the loops (blocks of output channels, then rows; with several strips rows first).
 *
 * @param times see `LayerClock`; empty if unknown, then the run's last cycles
 */
export function windowAround(
  value: Mismatch,
  program: Program,
  times: readonly OperationTime[],
  cycles: number,
): readonly [from: number, to: number] {
  const index = program.operations.findIndex(({ layers }) => layers.includes(value.layer));
  const time = times[index];
  if (time === undefined) return [Math.max(0, cycles - BEFORE - AFTER), cycles];
  const { start, end } = time;
  const { output, strips } = program.operations[index];
  const { channels, height } = tensorOf(program.network, output).shape;
  const row = value.row / height;
  const fraction = strips > 1 ? row : (value.channel + row) / channels;
  const at = Math.round(start + fraction * (end - start));
  return [Math.max(0, start, at - BEFORE), Math.min(cycles + AFTER, at + AFTER)];
}

function open(file: string): ReturnType<typeof openVcdFile> {
  try {
    return openVcdFile(file);
  } catch (error) {
    const message = `cannot be written: ${error instanceof Error ? error.message : String(error)}`;
    throw new VargenError([{ code: "simulation/unwritable", path: file, message }]);
  }
}
