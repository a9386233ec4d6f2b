import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { ddrTiming, type Fault, randomTiming } from "./axi/index.ts";
import { buildModel, type CompiledModel, sourcesFromFiles } from "./engine/index.ts";
import { AcceleratorSimulator, type SimulatorOptions } from "./harness.ts";
import { formatViolation } from "./monitors/index.ts";
import { WatchdogError } from "./simulation-error.ts";

const sources = sourcesFromFiles([fileURLToPath(new URL("fixtures/axi_copy.v", import.meta.url))]);
const BURST = 4;
const COPY = { start: 0, source: 4, target: 8, bursts: 12, key: 16 } as const;
const DONE_MASK = 2;
const ERROR_MASK = 4;

function build(bits: number, extra: { trace?: boolean; bug?: number } = {}): Promise<CompiledModel> {
  const parameters = { AXI_BITS: bits, BURST, BUG_DROP: extra.bug ?? 0 };
  const { trace = false } = extra;
  return buildModel({ top: "axi_copy", sources, parameters, optimize: "quick", initial: "random", trace });
}

/** Copies `bursts` bursts and returns the simulator with its memory as the design left it. */
function copy(compiled: CompiledModel, bursts: number, options: SimulatorOptions): AcceleratorSimulator {
  const simulator = new AcceleratorSimulator(compiled, { size: 1 << 16, countReads: true, ...options });
  const bytes = bursts * BURST * (simulator.memory.storage.beatBytes as number);
  simulator.writeMemory(
    0x1000,
    Uint8Array.from({ length: bytes }, (_, index) => index * 7 + 3),
  );
  simulator.reset();
  simulator.writeRegister(COPY.source, 0x1000);
  simulator.writeRegister(COPY.target, 0x8000);
  simulator.writeRegister(COPY.bursts, bursts);
  simulator.writeRegister(COPY.key, 0x01020304);
  simulator.writeRegister(COPY.start, 1);
  simulator.runUntilInterrupt(100_000);
  simulator.checkQuiescent();
  return simulator;
}

function expectCopied(simulator: AcceleratorSimulator, bursts: number): void {
  const bytes = bursts * BURST * simulator.memory.storage.beatBytes;
  const words = (address: number) => new Uint32Array(simulator.readMemory(address, bytes).buffer);
  expect(words(0x8000)).toEqual(words(0x1000).map((word) => word + 0x01020304));
  expect(simulator.memory.storage.readCountRange(0x1000, bytes)).toEqual({ min: 1, max: 1 });
  expect(simulator.violations.map(formatViolation)).toEqual([]);
  const { traffic } = simulator.statistics;
  expect(traffic).toMatchObject({ readBursts: bursts, readBytes: bytes, writeBursts: bursts, writeBytes: bytes });
}

describe("AcceleratorSimulator", () => {
  let compiled: CompiledModel;
  beforeAll(async () => {
    compiled = await build(128);
  });

  it("copies through the memory under any timing, without a protocol violation", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 20 }), fc.constantFrom(0, 0.5), (seed, bursts, registerStall) => {
        expectCopied(copy(compiled, bursts, { timing: randomTiming(seed), registerStall, seed }), bursts);
      }),
      { seed: 3, numRuns: 50 },
    );
  });

  it.each([32, 64, 256, 512])("copies over a bus of %i bits", async (bits) => {
    expectCopied(copy(await build(bits), 5, { timing: randomTiming(bits) }), 5);
  });

  it("takes as many cycles as latency says", () => {
    // A burst: 1 cycle for the address, latency, 4 beats; then write data (their address goes with them), latency.
    const cycles = (options: SimulatorOptions) => {
      const one = copy(compiled, 1, options).cycle;
      return copy(compiled, 2, options).cycle - one;
    };
    expect(cycles({})).toBe(1 + BURST + BURST + 1);
    expect(cycles({ timing: ddrTiming })).toBe(100 + BURST + BURST + 20);
  });

  it.each<[string, Fault]>([
    ["a failing read", { direction: "read", at: { burst: 2 }, effect: "slaveError" }],
    ["a read of a bad address", { direction: "read", at: { address: 0x1050 }, effect: "decodeError" }],
    ["a failing write", { direction: "write", at: { burst: 0 }, effect: "slaveError" }],
  ])("reports %s", (_name, fault) => {
    const simulator = copy(compiled, 4, { faults: [fault] });
    expect(simulator.readRegister(COPY.start)).toBe(DONE_MASK | ERROR_MASK);
    expect(simulator.violations).toEqual([]);
  });

  it("reports a dead bus by its watchdog, with the state of the ports", () => {
    const faults: Fault[] = [{ direction: "read", at: { burst: 1 }, effect: "hang" }];
    expect(() => copy(compiled, 4, { faults })).toThrow(WatchdogError);
    expect(() => copy(compiled, 4, { faults })).toThrow(/1 reads and 0 writes outstanding/);
  });

  it("recovers by reset in mid-run", () => {
    const simulator = new AcceleratorSimulator(compiled, { size: 1 << 16, timing: ddrTiming });
    simulator.reset();
    simulator.writeRegister(COPY.source, 0x1000);
    simulator.writeRegister(COPY.bursts, 4);
    simulator.writeRegister(COPY.start, 1);
    simulator.run(50);
    expect(simulator.memory.outstanding.reads).toBe(1);
    simulator.reset();
    expect(simulator.memory.outstanding.reads).toBe(0);
    expect(simulator.readRegister(COPY.start)).toBe(0);
    expect(simulator.violations).toEqual([]);
  });

  it("waits without blocking the process and tells its progress", async () => {
    const simulator = new AcceleratorSimulator(compiled, { size: 1 << 16 });
    simulator.reset();
    simulator.writeRegister(COPY.bursts, 3000);
    simulator.writeRegister(COPY.target, 0);
    simulator.writeRegister(COPY.source, 0);
    simulator.writeRegister(COPY.start, 1);
    const progress: number[] = [];
    const cycles = await simulator.waitForInterrupt(100_000, (done) => progress.push(done));
    expect(progress.length).toBeGreaterThan(1);
    expect(progress.at(-1)).toBe(cycles);
    expect(simulator.statistics.cyclesPerSecond).toBeGreaterThan(0);
  });

  it("writes a cycle window of a repeated run as VCD, whole even if the run ends first", async () => {
    const traced = await build(128, { trace: true });
    const timing = randomTiming(5);
    const end = copy(compiled, 3, { timing }).cycle;
    const record = (from: number, to: number) => {
      let vcd = "";
      const decoder = new TextDecoder();
      const sink = (text: Uint8Array) => {
        vcd += decoder.decode(text);
      };
      expect(copy(traced, 3, { timing, trace: { from, to, sink } }).cycle).toBe(end);
      expect(vcd).toContain("$enddefinitions");
      const times = [...vcd.matchAll(/^#(\d+)$/gm)].map((match) => Number(match[1]));
      return [times[0], times.at(-1)];
    };
    expect(record(30, 40)).toEqual([300, 405]);
    expect(record(end - 5, end + 5)).toEqual([(end - 5) * 10, (end - 1) * 10 + 5]);
  });

  it("has its monitors fire on a faulty design", async () => {
    const faulty = await build(128, { bug: 1 });
    const simulator = new AcceleratorSimulator(faulty, {
      size: 1 << 16,
      timing: { ...ddrTiming, stalls: { ar: 0, r: 0, aw: 0.9, w: 0, b: 0 } },
    });
    simulator.reset();
    simulator.writeRegister(COPY.bursts, 1);
    simulator.writeRegister(COPY.start, 1);
    simulator.run(300);
    expect(simulator.violations.map((violation) => violation.rule)).toContain("aw/dropped");
  });
});
