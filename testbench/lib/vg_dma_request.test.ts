import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Command } from "../../host/isa/index.ts";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { Clocked } from "./clocked.ts";
import { lineTransfer } from "./dma-commands.ts";
import { dmaEntry } from "./dma-entry.ts";

describe("vg_dma_request", () => {
  const W = 4;
  let request: CompiledModel;
  beforeAll(async () => {
    request = await buildModule("vg_dma_request", { W });
  });

  const waits = { waitLoad: fc.nat(65535), waitCompute: fc.nat(65535), waitStore: fc.nat(65535) };
  const size = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 65535 }));
  const features = fc
    .record({ ...waits, lines: size, columns: size, memoryOffset: fc.nat(0xffffffff) })
    .map((fields): Command => lineTransfer("loadFeatures", fields));
  const words = fc
    .record({ ...waits, beats: fc.integer({ min: 1, max: 0xffffffff }), memoryOffset: fc.nat(0xffffffff) })
    .map((fields): Command => ({ kind: "loadWeights", firstWord: 0, ...fields }));

  function beatsOf(command: Command): number {
    if (command.kind === "loadFeatures") return command.lines * Math.ceil(command.columns / W);
    return command.kind === "loadWeights" ? command.beats : 0;
  }

  function benchOf(command: Command, seed: number): Clocked {
    const bench = new Clocked(request, seed);
    bench.set("cmd_valid_i", 1);
    bench.set("cmd_i", dmaEntry(command, 1234));
    bench.set("done_load_i", command.waitLoad);
    bench.set("done_compute_i", command.waitCompute);
    bench.set("done_store_i", command.waitStore);
    bench.set("slot_ready_i", 1);
    return bench;
  }

  it("asks for the right beats, once nothing is waited for and there is room", () => {
    const blockers = ["done_load_i", "done_compute_i", "done_store_i", "slot_ready_i", "none"] as const;
    fc.assert(
      fc.property(fc.oneof(features, words), fc.constantFrom(...blockers), fc.nat(), (command, blocker, seed) => {
        const bench = benchOf(command, seed);
        if (blocker !== "none") {
          const met = bench.get(blocker);
          bench.set(blocker, met - 1);
          for (let cycle = 0; cycle < 24; cycle++) {
            bench.cycle();
            expect(bench.get("req_valid_o")).toBe(0);
          }
          bench.set(blocker, met);
        }
        let cycles = 0;
        for (; bench.get("req_valid_o") === 0 && cycles < 24; cycles++) bench.cycle();
        expect(bench.get("req_valid_o")).toBe(1);
        expect(bench.get("req_beats_o")).toBe(beatsOf(command));
        expect(bench.get("req_offset_o")).toBe("memoryOffset" in command ? command.memoryOffset : 0);
        expect(bench.get("cmd_ready_o")).toBe(0);
        bench.set("req_ready_i", 1);
        bench.settle();
        expect([bench.get("cmd_ready_o"), bench.get("slot_valid_o")]).toEqual([1, 1]);
        bench.set("cmd_valid_i", 1);
        bench.cycle();
        expect([bench.get("req_valid_o"), bench.get("error_o")]).toEqual([0, 0]);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it("reports a refusal and stops until halted", () => {
    const command = lineTransfer("loadFeatures", { memoryOffset: 48 });
    for (const own of [true, false]) {
      const bench = benchOf(command, 1);
      bench.set("refuse_i", own);
      bench.set("refuse_code_i", 4);
      bench.set("refuse_info_i", 99);
      bench.set("req_error_i", 1);
      bench.set("req_ready_i", 1);
      let errors = 0;
      for (let cycle = 0; cycle < 30; cycle++) {
        bench.cycle();
        expect(bench.get("slot_valid_o")).toBe(0);
        if (bench.get("error_o") === 0) continue;
        errors++;
        const found = [bench.get("error_code_o"), bench.get("error_info_o"), bench.get("error_index_o")];
        expect(found).toEqual(own ? [4, 99, 1234] : [6, 48, 1234]);
      }
      expect(errors).toBe(1);
      bench.set("halt_i", 1);
      bench.cycle();
      bench.set("halt_i", 0);
      bench.set("refuse_i", 0);
      bench.set("req_error_i", 0);
      bench.set("req_ready_i", 0);
      for (let cycle = 0; cycle < 24; cycle++) bench.cycle();
      expect(bench.get("req_valid_o")).toBe(1);
    }
  });
});
