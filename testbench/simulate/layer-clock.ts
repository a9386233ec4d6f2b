import { registerOffset } from "../../hdl-gen/index.ts";
import type { Program, Transport } from "../../host/index.ts";
import type { AcceleratorSimulator } from "../harness.ts";
import { WatchdogError } from "../simulation-error.ts";

/** Cycles between two looks at the BUSY counter. */
const POLL = 64;
const REPORT_EVERY = 8192;

/** When an operation was at the array, in cycles from the start of a run, to within some cycles. */
export interface OperationTime {
  /** The last beat of the computation before its first one. */
  start: number;
  /** Its own last beat. */
  end: number;
  /** Of all its computations, each from the last beat of the one before. */
  cycles: number;
}

/** What the BUSY counter shows when a computation has been fed, and the operation that it is for. */
interface Goal {
  readonly count: number;
  readonly operation: number;
}

/** A program's computations by the beats of the array fed until their ends, which is what the BUSY counter counts. */
function goalsOf(program: Program): readonly Goal[] {
  const goals: Goal[] = [];
  let count = 0;
  program.commands.forEach((command, index) => {
    if (command.kind !== "compute") return;
    const { blocks, rows, tiles, kernelWidth, kernelHeight, channelGroups } = command;
    count += blocks * rows * tiles * kernelWidth * kernelHeight * channelGroups;
    goals.push({ count, operation: program.commandOperations[index] });
  });
  return goals;
}

/**
 * A simulated accelerator that notes how long each operation of a program is at the array. It watches the BUSY counter
 * over the register port, which does not disturb the run: computations run in order, so the count tells whose turn it is.
 */
export class LayerClock implements Transport {
  readonly #simulator: AcceleratorSimulator;
  readonly #program: Program;
  readonly #goals: readonly Goal[];
  /** Clock cycle at which the last wait began: just after the start. */
  startCycle = 0;
  /** One per operation. */
  times: OperationTime[] = [];

  constructor(simulator: AcceleratorSimulator, program: Program) {
    this.#simulator = simulator;
    this.#program = program;
    this.#goals = goalsOf(program);
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
    this.times = this.#program.operations.map(() => ({ start: Number.POSITIVE_INFINITY, end: 0, cycles: 0 }));
    let [next, last] = [0, 0];
    let busy = 0;
    let seen = 0;
    let reported = 0;
    while (!simulator.interrupt) {
      const now = simulator.cycle - this.startCycle;
      if (now >= limit) throw new WatchdogError("irq_o", limit, simulator.report());
      simulator.run(POLL);
      const count = this.readRegister(registerOffset("BUSY"));
      for (; this.#goals[next]?.count <= count; next++) {
        const goal = this.#goals[next];
        const end = Math.min(simulator.cycle - this.startCycle, seen + goal.count - busy);
        const time = this.times[goal.operation];
        time.start = Math.min(time.start, last);
        time.end = end;
        time.cycles += end - last;
        last = end;
      }
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
