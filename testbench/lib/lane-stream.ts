import type { Random } from "../../models/random/random.ts";
import type { Model } from "../engine/index.ts";
import { expectEqual } from "./expect-equal.ts";

/**
 * Streams vectors through a pipelined lane with `en_i`, `q_o` and no reset, mostly one a cycle; in the cycles between
 * them the operands are others without meaning, and the result must stay.
 * @param latency cycles from a vector's operands to its result
 * @param late cycles from its operands to its late operands
 * @returns number of results compared
 */
export function streamLane<T>(
  dut: Model,
  random: Random,
  vectors: readonly T[],
  lane: {
    readonly latency: number;
    readonly late: number;
    readonly drive: (vector: T) => void;
    readonly driveLate: (vector: T) => void;
    readonly expected: (vector: T) => number;
  },
): number {
  const [result, enable] = [dut.port("q_o"), dut.port("en_i")];
  const slots: (T | undefined)[] = [];
  for (const vector of vectors) {
    while (random.real() < 0.1) slots.push(undefined);
    slots.push(vector);
  }
  let held: { readonly vector: T; readonly value: number } | undefined;
  for (let cycle = 0; cycle < slots.length + lane.latency; cycle++) {
    const due = slots[cycle - lane.latency];
    if (due !== undefined) held = { vector: due, value: lane.expected(due) };
    if (held !== undefined) {
      const { vector, value } = held;
      expectEqual(result.getSigned(), value, () => `cycle ${cycle}, vector ${JSON.stringify(vector)}`);
    }
    const slot = slots[cycle];
    enable.set(Number(slot !== undefined));
    lane.drive(slot ?? vectors[cycle % vectors.length]);
    lane.driveLate(slots[cycle - lane.late] ?? vectors[cycle % vectors.length]);
    dut.tick();
  }
  return vectors.length;
}
