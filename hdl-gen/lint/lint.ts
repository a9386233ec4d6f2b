import type { HwConfig } from "../config/schema.ts";
import { lintIcarus } from "./icarus.ts";
import { lintMapping, type SynthesisEffort } from "./mapping-check.ts";
import { lintRead } from "./read-check.ts";
import type { LintCheck, LintReport } from "./report.ts";
import { lintVerilator } from "./verilator.ts";

/** What `lintPreset` runs. */
export interface LintOptions {
  /** Synthesis with npm's Yosys takes about a minute for the default preset; default `mapping`. */
  readonly synthesis?: SynthesisEffort | "none";
  /** Called as each check ends. */
  readonly onCheck?: (check: LintCheck) => void;
}

/**
 * Checks the RTL of one configuration, freshly generated: Verilator -Wall, Icarus, Yosys (the one in the PATH and npm's) reading
 * it without latches, and the mapping of memories and multipliers. A missing tool is a skipped check with its reason.
 */
export async function lintPreset(config: HwConfig, options: LintOptions = {}): Promise<LintReport> {
  const { synthesis = "mapping", onCheck } = options;
  const steps: (() => Promise<LintCheck>)[] = [
    () => lintVerilator(config),
    () => lintIcarus(config),
    () => lintRead("native", config),
    () => lintRead("npm", config),
  ];
  if (synthesis !== "none") steps.push(() => lintMapping(config, synthesis));
  const checks: LintCheck[] = [];
  for (const step of steps) {
    const check = await step();
    checks.push(check);
    onCheck?.(check);
  }
  return { config: config.name, checks };
}
