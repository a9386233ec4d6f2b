import type { Transport } from "../host/index.ts";
import { AxiLiteMaster, AxiMemory, type AxiMemoryOptions, type AxiTraffic, type LiteResult } from "./axi/index.ts";
import type { CompiledModel, Model, Port, TraceSink } from "./engine/index.ts";
import { AxiLiteMonitor, AxiMonitor, type Violation } from "./monitors/index.ts";
import { RegisterAccessError, WatchdogError } from "./simulation-error.ts";

/** A window of clock cycles to write as VCD. */
export interface TraceWindow {
  /** First and last cycle, inclusive. */
  readonly from: number;
  readonly to: number;
  readonly sink: TraceSink;
}

/** Options of {@link AcceleratorSimulator}; the memory's are passed on. */
export interface SimulatorOptions extends Omit<AxiMemoryOptions, "prefix"> {
  /** Check both AXI ports against the protocol. Default true. */
  readonly monitors?: boolean;
  /** Most read and write bursts that the design may have outstanding. Default 256. */
  readonly maxReads?: number;
  readonly maxWrites?: number;
  /** Probability of stalls on the register port. Default 0. */
  readonly registerStall?: number;
  /** Seed of register stalls and of random start values. Default 1. */
  readonly seed?: number;
  /** Needs a model built with `trace`. Default none. */
  readonly trace?: TraceWindow;
  /** Cycles after which a register access that is not answered fails. Default 10,000. */
  readonly registerTimeout?: number;
}

/** What a simulation has cost so far. */
export interface SimulationStatistics {
  /** Clock cycles since construction. */
  readonly cycles: number;
  /** Wall-clock time spent simulating them. */
  readonly seconds: number;
  readonly cyclesPerSecond: number;
  readonly traffic: AxiTraffic;
}

/** Cycles between looks at the clock and turns for other tasks: some tens of milliseconds. */
const SLICE = 8192;

/**
 * An accelerator's RTL with a memory on `m_axi`, a register master on `s_axil` and monitors on both.
 *
 * One cycle: everything samples the settled signals; rising edge; memory and master drive their next values; falling edge,
 * at which the signals settle. So all that the bench drives is registered, as behind flip-flops on the same clock.
 * A run is determined by model, options and the sequence of calls: to look at cycles from..to of a failed run, repeat it on a build with `trace`.
 */
export class AcceleratorSimulator implements Transport {
  readonly model: Model;
  readonly memory: AxiMemory;
  readonly #lite: AxiLiteMaster;
  readonly #axiMonitor: AxiMonitor;
  readonly #liteMonitor: AxiLiteMonitor;
  readonly #monitored: boolean;
  readonly #reset: Port;
  readonly #interrupt: Port;
  readonly #trace: TraceWindow | undefined;
  readonly #registerTimeout: number;
  #cycle = 0;
  #seconds = 0;

  constructor(compiled: CompiledModel, options: SimulatorOptions = {}) {
    const { monitors = true, maxReads = 256, maxWrites = 256, registerStall = 0, seed = 1, trace } = options;
    this.model = compiled.instantiate({ seed });
    this.memory = new AxiMemory(this.model, options);
    this.#lite = new AxiLiteMaster(this.model, { stall: registerStall, seed });
    this.#axiMonitor = new AxiMonitor(this.model, { maxReads, maxWrites });
    this.#liteMonitor = new AxiLiteMonitor(this.model);
    this.#monitored = monitors;
    this.#reset = this.model.port("rst_ni");
    this.#interrupt = this.model.port("irq_o");
    this.#trace = trace;
    this.#registerTimeout = options.registerTimeout ?? 10_000;
  }

  /** Clock cycles done. */
  get cycle(): number {
    return this.#cycle;
  }

  /** Level of the interrupt line. */
  get interrupt(): boolean {
    return this.#interrupt.get() !== 0;
  }

  /** Protocol violations so far, at most a hundred of each port; empty without monitors. */
  get violations(): readonly Violation[] {
    return [...this.#axiMonitor.log.violations, ...this.#liteMonitor.log.violations];
  }

  get statistics(): SimulationStatistics {
    const seconds = this.#seconds;
    const cyclesPerSecond = seconds > 0 ? this.#cycle / seconds : 0;
    return { cycles: this.#cycle, seconds, cyclesPerSecond, traffic: this.memory.traffic };
  }

  /** Holds the design in reset; the bus drops what was outstanding, the memory keeps its contents. */
  reset(cycles = 4): void {
    this.memory.clear();
    this.#lite.clear();
    this.#reset.set(0);
    this.model.eval();
    this.#timed(() => {
      for (let index = 0; index < cycles; index++) {
        this.#step(false);
      }
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
    const start = this.#cycle;
    while (!this.interrupt) {
      if (this.#cycle - start >= maxCycles) throw new WatchdogError("irq_o", maxCycles, this.report());
      this.#slice(Math.min(SLICE, maxCycles - (this.#cycle - start)));
    }
    return this.#cycle - start;
  }

  /**
   * The same, giving other tasks of the process a turn every few ten thousand cycles.
   * @param onProgress called with the cycles simulated so far
   */
  async waitForInterrupt(maxCycles: number, onProgress: (cycles: number) => void = () => {}): Promise<number> {
    const start = this.#cycle;
    while (!this.interrupt) {
      if (this.#cycle - start >= maxCycles) throw new WatchdogError("irq_o", maxCycles, this.report());
      this.#slice(Math.min(SLICE, maxCycles - (this.#cycle - start)));
      onProgress(this.#cycle - start);
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    return this.#cycle - start;
  }

  /** A register write with its response code. @throws WatchdogError if it is not answered */
  liteWrite(address: number, data: number, strobes = 0xf): LiteResult {
    this.#lite.beginWrite(address, data, strobes);
    this.#finishAccess("write", address);
    return this.#lite.writeResult;
  }

  /** A register read with its response code. @throws WatchdogError if it is not answered */
  liteRead(address: number): LiteResult {
    this.#lite.beginRead(address);
    this.#finishAccess("read", address);
    return this.#lite.readResult;
  }

  /** Writes a 32-bit register. @throws RegisterAccessError for an error response */
  writeRegister(address: number, value: number): void {
    const { response } = this.liteWrite(address, value);
    if (response !== 0) throw new RegisterAccessError("write", address, response);
  }

  /** Reads a 32-bit register, unsigned. @throws RegisterAccessError for an error response */
  readRegister(address: number): number {
    const { data, response } = this.liteRead(address);
    if (response !== 0) throw new RegisterAccessError("read", address, response);
    return data;
  }

  /** Copies bytes out of the memory behind the bus; takes no simulated time. @throws RangeError outside of it */
  readMemory(address: number, length: number): Uint8Array {
    return this.memory.storage.window(address, length).slice();
  }

  /** Copies bytes into the memory behind the bus; takes no simulated time. @throws RangeError outside of it */
  writeMemory(address: number, bytes: Uint8Array): void {
    this.memory.storage.window(address, bytes.length).set(bytes);
  }

  /** Tells the monitors that all work is over: what is still outstanding becomes a violation. */
  checkQuiescent(): void {
    this.#axiMonitor.finish(this.#cycle);
    this.#liteMonitor.finish(this.#cycle);
  }

  /** State of the bus in a sentence, for error messages. */
  report(): string {
    const { reads, writes } = this.memory.outstanding;
    const channel = (name: string, valid: string, ready: string) =>
      `${name} ${this.model.port(`${name}valid${valid}`).get()}/${this.model.port(`${name}ready${ready}`).get()}`;
    const m = ["ar", "aw", "w"].map((name) => channel(`m_axi_${name}`, "_o", "_i"));
    const s = ["r", "b"].map((name) => channel(`m_axi_${name}`, "_i", "_o"));
    return (
      `at cycle ${this.#cycle}: ${reads} reads and ${writes} writes outstanding, valid/ready: ` +
      `${[...m, ...s].join(", ")}, ${this.#axiMonitor.log.count + this.#liteMonitor.log.count} protocol violations`
    );
  }

  #finishAccess(direction: string, address: number): void {
    const limit = this.#cycle + this.#registerTimeout;
    this.#timed(() => {
      while (this.#lite.busy && this.#cycle < limit) this.#step(true);
    });
    if (!this.#lite.busy) return;
    this.#lite.clear();
    throw new WatchdogError(`register ${direction} at 0x${address.toString(16)}`, this.#registerTimeout, this.report());
  }

  #slice(cycles: number): void {
    this.#timed(() => {
      for (let left = cycles; left > 0 && this.#interrupt.get() === 0; left--) this.#step(true);
    });
  }

  /** One clock cycle. @param driving whether memory and master take part; they rest in reset */
  #step(driving: boolean): void {
    const cycle = this.#cycle;
    const trace = this.#trace;
    if (trace !== undefined && cycle === trace.from) this.model.startTrace(trace.sink);
    if (this.#monitored) {
      this.#axiMonitor.sample(cycle);
      this.#liteMonitor.sample(cycle);
    }
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
    this.#cycle = cycle + 1;
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
  }
}
