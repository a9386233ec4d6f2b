import { engineOf } from "../../isa/index.ts";
import { conflict, type Step } from "./step.ts";

/** Steps of the other engines that a load may pass. */
const WINDOW = 64;

const isLoad = (step: Step): boolean => engineOf(step.command.kind) === "load";
const isStore = (step: Step): boolean => step.command.kind === "storeFeatures";

/**
 * Moves loads ahead of the computations and stores that they do not depend on, so that they run during those. Loads keep
 * their order, and at most `ahead` of them stand before a step that does not need them yet: more would fill the load
 * queue, and the commands behind them in the stream would wait.
 *
 * Where more stores than a queue holds wait for a computation, it is they that keep what stands behind them waiting: all
 * loads for the next computation go first.
 */
export function hoistLoads(steps: readonly Step[], ahead: number): readonly Step[] {
  const loads = steps.flatMap((step, index) => (isLoad(step) ? [index] : []));
  const result: Step[] = [];
  let emitted = 0;
  let needed = 0;
  const advance = (index: number, end: number, limit: number, window: number): void => {
    while (emitted < loads.length && loads[emitted] < end && emitted - needed < limit) {
      if (!mayPass(steps, loads[emitted], index, window)) return;
      result.push(steps[loads[emitted++]]);
    }
  };
  let stores = 0;
  steps.forEach((step, index) => {
    if (isLoad(step)) {
      if (emitted === needed++) result.push(steps[loads[emitted++]]);
      return;
    }
    advance(index, steps.length, ahead, WINDOW);
    if (!isStore(step)) stores = 0;
    else if (stores === 0) {
      stores = endOfStores(steps, index) - index;
      if (stores > ahead) advance(index, nextComputation(steps, index), steps.length, stores);
    }
    result.push(step);
  });
  return result;
}

/** The first step from `index` on that is no store. */
function endOfStores(steps: readonly Step[], index: number): number {
  let end = index;
  while (end < steps.length && isStore(steps[end])) end++;
  return end;
}

/** The first computation from `index` on. */
function nextComputation(steps: readonly Step[], index: number): number {
  let end = index;
  while (end < steps.length && steps[end].command.kind !== "compute") end++;
  return end;
}

/** Whether the load at `from` may move up to just before the step at `to`, past at most `window` steps. */
function mayPass(steps: readonly Step[], from: number, to: number, window: number): boolean {
  let passed = 0;
  for (let index = to; index < from; index++) {
    if (isLoad(steps[index])) continue;
    if (++passed > window || conflict(steps[from], steps[index])) return false;
  }
  return true;
}
