import { engineOf } from "../../isa/index.ts";
import { conflict, type Step } from "./step.ts";

/** Steps of the other engines that a load may pass. */
const WINDOW = 64;

const isLoad = (step: Step): boolean => engineOf(step.command.kind) === "load";

/**
 * Moves loads ahead of the computations and stores that they do not depend on, so that they run during those. Loads keep
 * their order, and at most `ahead` of them stand before a step that does not need them yet: more would fill the load
 * queue, and the commands behind them in the stream would wait.
 */
export function hoistLoads(steps: readonly Step[], ahead: number): readonly Step[] {
  const loads = steps.flatMap((step, index) => (isLoad(step) ? [index] : []));
  const result: Step[] = [];
  let emitted = 0;
  let needed = 0;
  steps.forEach((step, index) => {
    if (isLoad(step)) {
      if (emitted === needed++) result.push(steps[loads[emitted++]]);
      return;
    }
    while (emitted < loads.length && emitted - needed < ahead && mayPass(steps, loads[emitted], index)) {
      result.push(steps[loads[emitted++]]);
    }
    result.push(step);
  });
  return result;
}

/** Whether the load at `from` may move up to just before the step at `to`. */
function mayPass(steps: readonly Step[], from: number, to: number): boolean {
  let passed = 0;
  for (let index = to; index < from; index++) {
    if (isLoad(steps[index])) continue;
    if (++passed > WINDOW || conflict(steps[from], steps[index])) return false;
  }
  return true;
}
