import { type Command, type Engine, engineOf } from "../../isa/index.ts";
import { Hazards, noCounts } from "./hazards.ts";
import type { Step } from "./step.ts";

/**
 * Waits older than this many commands are raised: counts are 16 bits and compared with wrap-around. It costs nothing,
 * since commands that far back have long completed.
 */
const OLDEST_WAIT = 1 << 14;

/**
 * Gives every command the waits that keep it behind the commands before it that it depends on.
 *
 * Within an engine only a computation that reads what an earlier one wrote has to wait: results are visible when a
 * computation completes, and the next one may start before that.
 */
export function assignWaits(steps: readonly Step[]): readonly Command[] {
  const hazards = new Hazards();
  const issued = noCounts();
  return steps.map((step) => {
    const engine = engineOf(step.command.kind);
    const waits = engine === undefined ? noCounts() : hazards.record(step, engine, issued[engine] + 1);
    const field = (other: Engine): number => Math.max(waits[other], issued[other] - OLDEST_WAIT) & 0xffff;
    const command = {
      ...step.command,
      waitLoad: field("load"),
      waitCompute: field("compute"),
      waitStore: field("store"),
    };
    if (engine !== undefined) issued[engine]++;
    return command;
  });
}
