import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Signals } from "../engine/index.ts";
import { AxiMonitor, formatViolation } from "../monitors/index.ts";
import { axiMasterPorts, commonPorts } from "../signal-sets.ts";
import { AxiMemory, type AxiMemoryOptions } from "./axi-memory.ts";
import { ddrTiming, idealTiming, randomTiming } from "./memory-timing.ts";
import { RandomSource } from "./random-source.ts";

/** A scripted master: issues all bursts as fast as the memory takes them, with random readiness of its own. */
class Master {
  readonly signals = new Signals([...commonPorts, ...axiMasterPorts(128)]);
  readonly memory: AxiMemory;
  readonly monitor: AxiMonitor;
  /** Cycle and response of each beat read and each write finished. */
  readonly reads: { cycle: number; response: number; word: number }[] = [];
  readonly responses: { cycle: number; response: number }[] = [];
  cycle = 0;

  constructor(options: AxiMemoryOptions) {
    this.memory = new AxiMemory(this.signals, { size: 1 << 14, ...options });
    this.monitor = new AxiMonitor(this.signals);
    this.#set("rst_ni", 1);
    for (const name of ["ar", "aw"]) {
      this.#set(`m_axi_${name}size_o`, 4);
      this.#set(`m_axi_${name}burst_o`, 1);
    }
  }

  /** @param bursts addresses and lengths in beats @param readiness probability of being ready for responses */
  run(direction: "read" | "write", bursts: readonly (readonly [number, number])[], readiness = 1, limit = 5000): void {
    const random = new RandomSource(9);
    const channel = direction === "read" ? "ar" : "aw";
    const beats = bursts.flatMap(([, length]) => Array.from({ length }, (_, beat) => beat === length - 1));
    const total = direction === "read" ? beats.length : bursts.length;
    let sent = 0;
    let written = 0;
    const [reads, responses] = [this.reads.length, this.responses.length];
    const finished = () => this.reads.length - reads + this.responses.length - responses;
    for (const end = this.cycle + limit; finished() < total && this.cycle < end; this.cycle++) {
      if (sent < bursts.length) {
        this.#set(`m_axi_${channel}addr_o`, bursts[sent][0]);
        this.#set(`m_axi_${channel}len_o`, bursts[sent][1] - 1);
      }
      this.#set(`m_axi_${channel}valid_o`, Number(sent < bursts.length));
      if (direction === "write") {
        this.signals.port("m_axi_wdata_o").setLanes(32, [written, written + 1, written + 2, written + 3]);
        this.#set("m_axi_wstrb_o", 0xffff);
        this.#set("m_axi_wvalid_o", Number(written < beats.length));
        this.#set("m_axi_wlast_o", Number(beats[written] ?? false));
      }
      this.#set("m_axi_rready_o", Number(random.chance(readiness)));
      this.#set("m_axi_bready_o", Number(random.chance(readiness)));
      this.monitor.sample(this.cycle);
      this.memory.sample(this.cycle);
      if (this.#happens(`${channel}`, "_o", "_i")) sent++;
      if (this.#happens("w", "_o", "_i")) written++;
      if (this.#happens("r", "_i", "_o")) {
        const word = this.signals.port("m_axi_rdata_i").words[0];
        this.reads.push({ cycle: this.cycle, response: this.signals.port("m_axi_rresp_i").get(), word });
      }
      if (this.#happens("b", "_i", "_o")) {
        this.responses.push({ cycle: this.cycle, response: this.signals.port("m_axi_bresp_i").get() });
      }
      this.memory.drive(this.cycle);
    }
    for (const name of ["ar", "aw", "w"]) this.#set(`m_axi_${name}valid_o`, 0);
  }

  #set(name: string, value: number): void {
    this.signals.port(name).set(value);
  }

  #happens(channel: string, valid: string, ready: string): boolean {
    const on = (name: string) => this.signals.port(`m_axi_${channel}${name}`).get() !== 0;
    return on(`valid${valid}`) && on(`ready${ready}`);
  }
}

describe("AxiMemory", () => {
  it("answers ideally: a beat every cycle from the cycle after the address", () => {
    const master = new Master({ timing: idealTiming });
    master.run("read", [
      [0, 4],
      [64, 4],
    ]);
    // The memory becomes ready with the first drive, so the first address is taken at edge 1.
    expect(master.reads.map((read) => read.cycle)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("answers like DDR: 100 cycles after the address, then a beat every cycle, 16 bursts at most", () => {
    const master = new Master({ timing: ddrTiming });
    const bursts = Array.from({ length: 20 }, (_, index) => [index * 64, 4] as const);
    master.run("read", bursts);
    const cycles = master.reads.map((read) => read.cycle);
    expect(cycles[0]).toBe(101);
    expect(cycles[63]).toBe(164);
    // The 17th burst is let in when the first has gone, at edge 104, and is seen ready from 105 on.
    expect(cycles[64]).toBe(205);
  });

  it("stores and returns what it was given under any timing, in order, within the protocol", () => {
    const burst = fc
      .tuple(fc.nat(40), fc.integer({ min: 1, max: 16 }))
      .map(([page, beats]) => [page * 256, beats] as const);
    fc.assert(
      fc.property(
        fc.nat(),
        fc.array(burst, { minLength: 1, maxLength: 8 }),
        fc.constantFrom(1, 0.3),
        (seed, bursts, readiness) => {
          const master = new Master({ timing: randomTiming(seed), countReads: true });
          master.run("write", bursts, readiness);
          const expected = new Map<number, number>();
          let beat = 0;
          for (const [address, length] of bursts) {
            for (let index = 0; index < length; index++) expected.set(address + index * 16, beat++);
          }
          master.run("read", bursts, readiness);
          const addresses = bursts.flatMap(([address, length]) =>
            Array.from({ length }, (_, index) => address + index * 16),
          );
          expect(master.reads.map((read) => read.word)).toEqual(addresses.map((address) => expected.get(address)));
          master.monitor.finish(master.cycle);
          expect(master.monitor.log.violations.map(formatViolation)).toEqual([]);
          expect(master.memory.traffic).toMatchObject({ readBeats: beat, writeBeats: beat, writeBytes: beat * 16 });
          for (const address of addresses) {
            const times = addresses.filter((other) => other === address).length;
            expect(master.memory.storage.readCountRange(address, 16)).toEqual({ min: times, max: times });
          }
        },
      ),
      { seed: 5 },
    );
  });

  it("repeats exactly for the same seed", () => {
    const cycles = (seed: number) => {
      const master = new Master({ timing: { ...randomTiming(seed), stalls: { ar: 0.3, r: 0.3, aw: 0, w: 0, b: 0 } } });
      master.run("read", [[0, 16]]);
      return master.reads.map((read) => read.cycle);
    };
    expect(cycles(4)).toEqual(cycles(4));
    expect(cycles(4)).not.toEqual(cycles(5));
  });

  it("answers outside of the memory with a decode error, and writes nothing there", () => {
    const master = new Master({ base: 0x1000, size: 0x1000 });
    master.run("read", [
      [0xff0, 1],
      [0x1ff0, 1],
      [0x2000, 1],
    ]);
    expect(master.reads.map((read) => read.response)).toEqual([3, 0, 3]);
    master.run("write", [
      [0x2000, 2],
      [0x1000, 1],
    ]);
    expect(master.responses.map((write) => write.response)).toEqual([3, 0]);
    expect(() => master.memory.storage.window(0x1ff8, 16)).toThrow(RangeError);
  });

  it("injects errors at a burst and at an address, and can hang", () => {
    const master = new Master({
      faults: [
        { direction: "read", at: { burst: 1 }, effect: "slaveError" },
        { direction: "write", at: { address: 0x108 }, effect: "decodeError" },
        { direction: "read", at: { burst: 3 }, effect: "hang" },
      ],
    });
    master.run("read", [
      [0, 1],
      [16, 2],
      [32, 1],
    ]);
    expect(master.reads.map((read) => read.response)).toEqual([0, 2, 2, 0]);
    master.run("write", [
      [0xf0, 1],
      [0xf0, 2],
      [0x110, 1],
    ]);
    expect(master.responses.map((write) => write.response)).toEqual([0, 3, 0]);
    master.run("read", [[0, 1]], 1, 300);
    expect(master.reads).toHaveLength(4);
    expect(master.memory.outstanding).toEqual({ reads: 1, writes: 0 });
    master.memory.clear();
    expect(master.memory.outstanding).toEqual({ reads: 0, writes: 0 });
  });
});
