import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Problem, VargenError } from "../../models/errors.ts";
import { type PortInfo, parsePorts } from "./ports.ts";
import { PREFIX } from "./shim.ts";
import type { ModelSpec, ParameterValue } from "./spec.ts";
import { parseVerilatorLog } from "./verilator-log.ts";

/** Verilator's output for one model. */
export interface Verilated {
  /** C++ files and headers by name. */
  readonly files: Readonly<Record<string, string>>;
  readonly ports: readonly PortInfo[];
  readonly warnings: readonly Problem[];
}

/** Arguments to Verilator that follow from a spec, without files and output folder. */
export function verilatorArguments(spec: ModelSpec): string[] {
  const mode = spec.initial === "random" ? "unique" : "fast";
  const parameters = Object.entries(spec.parameters ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    ...["--cc", "-O3", "--x-assign", mode, "--x-initial", mode, "--noassert", "--no-timing", "-Wno-fatal"],
    ...["--timescale", "1ns/1ns", "--prefix", PREFIX, "--top-module", spec.top],
    ...(spec.trace === true ? ["--trace", "--output-split-ctrace", "100"] : []),
    ...parameters.map(([name, value]) => `-G${name}=${literal(value)}`),
  ];
}

function literal(value: ParameterValue): string {
  if (typeof value === "string") return `"${value}"`;
  const integer = BigInt(value);
  const width = Math.max(32, integer.toString(2).length);
  if (integer >= 0n && integer < 1n << 31n) return integer.toString();
  return integer < 0n ? `32'sh${BigInt.asUintN(32, integer).toString(16)}` : `${width}'h${integer.toString(16)}`;
}

/**
 * Runs Verilator on a spec in a temporary folder.
 * @throws VargenError with Verilator's errors, each at its file and line
 */
export async function verilate(spec: ModelSpec): Promise<Verilated> {
  const folder = await mkdtemp(path.join(tmpdir(), "vargen-verilate-"));
  try {
    for (const source of spec.sources) await writeFile(path.join(folder, source.name), source.text);
    const modules = spec.sources.filter((source) => !source.name.endsWith(".vh")).map((source) => source.name);
    const log = await runVerilator([...verilatorArguments(spec), "--Mdir", "out", ...modules], folder, spec);
    const names = (await readdir(path.join(folder, "out"))).filter((name) => /\.(cpp|h|mk)$/.test(name)).sort();
    const texts = await Promise.all(names.map((name) => readFile(path.join(folder, "out", name), "utf8")));
    const files = Object.fromEntries(names.map((name, index) => [name, texts[index]]));
    return { files, ports: parsePorts(files[`${PREFIX}.h`]), warnings: parseVerilatorLog(log).warnings };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function runVerilator(args: string[], cwd: string, spec: ModelSpec): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile("verilator", args, { cwd, maxBuffer: 1 << 28 }, (error, _stdout, stderr) => {
      if (error === null) return resolve(stderr);
      const { errors } = parseVerilatorLog(stderr);
      const fallback = { code: "verilator/failed", path: spec.top, message: stderr.trim() || error.message };
      reject(new VargenError(errors.length > 0 ? errors : [fallback]));
    });
  });
}
