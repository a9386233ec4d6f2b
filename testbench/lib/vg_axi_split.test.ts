import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { Clocked } from "./clocked.ts";

interface Request {
  readonly offset: number;
  readonly beats: number;
}

describe.each([
  { AXI_BITS: 64, BURST: 16 },
  { AXI_BITS: 512, BURST: 64 },
])("vg_axi_split, $AXI_BITS bits, bursts of $BURST", ({ AXI_BITS, BURST }) => {
  const bytes = AXI_BITS / 8;
  const base = 0x2_0000_0000 + 3 * 4096;
  let split: CompiledModel;
  beforeAll(async () => {
    split = await buildModule("vg_axi_split", { AXI_BITS, BURST });
  });

  /** The bursts of a request: each ends at a multiple of the longest burst. */
  function expectedBursts({ offset, beats }: Request): { addr: number; beats: number; last: number }[] {
    const bursts: { addr: number; beats: number; last: number }[] = [];
    for (let addr = base + offset, left = beats; left > 0; ) {
      const count = Math.min(left, BURST - ((addr / bytes) % BURST));
      left -= count;
      bursts.push({ addr, beats: count, last: Number(left === 0) });
      addr += count * bytes;
    }
    return bursts;
  }

  const requests = fc.array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          offset: fc.nat(400).map((beat) => beat * bytes),
          beats: fc.integer({ min: 1, max: 150 }),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ offset: fc.nat(0xffffffff), beats: fc.integer({ min: 1, max: 0xffffffff }) }),
      },
    ),
    { minLength: 1, maxLength: 5 },
  );

  it("refuses what is not aligned or not inside, and splits the rest", () => {
    fc.assert(
      fc.property(
        requests,
        fc.integer({ min: 0, max: 500 }),
        fc.array(fc.boolean(), { minLength: 1 }),
        (list, size, stalls) => {
          const bench = new Clocked(split, 1);
          const memorySize = size * bytes;
          bench.set("memory_base_i", base);
          bench.set("memory_size_i", memorySize);
          const refusals: boolean[] = [];
          const bursts: ReturnType<typeof expectedBursts> = [];
          for (let cycle = 0, idle = 0; idle < 8; cycle++) {
            const request = list[refusals.length];
            bench.set("req_valid_i", request !== undefined);
            if (request !== undefined) {
              bench.set("req_offset_i", request.offset);
              bench.set("req_beats_i", request.beats);
            }
            bench.set("burst_ready_i", !stalls[cycle % stalls.length] || cycle % 7 === 0);
            bench.settle();
            if (bench.get("req_ready_o") === 1) refusals.push(bench.get("req_error_o") === 1);
            const valid = bench.get("burst_valid_o");
            if (valid === 1 && bench.get("burst_ready_i") === 1) {
              const burst = {
                addr: bench.get("burst_addr_o"),
                beats: bench.get("burst_beats_o"),
                last: bench.get("burst_last_o"),
              };
              expect((burst.addr % 4096) + burst.beats * bytes).toBeLessThanOrEqual(4096);
              bursts.push(burst);
            }
            idle = request === undefined && valid === 0 ? idle + 1 : 0;
            bench.cycle();
          }
          const allowed = ({ offset, beats }: Request) => offset % bytes === 0 && offset + beats * bytes <= memorySize;
          expect(refusals).toEqual(list.map((request) => !allowed(request)));
          expect(bursts).toEqual(list.filter(allowed).flatMap(expectedBursts));
        },
      ),
      { seed: 1 },
    );
  });

  it("drops everything when halted", () => {
    const bench = new Clocked(split, 1);
    bench.set("memory_size_i", 1 << 20);
    bench.set("req_valid_i", 1);
    bench.set("req_beats_i", 100);
    for (let cycle = 0; cycle < 6; cycle++) bench.cycle();
    expect(bench.get("burst_valid_o")).toBe(1);
    bench.set("req_valid_i", 0);
    bench.set("halt_i", 1);
    bench.cycle();
    bench.set("halt_i", 0);
    for (let cycle = 0; cycle < 6; cycle++) {
      expect(bench.get("burst_valid_o")).toBe(0);
      bench.cycle();
    }
  });
});
