import { registerOffset } from "../../hdl-gen/index.ts";
import type { Program, Transport } from "../../host/index.ts";
import type { AcceleratorSimulator } from "../harness.ts";
import { WatchdogError } from "../simulation-error.ts";

/** Cycles between two looks at the BUSY counter. */
const POLL = 64;
const REPORT_EVERY = 8192;

/** Beats of the array fed by a program's computations, operation by operation; what the BUSY counter counts. */
function beatsPerOperation(program: Program): readonly number[] {
  const beats = new Array<number>(program.operations.length).fill(0);
  program.commands.forEach((command, index) => {
    if (command.kind !== "compute") return;
    const { blocks, rows, tiles, kernelWidth, kernelHeight, channelGroups } = command;
    beats[program.commandOperations[index]] += blocks * rows * tiles * kernelWidth * kernelHeight * channelGroups;
  });
  return beats;
}

/**
 * A simulated accelerator that notes when each operation of a program is through the array. It watches the BUSY counter
 * over the register port, which does not disturb the run: computations run in order, so the count tells whose turn it is.
 */
export class LayerClock implements Transport {
  readonly #simulator: AcceleratorSimulator;
  readonly #goals: readonly number[];
  /** Clock cycle at which the last wait began: just after the start. */
  startCycle = 0;
  /** For each operation the cycle, from the start, at which its last beat was fed; to within some cycles. */
  ends: number[] = [];

  constructor(simulator: AcceleratorSimulator, program: Program) {
    this.#simulator = simulator;
    let sum = 0;
    this.#goals = beatsPerOperation(program).map((beats) => {
      sum += beats;
      return sum;
    });
  }

  readRegister(offset: number): number {
    return this.#simulator.readRegister(offset);
  }

  writeRegister(offset: number, value: number): void {
    this.#simulator.writeRegister(offset, value);
  }

  readMemory(address: number, length: number): Uint8Array {
    return this.#simulator.readMemory(address, length);
  }

  writeMemory(address: number, bytes: Uint8Array): void {
    this.#simulator.writeMemory(address, bytes);
  }

  async waitForInterrupt(limit: number, onProgress: (cycles: number) => void = () => {}): Promise<void> {
    const simulator = this.#simulator;
    this.startCycle = simulator.cycle;
    this.ends = [];
    let busy = 0;
    let seen = 0;
    let reported = 0;
    while (!simulator.interrupt) {
      const now = simulator.cycle - this.startCycle;
      if (now >= limit) throw new WatchdogError("irq_o", limit, simulator.report());
      simulator.run(POLL);
      const count = this.readRegister(registerOffset("BUSY"));
      for (let goal = this.#goals[this.ends.length]; goal <= count; goal = this.#goals[this.ends.length])
        this.ends.push(Math.min(simulator.cycle - this.startCycle, seen + goal - busy));
      busy = count;
      seen = simulator.cycle - this.startCycle;
      if (seen < reported + REPORT_EVERY) continue;
      reported = seen;
      onProgress(seen);
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    onProgress(simulator.cycle - this.startCycle);
  }
}
