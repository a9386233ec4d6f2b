import type { HwConfig } from "../../hdl-gen/index.ts";
import { type Counters, Driver, HardwareError, type Program, readableTensors } from "../../host/index.ts";
import { ExitCode, VargenError } from "../../models/errors.ts";
import type { Activations } from "../../models/ir/network.ts";
import { memoryTimings } from "../axi/index.ts";
import type { CompiledModel } from "../engine/index.ts";
import { AcceleratorSimulator, type TraceWindow } from "../harness.ts";
import { formatViolation } from "../monitors/index.ts";
import { LayerClock, type OperationTime } from "./layer-clock.ts";

/** Memory behind the simulated accelerator. */
export type MemoryKind = keyof typeof memoryTimings;

/** One run of a program. */
export interface SessionRun {
  readonly counters: Counters;
  /** Tensors that the run left in memory, by name, NCHW; the network's output is among them. */
  readonly tensors: ReadonlyMap<string, Activations>;
  /** One per operation; see {@link LayerClock}. */
  readonly times: readonly OperationTime[];
  /** Clock cycle of the simulator at which the run began. */
  readonly startCycle: number;
}

const PAGE = 4096;

/** A simulated accelerator with a program loaded through the driver. */
export class Session {
  readonly simulator: AcceleratorSimulator;
  readonly program: Program;
  readonly #driver: Driver;
  readonly #clock: LayerClock;

  private constructor(simulator: AcceleratorSimulator, program: Program, driver: Driver, clock: LayerClock) {
    this.simulator = simulator;
    this.program = program;
    this.#driver = driver;
    this.#clock = clock;
  }

  /**
   * Resets a new simulator and loads the program.
   * @param trace needs a model built with `trace`
   * @param countReads have the memory count the reads of every beat
   */
  static async open(
    model: CompiledModel,
    config: HwConfig,
    program: Program,
    memory: MemoryKind,
    trace?: TraceWindow,
    countReads = false,
  ): Promise<Session> {
    const size = Math.ceil(program.memoryBytes / PAGE) * PAGE;
    const options = { size, timing: memoryTimings[memory], countReads };
    const simulator = new AcceleratorSimulator(model, trace === undefined ? options : { ...options, trace });
    const clock = new LayerClock(simulator, program);
    simulator.reset();
    const driver = await Driver.open(clock, config);
    await driver.load(program);
    return new Session(simulator, program, driver, clock);
  }

  /**
   * Runs the program on one input.
   * @throws VargenError (exit code mismatch) if the accelerator reports an error or breaks the bus protocol
   */
  async run(input: Activations, onProgress: (cycles: number) => void = () => {}): Promise<SessionRun> {
    try {
      await this.#driver.run(input, { onProgress });
    } catch (error) {
      if (error instanceof HardwareError) throw failure("hardware-error", this.program.network.name, error.message);
      throw error;
    }
    const [violation] = this.simulator.violations;
    if (violation !== undefined) throw failure("protocol", violation.port, formatViolation(violation));
    const tensors = new Map<string, Activations>();
    for (const name of readableTensors(this.program)) tensors.set(name, await this.#driver.readTensor(name));
    const { times, startCycle } = this.#clock;
    return { counters: await this.#driver.counters(), tensors, times, startCycle };
  }
}

function failure(code: string, path: string, message: string): VargenError {
  const hint = "this is a fault of the RTL, the compiler or the bench: see docs on reading a failure";
  return new VargenError([{ code: `simulation/${code}`, path, message, hint }], ExitCode.mismatch);
}
