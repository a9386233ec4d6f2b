import type { HwConfig } from "../config/schema.ts";
import { topModule } from "../views/top.ts";
import { type LintCheck, timed } from "./report.ts";
import { readScript, runYosys, type YosysEngine, yosysProblems } from "./yosys.ts";

const LATCHES = "t:$dlatch t:$adlatch t:$dlatchsr t:$sr";

/** Yosys reads the RTL: no warning that matters, a sound hierarchy, no latch, no loop, no double driver. */
export function lintRead(engine: YosysEngine, config: HwConfig): Promise<LintCheck> {
  return timed(`yosys (${engine}) reads it, no latches`, async () => {
    const script = [readScript(config), "proc", `select -assert-none ${LATCHES}`, "check -assert"].join("\n");
    const result = await runYosys(engine, config, script);
    if (result === undefined) return { problems: [], skipped: "yosys is not installed" };
    return { problems: yosysProblems(result, topModule(config)) };
  });
}
