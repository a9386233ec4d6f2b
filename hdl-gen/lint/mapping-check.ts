import type { Problem } from "../../models/errors.ts";
import { deriveFigures } from "../config/derived.ts";
import type { HwConfig } from "../config/schema.ts";
import { topModule } from "../views/top.ts";
import { type LintCheck, timed } from "./report.ts";
import { readScript, runYosys, yosysProblems } from "./yosys.ts";

/** `mapping` stops once memories and multipliers are placed; `full` goes on to LUTs and registers and counts them. */
export type SynthesisEffort = "mapping" | "full";

const FAMILY = "synth_xilinx -family xc7";
const MULTIPLIERS = "vargen-multipliers";

/** Where `memory_libmap` put each memory: `vg_ram_sdp.mem` -> `$__XILINX_BLOCKRAM_SDP_`, or `FF`. */
export function memoryTargets(log: string): ReadonlyMap<string, string> {
  const targets = new Map<string, string>();
  for (const [, memory, target] of log.matchAll(/^mapping memory (\S+) via (\S+)$/gm)) targets.set(memory, target);
  for (const [, memory] of log.matchAll(/^using FF mapping for memory (\S+)$/gm)) targets.set(memory, "FF");
  return targets;
}

/** The cells of the last `stat` in a log, over the whole hierarchy, by type. */
export function lastCellCounts(log: string): Record<string, number> {
  const counts: Record<string, number> = {};
  const start = log.lastIndexOf("Number of cells:");
  const native = /^\s+(\S+)\s+(\d+)\s*$/;
  for (const line of log.slice(start).split("\n").slice(1)) {
    const match = native.exec(line);
    if (match === null) break;
    counts[match[1]] = Number(match[2]);
  }
  return counts;
}

function memoryProblems(log: string): Problem[] {
  const problems: Problem[] = [];
  for (const [memory, target] of memoryTargets(log)) {
    // On-chip memories are the modules vg_ram_*; small queues may well be made of LUTs.
    if (!/\\?vg_ram_\w+\./.test(memory) || target.includes("BLOCKRAM")) continue;
    const message = `becomes ${target}, not block RAM`;
    problems.push({ code: "lint/memory-mapping", path: memory.replace(/^.*\\/, ""), message });
  }
  return problems;
}

function multiplierProblems(log: string): Problem[] {
  const section = log.split(`${MULTIPLIERS}\n`)[1] ?? "";
  const cells = section.split("\n").filter((line) => line.includes("$mul$"));
  return cells.map((path) => ({
    code: "lint/multiplier-mapping",
    path,
    message: "a multiplier is not mapped to a DSP",
  }));
}

/** What a synthesis log says against the mapping: memories not in block RAM, multipliers not in DSPs, too few DSPs. */
export function mappingProblems(config: HwConfig, log: string): Problem[] {
  const path = topModule(config);
  const problems = [...memoryProblems(log), ...multiplierProblems(log)];
  if (memoryTargets(log).size === 0) {
    problems.push({ code: "lint/memory-mapping", path, message: "the log shows no memory at all" });
  }
  const { macs } = deriveFigures(config);
  const dsps = lastCellCounts(log).DSP48E1 ?? 0;
  if (dsps < macs / 2) {
    problems.push({ code: "lint/multiplier-mapping", path, message: `${dsps} DSPs for ${macs} MACs` });
  }
  return problems;
}

function script(config: HwConfig, effort: SynthesisEffort): string {
  const top = `-top ${topModule(config)}`;
  const rest = effort === "full" ? [`${FAMILY} ${top} -run map_ffram:`] : [];
  return [
    readScript(config),
    `${FAMILY} ${top} -run begin:coarse`,
    `log ${MULTIPLIERS}`,
    "select -list t:$mul",
    `log ${MULTIPLIERS}`,
    `${FAMILY} ${top} -run coarse:map_ffram`,
    ...rest,
    "stat",
  ].join("\n");
}

/**
 * `synth_xilinx` (7-series) by npm's Yosys: the on-chip memories become block RAM, every multiplier a DSP, and there is at
 * least half a DSP a MAC (two 8-bit products may share one). `figures` counts the cells by type.
 */
export function lintMapping(config: HwConfig, effort: SynthesisEffort): Promise<LintCheck> {
  return timed(`synth_xilinx (${effort})`, async () => {
    const result = await runYosys("npm", config, script(config, effort));
    if (result === undefined) return { problems: [], skipped: "npm's @yowasp/yosys is not installed" };
    const problems = yosysProblems(result, topModule(config));
    const figures = lastCellCounts(result.output);
    if (problems.some(({ code }) => code === "lint/yosys-error")) return { problems };
    problems.push(...mappingProblems(config, result.output));
    return { problems, figures };
  });
}
