import type { MemoryModel } from "../memory-model.ts";
import type { CommandStream, Timeline } from "../timing.ts";
import { Core } from "./core.ts";
import { NO_COMMAND, WAIT_COMPUTE, WAIT_LOAD, WAIT_STORE } from "./sequencer.ts";

/**
 * Runs a program's timing cycle by cycle: the cycles are those that the RTL counts with the same memory.
 *
 * @param program must be free of errors, its waits can be met, and END is in it
 */
export function timeline(program: CommandStream, memory: MemoryModel): Timeline {
  const core = new Core(program, memory);
  const { sequencer, dispatch } = core;
  // Cycle 0 is the first of the run, in which everything is cleared and nothing counted.
  let now = 1;
  while (!dispatch.ended) {
    if (core.step(now++)) continue;
    const { wake } = core;
    if (wake === Number.POSITIVE_INFINITY) throw new Error("the program waits for ever");
    sequencer.rest(wake - now);
    now = wake;
  }
  // The cycle that sees the end still runs; the control settles for one, and leaves when the bus is at rest.
  core.step(now++);
  sequencer.rest(1);
  core.settle(now++);
  do sequencer.rest(1);
  while (!core.settle(now++));
  const cycles = now - 1;
  const { busy, waitDrain, idle } = sequencer;
  return {
    cycles,
    split: {
      busy,
      waitDrain,
      waitLoad: idle[WAIT_LOAD],
      waitCompute: idle[WAIT_COMPUTE],
      waitStore: idle[WAIT_STORE],
      noCommand: idle[NO_COMMAND],
    },
    readBeats: core.readBeats,
    writeBeats: core.writeBeats,
    commands: core.log.timings(cycles),
  };
}
