import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { encodeCommands } from "../../host/isa/index.ts";
import { moduleSources, RTL_LIBRARY } from "../module-bench.ts";
import { DRAM, randomBytes } from "./dma-commands.ts";
import { DmaModel } from "./dma-model.ts";
import { programs } from "./dma-program.ts";

const FIXTURES = fileURLToPath(new URL("fixtures", import.meta.url));
const shape = {
  ...{ G: 8, M: 8, P: 7, R: 2, AXI_BITS: 128 },
  ...{ FEATURE_DEPTH: 64, WEIGHT_DEPTH: 24, PARAMETER_DEPTH: 16 },
};
const installed = spawnSync("iverilog", ["-V"]).status === 0;

/** Beats as lines of hexadecimal digits, as $readmemh takes them. */
function toHex(bytes: Uint8Array): string {
  const lines = Array.from({ length: bytes.length / 16 }, (_, beat) =>
    Buffer.from(bytes.subarray(beat * 16, beat * 16 + 16).toReversed()).toString("hex"),
  );
  return lines.join("\n");
}

// Icarus has 4 states: what Verilator starts at a random value stays X here until it is written.
describe.skipIf(!installed)("vg_core's DMA side in Icarus Verilog (skipped where iverilog is not installed)", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "vargen-icarus-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("runs random programs without an X where it matters", () => {
    const sources = moduleSources("icarus_core_tb", [FIXTURES, RTL_LIBRARY]);
    for (const { name, text } of sources) writeFileSync(path.join(folder, name), text);
    const files = sources.map(({ name }) => path.join(folder, name));
    let run = 0;
    fc.assert(
      fc.property(programs(shape, 6), fc.nat(), (commands, seed) => {
        const out = path.join(folder, `run${run++}`);
        const memory = randomBytes(DRAM.size, seed);
        memory.set(encodeCommands(commands), DRAM.commands);
        writeFileSync(`${out}.hex`, toHex(memory));
        const parameters = { COMMAND_ADDRESS: DRAM.commands, COMMAND_COUNT: commands.length };
        const settings = Object.entries(parameters).map(([name, value]) => `-Picarus_core_tb.${name}=${value}`);
        execFileSync("iverilog", ["-g2005", "-s", "icarus_core_tb", ...settings, "-o", `${out}.vvp`, ...files]);
        const printed = execFileSync("vvp", [
          "-N",
          `${out}.vvp`,
          `+memory=${out}.hex`,
          `+result=${out}.txt`,
        ]).toString();
        expect(printed.trim()).toBe("done 0");
        const model = new DmaModel(shape, memory);
        for (const command of commands) model.execute(command);
        const result = readFileSync(`${out}.txt`, "utf8")
          .replace(/\/\/.*/g, "")
          .trim()
          .split(/\s+/);
        expect(result).toEqual(toHex(model.dram).split("\n"));
      }),
      { seed: 1, numRuns: 5 },
    );
  });
});
