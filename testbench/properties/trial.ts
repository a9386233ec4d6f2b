import fc from "fast-check";
import { ddrTiming, idealTiming, type MemoryTiming, randomTiming } from "../axi/index.ts";
import { type Corruption, corruptions } from "./corruption.ts";
import { type NetworkCase, networkCases } from "./layer-case.ts";

/**
 * What happens to an accelerator between two good runs; fractions 0..1 choose a place within what there is.
 *
 * `again`: nothing but another input. `reset`, `abort`: in mid-run. `corrupt`: one command broken in a known way, whose
 * error code is known. `noise`: any bits of a command flipped. `fault`: the bus answers with an error, or not at all.
 */
export type Trial =
  | { readonly kind: "none" }
  | { readonly kind: "again" }
  | { readonly kind: "reset"; readonly at: number }
  | { readonly kind: "abort"; readonly at: number }
  | { readonly kind: "corrupt"; readonly command: number; readonly corruption: Corruption }
  | { readonly kind: "noise"; readonly command: number; readonly word: number; readonly flip: number }
  | {
      readonly kind: "fault";
      readonly direction: "read" | "write";
      readonly burst: number;
      readonly effect: "slaveError" | "decodeError" | "hang";
    };

/** Everything that determines one run of the campaign on a given configuration. */
export interface PropertyCase {
  readonly network: NetworkCase;
  readonly memory: { readonly kind: "ideal" | "ddr" | "random"; readonly seed: number };
  /** Probability of stalls on the register port. */
  readonly registerStall: number;
  readonly trial: Trial;
}

const fraction = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

const trials: fc.Arbitrary<Trial> = fc.oneof(
  // So that a failure that needs no trial shrinks to none.
  { withCrossShrink: true },
  { weight: 8, arbitrary: fc.constant<Trial>({ kind: "none" }) },
  { weight: 2, arbitrary: fc.constant<Trial>({ kind: "again" }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("reset" as const), at: fraction }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("abort" as const), at: fraction }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("corrupt" as const),
      command: fraction,
      corruption: fc.constantFrom(...corruptions),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("noise" as const),
      command: fraction,
      word: fc.integer({ min: 0, max: 15 }),
      flip: fc.oneof(
        fc.integer({ min: 0, max: 31 }).map((bit) => (1 << bit) >>> 0),
        fc.integer({ min: 1, max: 2 ** 32 - 1 }),
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("fault" as const),
      direction: fc.constantFrom("read" as const, "write" as const),
      burst: fraction,
      effect: fc.constantFrom("slaveError" as const, "decodeError" as const, "hang" as const),
    }),
  },
);

/** The campaign's cases: networks of up to four steps on maps up to 17x17. */
export const propertyCases: fc.Arbitrary<PropertyCase> = fc.record({
  network: networkCases(4, 17),
  memory: fc.record({
    kind: fc.constantFrom("random" as const, "random" as const, "random" as const, "ideal" as const, "ddr" as const),
    seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  }),
  registerStall: fc.constantFrom(0, 0, 0.5),
  trial: trials,
});

/** The memory's behaviour in a case. */
export function timingOf({ memory }: Pick<PropertyCase, "memory">): MemoryTiming {
  if (memory.kind === "random") return randomTiming(memory.seed);
  return memory.kind === "ideal" ? idealTiming : ddrTiming;
}
