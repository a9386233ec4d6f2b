import type { Transport } from "../host/index.ts";
import { AxiLiteMaster, AxiMemory, busReport } from "./axi/index.ts";
import type { CompiledModel, Model, Port } from "./engine/index.ts";
import { PortMonitors, type Violation } from "./monitors/index.ts";
import { RegisterAccessError, WatchdogError } from "./simulation-error.ts";
import type { SimulationStatistics, SimulatorOptions, TraceWindow } from "./simulator-options.ts";

export type * from "./simulator-options.ts";

/** Cycles between looks at the clock and turns for other tasks: some tens of milliseconds. */
const SLICE = 8192;

const RESET_CYCLES = 4;

/**
 * An accelerator's RTL with a memory on `m_axi`, a register master on `s_axil` and monitors on both.
 *
 * One cycle: everything samples the settled signals; rising edge; memory and master drive their next values; falling edge,
 * at which the signals settle. So all that the bench drives is registered, as behind flip-flops on the same clock.
 * A run is determined by model, options and sequence of calls: to see a failed run's waveform, repeat it on a traced build.
 */
export class AcceleratorSimulator implements Transport {
  readonly model: Model;
  readonly memory: AxiMemory;
  readonly #lite: AxiLiteMaster;
  readonly #monitors: PortMonitors | undefined;
  readonly #reset: Port;
  readonly #interrupt: Port;
  readonly #trace: TraceWindow | undefined;
  readonly #registerTimeout: number;
  #seconds = 0;

  constructor(compiled: CompiledModel, options: SimulatorOptions = {}) {
    const { monitors = true, maxReads = 256, maxWrites = 256, registerStall = 0, seed = 1, trace } = options;
    this.model = compiled.instantiate({ seed });
    this.memory = new AxiMemory(this.model, options);
    this.#lite = new AxiLiteMaster(this.model, { stall: registerStall, seed });
    this.#monitors = monitors ? new PortMonitors(this.model, { maxReads, maxWrites }) : undefined;
    this.#reset = this.model.port("rst_ni");
    this.#interrupt = this.model.port("irq_o");
    this.#trace = trace;
    this.#registerTimeout = options.registerTimeout ?? 10_000;
  }

  /** Clock cycles done. */
  get cycle(): number {
    return this.model.cycle;
  }

  /** Level of the interrupt line. */
  get interrupt(): boolean {
    return this.#interrupt.get() !== 0;
  }

  /** Protocol violations so far, at most a hundred of each port; empty without monitors. */
  get violations(): readonly Violation[] {
    return this.#monitors?.violations ?? [];
  }

  get statistics(): SimulationStatistics {
    const [cycles, seconds] = [this.model.cycle, this.#seconds];
    return { cycles, seconds, cyclesPerSecond: seconds > 0 ? cycles / seconds : 0, traffic: this.memory.traffic };
  }

  /** Holds the design in reset; the bus drops what was outstanding, the memory keeps its contents. */
  reset(): void {
    this.memory.clear();
    this.#lite.clear();
    this.#reset.set(0);
    this.model.eval();
    this.#timed(() => {
      for (let index = 0; index < RESET_CYCLES; index++) this.#step(false);
    });
    this.#reset.set(1);
    this.model.eval();
  }

  /** Simulates a number of cycles. */
  run(cycles: number): void {
    this.#timed(() => {
      for (let index = 0; index < cycles; index++) this.#step(true);
    });
  }

  /**
   * Simulates until the interrupt line is high.
   * @returns cycles simulated
   * @throws WatchdogError with the state of the ports if that takes more than `maxCycles`
   */
  runUntilInterrupt(maxCycles: number): number {
    const start = this.model.cycle;
    while (!this.interrupt) this.#slice(start, maxCycles);
    return this.model.cycle - start;
  }

  /**
   * The same, giving other tasks of the process a turn every few ten thousand cycles.
   * @param onProgress called with the cycles simulated so far
   */
  async waitForInterrupt(maxCycles: number, onProgress: (cycles: number) => void = () => {}): Promise<number> {
    const start = this.model.cycle;
    while (!this.interrupt) {
      this.#slice(start, maxCycles);
      onProgress(this.model.cycle - start);
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    return this.model.cycle - start;
  }

  /** Writes a 32-bit register. @throws RegisterAccessError for an error response, WatchdogError if there is none */
  writeRegister(address: number, value: number): void {
    this.#lite.beginWrite(address, value);
    this.#finishAccess("write", address);
    const { response } = this.#lite.writeResult;
    if (response !== 0) throw new RegisterAccessError("write", address, response);
  }

  /** Reads a 32-bit register, unsigned. @throws RegisterAccessError for an error response, WatchdogError if there is none */
  readRegister(address: number): number {
    this.#lite.beginRead(address);
    this.#finishAccess("read", address);
    const { data, response } = this.#lite.readResult;
    if (response !== 0) throw new RegisterAccessError("read", address, response);
    return data;
  }

  /** Copies bytes out of the memory, in no simulated time. @throws RangeError outside of it */
  readMemory(address: number, length: number): Uint8Array {
    return this.memory.storage.window(address, length).slice();
  }

  /** Copies bytes into the memory, in no simulated time. @throws RangeError outside of it */
  writeMemory(address: number, bytes: Uint8Array): void {
    this.memory.storage.window(address, bytes.length).set(bytes);
  }

  /** Tells the monitors that all work is over: what is still outstanding becomes a violation. */
  checkQuiescent(): void {
    this.#monitors?.finish(this.model.cycle);
  }

  /** State of the bus in a sentence, for error messages. */
  report(): string {
    const violations = this.#monitors === undefined ? "" : `, ${this.#monitors.count} protocol violations`;
    return `at cycle ${this.model.cycle}: ${busReport(this.model, this.memory)}${violations}`;
  }

  #finishAccess(direction: string, address: number): void {
    const limit = this.model.cycle + this.#registerTimeout;
    this.#timed(() => {
      while (this.#lite.busy && this.model.cycle < limit) this.#step(true);
    });
    if (!this.#lite.busy) return;
    this.#lite.clear();
    throw new WatchdogError(`register ${direction} at 0x${address.toString(16)}`, this.#registerTimeout, this.report());
  }

  /** Some cycles towards the interrupt. @throws WatchdogError when `maxCycles` have passed since `start` */
  #slice(start: number, maxCycles: number): void {
    const left = Math.min(SLICE, maxCycles - (this.model.cycle - start));
    if (left <= 0) throw new WatchdogError("irq_o", maxCycles, this.report());
    this.#timed(() => {
      for (let index = 0; index < left && this.#interrupt.get() === 0; index++) this.#step(true);
    });
  }

  /** One clock cycle. @param driving whether memory and master take part; they rest in reset */
  #step(driving: boolean): void {
    const cycle = this.model.cycle;
    const trace = this.#trace;
    if (trace !== undefined && cycle === trace.from) this.model.startTrace(trace.sink);
    this.#monitors?.sample(cycle);
    if (driving) {
      this.memory.sample(cycle);
      this.#lite.sample();
    }
    this.model.rise();
    if (driving) {
      this.memory.drive(cycle);
      this.#lite.drive();
    }
    this.model.fall();
    this.model.cycle = cycle + 1;
    if (trace !== undefined && cycle === trace.to) this.model.stopTrace();
  }

  #timed(work: () => void): void {
    const start = performance.now();
    try {
      work();
    } finally {
      this.#seconds += (performance.now() - start) / 1000;
    }
    this.model.checkMemory();
    // The run may end before the window does, in an error too.
    if (this.#trace !== undefined) this.model.flushTrace();
  }
}
