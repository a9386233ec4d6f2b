/**
 * Measures simulated cycles per second of the 448-MAC array with new random operands every cycle, in WebAssembly and,
 * where g++ is installed, as native code of the same Verilog. CPU time, best of five. Run: npx tsx testbench/measure-speed.ts
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { ModelSpec } from "./engine/index.ts";
import { findVerilator } from "./engine/tools.ts";
import { verilate } from "./engine/verilate.ts";
import { buildModule, moduleSources, RTL_LIBRARY } from "./module-bench.ts";

const CYCLES = 500_000;
const ROUNDS = 5;
const libraries = [fileURLToPath(new URL("fixtures", import.meta.url)), RTL_LIBRARY];

/** Cycles per second in WebAssembly, and the design's check value after all rounds. */
async function measureWasm(): Promise<{ speed: number; check: number }> {
  const compiled = await buildModule("array_speed", {}, { libraries, optimize: "fast", initial: "zero" });
  const model = compiled.instantiate();
  model.step(2);
  model.port("rst_ni").set(1);
  let speed = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.cpuUsage();
    model.step(CYCLES);
    const { user, system } = process.cpuUsage(start);
    speed = Math.max(speed, CYCLES / ((user + system) / 1e6));
  }
  return { speed, check: model.port("check_o").get() };
}

const mainProgram = `
#include <cstdio>
#include <ctime>
int main() {
  VerilatedContext context;
  Vmodel model{&context};
  auto step = [&](int cycles) {
    while (cycles--) { model.clk_i = 1; model.eval(); model.clk_i = 0; model.eval(); }
  };
  model.eval();
  step(2);
  model.rst_ni = 1;
  double best = 0;
  for (int round = 0; round < ${ROUNDS}; round++) {
    const clock_t start = clock();
    step(${CYCLES});
    const double speed = ${CYCLES} / (double(clock() - start) / CLOCKS_PER_SEC);
    if (speed > best) best = speed;
  }
  printf("%f %u\\n", best, model.check_o);
}`;

/** The same by g++ -O3 -march=native. */
async function measureNative(): Promise<{ speed: number; check: number }> {
  const spec: ModelSpec = { top: "array_speed", sources: moduleSources("array_speed", libraries) };
  const { files } = await verilate(spec);
  const { includeFolder } = await findVerilator();
  const folder = mkdtempSync(path.join(tmpdir(), "vargen-speed-"));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
    const units = Object.keys(files).filter((name) => name.endsWith(".cpp"));
    writeFileSync(path.join(folder, "all.cc"), [...units.map((name) => `#include "${name}"`), mainProgram].join("\n"));
    const runtime = ["verilated.cpp", "verilated_threads.cpp"].map((name) => path.join(includeFolder, name));
    const flags = ["-O3", "-march=native", "-std=c++17", "-pthread", "-DVERILATOR=1", `-I${includeFolder}`];
    flags.push(`-I${path.join(includeFolder, "vltstd")}`);
    execFileSync("g++", [...flags, "all.cc", ...runtime, "-o", "speed"], { cwd: folder });
    const [speed, check] = execFileSync(path.join(folder, "speed"), { encoding: "utf8" }).split(" ").map(Number);
    return { speed, check };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const kilocycles = (speed: number) => `${(speed / 1000).toFixed(0)} kcycles/s`;
const wasm = await measureWasm();
console.log(`WebAssembly: ${kilocycles(wasm.speed)}, check ${wasm.check}`);
try {
  const native = await measureNative();
  console.log(`g++ -O3 -march=native: ${kilocycles(native.speed)}, check ${native.check}`);
  console.log(`ratio ${(wasm.speed / native.speed).toFixed(2)}`);
} catch (error) {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  console.log("g++ is not installed: nothing to compare with");
}
