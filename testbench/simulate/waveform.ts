import type { HwConfig } from "../../hdl-gen/index.ts";
import type { Program } from "../../host/index.ts";
import { VargenError } from "../../models/errors.ts";
import type { Activations } from "../../models/ir/network.ts";
import { type BuildProgress, openVcdFile } from "../engine/index.ts";
import { buildAccelerator } from "./accelerator-model.ts";
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

function open(file: string): ReturnType<typeof openVcdFile> {
  try {
    return openVcdFile(file);
  } catch (error) {
    const message = `cannot be written: ${error instanceof Error ? error.message : String(error)}`;
    throw new VargenError([{ code: "simulation/unwritable", path: file, message }]);
  }
}
