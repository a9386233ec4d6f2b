import type { MemoryModel } from "../memory-model.ts";
import type { CommandStream, Timeline } from "../timing.ts";
import { Core } from "./core.ts";

/**
 * Runs a program's timing cycle by cycle: the cycles are those that the RTL counts with the same memory.
 *
 * @param program must be free of errors, its waits can be met, and END is in it
 */
export function timeline(program: CommandStream, memory: MemoryModel): Timeline {
  const core = new Core(program, memory);
  // Cycle 0 is the first that is counted: the second of the run.
  let now = 0;
  while (!core.ended) {
    if (core.step(now++)) continue;
    const { wake } = core;
    if (wake === Number.POSITIVE_INFINITY) throw new Error("the program waits for ever");
    core.rest(now, wake - now);
    now = wake;
  }
  // The cycle that sees the end still runs; the control settles for one, and leaves when the bus is at rest.
  core.step(now++);
  core.rest(now, 1);
  core.settle(now++);
  do core.rest(now, 1);
  while (!core.settle(now++));
  const cycles = now;
  const { busy, waitDrain, idle } = core.sequencer;
  const loads = { weights: idle.of("waitWeights"), features: idle.of("waitFeatures"), other: idle.of("waitOther") };
  return {
    cycles,
    split: {
      busy,
      waitDrain,
      waitLoad: loads.weights + loads.features + loads.other,
      waitCompute: idle.of("waitCompute"),
      waitStore: idle.of("waitStore"),
      noCommand: idle.of("noCommand"),
    },
    loads,
    idle: idle.spans,
    readBeats: core.readBeats,
    writeBeats: core.writeBeats,
    commands: core.log.timings(cycles),
  };
}
