import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ModelSpec } from "../engine/index.ts";
import { renderShim } from "../engine/shim.ts";
import { findVerilator } from "../engine/tools.ts";
import { verilate } from "../engine/verilate.ts";

/** A round of a workload in one of the two: how fast, and what came out. */
export interface Round {
  /** Cycles a second of CPU time. */
  readonly speed: number;
  readonly hash: number;
}

/** Native code of the same C++, made by the compiler's best flags. */
export const NATIVE_FLAGS = ["-O3", "-march=native"] as const;

/**
 * A program of the same Verilated C++ and shim as the model in WebAssembly, built by g++.
 *
 * @param main C++ of `main`, which prints speed and hash of each round
 * @param data file that the program gets as its argument
 * @throws an error with code ENOENT where there is no g++
 */
export async function runNative(spec: ModelSpec, main: string, data: Uint8Array): Promise<readonly Round[]> {
  const { files, ports } = await verilate(spec);
  const { includeFolder } = await findVerilator();
  const folder = mkdtempSync(path.join(tmpdir(), "vargen-speed-"));
  try {
    const shim = renderShim(ports, { clock: "clk_i", trace: false, replay: spec.replay === true });
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
    const units = Object.keys(files).filter((name) => name.endsWith(".cpp"));
    const text = [...units.map((name) => `#include "${name}"`), asNative(shim), main].join("\n");
    writeFileSync(path.join(folder, "all.cc"), text);
    writeFileSync(path.join(folder, "data.bin"), data);
    const runtime = ["verilated.cpp", "verilated_threads.cpp"].map((name) => path.join(includeFolder, name));
    const flags = [...NATIVE_FLAGS, "-std=c++17", "-pthread", "-DVERILATOR=1", `-I${includeFolder}`];
    flags.push(`-I${path.join(includeFolder, "vltstd")}`);
    execFileSync("g++", [...flags, "all.cc", ...runtime, "-o", "speed"], { cwd: folder });
    const lines = execFileSync(path.join(folder, "speed"), ["data.bin"], { cwd: folder, encoding: "utf8" });
    return lines
      .trim()
      .split("\n")
      .map((line) => {
        const [speed, hash] = line.split(" ").map(Number);
        return { speed, hash };
      });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The shim without what only WebAssembly has. */
function asNative(shim: string): string {
  return shim
    .split("\n")
    .filter((line) => !line.includes("__cxa_thread_atexit"))
    .join("\n")
    .replace("__attribute__((export_name(#name)))", "");
}
