import { Geometry, type Program } from "../../compiler/index.ts";
import { type Engine, engineOf } from "../../isa/index.ts";
import type { CycleSplit } from "../timing.ts";
import { latencies } from "./constants.ts";
import type { EstimatedRun } from "./run.ts";

/** Splits the cycles of an estimated run. */
export function splitCycles(program: Program, { cycles, commands }: EstimatedRun): CycleSplit {
  const { parameterWordsPerBlock } = new Geometry(program.config);
  const behindIssue = latencies.drain + parameterWordsPerBlock - 1 + latencies.computeDone;
  const split = { busy: 0, waitDrain: 0, waitLoad: 0, waitCompute: 0, waitStore: 0, noCommand: 0 };
  const counts = new CompletionTimes();
  let issued = 0;
  program.commands.forEach((command, index) => {
    const { start, end } = commands[index];
    const engine = engineOf(command.kind);
    if (command.kind === "compute") {
      const { blocks, rows, tiles, kernelWidth, kernelHeight, channelGroups } = command;
      const beats = blocks * rows * tiles * kernelWidth * kernelHeight * channelGroups;
      let now = issued;
      const until = (time: number): number => {
        const passed = Math.max(0, Math.min(time, start) - now);
        now += passed;
        return passed;
      };
      split.waitLoad += until(counts.reached("load", command.waitLoad));
      split.waitCompute += until(counts.reached("compute", command.waitCompute));
      split.waitStore += until(counts.reached("store", command.waitStore));
      split.noCommand += until(start);
      issued = end - behindIssue;
      split.busy += beats;
      split.waitDrain += issued - start - beats;
    }
    if (engine !== undefined) counts.add(engine, end);
  });
  split.noCommand += cycles - issued;
  return split;
}

/** When each engine's count of completed commands reached what. */
class CompletionTimes {
  readonly #times: Record<Engine, number[]> = { load: [0], compute: [0], store: [0] };

  add(engine: Engine, time: number): void {
    const times = this.#times[engine];
    times.push(Math.max(time, times[times.length - 1]));
  }

  /** @param wait the count modulo 2^16: one of commands before now */
  reached(engine: Engine, wait: number): number {
    const times = this.#times[engine];
    const count = times.length - 1;
    return times[count - ((count - wait) & 0xffff)];
  }
}
