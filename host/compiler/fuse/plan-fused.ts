import type { Geometry } from "../geometry.ts";
import { type Part, partsOf, type Storage, type TensorView } from "../layout/storage.ts";
import type { Operation } from "../lower/operation.ts";
import { wordsPerBlock } from "../lower/pieces.ts";
import { needsChain } from "../place/plan-chain.ts";
import { splitsOf } from "../place/strips.ts";
import { type RowMap, type RowRead, type RowTask, scheduleRows } from "./row-schedule.ts";
import { storagesOf, storagesRead, storagesWritten, type Unit } from "./unit.ts";

/** How a unit's operations are interleaved, before its rings have a place. */
export interface FusedPlan {
  readonly unit: Unit;
  readonly steps: number;
  /** By operation and step: rows made when the step is over. */
  readonly made: readonly (readonly number[])[];
  /** Storages whose rows live in rings, with the rows that these hold. */
  readonly rings: ReadonlyMap<Storage, number>;
  /** Those whose rows come from outside: by step the rows that loads have been asked for when it begins. */
  readonly loaded: ReadonlyMap<Storage, readonly number[]>;
}

/** Cycles that a step takes at least, if rings of more rows fit: what its end waits for is spread over it. */
const STEP_CYCLES = 256;
/** Table banks. */
const TABLES = 2;

/** Weight words of all of an operation's blocks. */
export function weightWords(geometry: Geometry, operation: Operation): number {
  const [{ segments }] = splitsOf(geometry, operation, 1);
  return segments.reduce((sum, segment) => sum + segment.blocks * wordsPerBlock(operation, segment), 0);
}

/** Parameter words of all of an operation's blocks. */
export function parameterWords(geometry: Geometry, { part }: Operation): number {
  return geometry.blocks(part.channels) * geometry.parameterWordsPerBlock;
}

/** Whether an operation can run a few rows at a time. */
export function canFuse(geometry: Geometry, operation: Operation): boolean {
  return operation.passes.length === 1 && operation.drain === "store" && !needsChain(geometry, operation);
}

/** Adds up the constants of operations that are to be on chip together. */
export class ConstantsBudget {
  readonly #geometry: Geometry;
  #weights = 0;
  #parameters = 0;
  #tables = 0;

  constructor(geometry: Geometry) {
    this.#geometry = geometry;
  }

  /** Adds an operation's. @returns whether there is room for them */
  take(operation: Operation): boolean {
    this.#weights += weightWords(this.#geometry, operation);
    this.#parameters += parameterWords(this.#geometry, operation);
    this.#tables += operation.tables === undefined ? 0 : 1;
    const { weightDepth, parameterDepth } = this.#geometry.config;
    return this.#weights <= weightDepth && this.#parameters <= parameterDepth && this.#tables <= TABLES;
  }
}

/** Cycles of the array for each of an operation's output rows. */
export function rowCycles(geometry: Geometry, operation: Operation): number {
  const { kernel, outputShape } = operation;
  const [{ segments }] = splitsOf(geometry, operation, 1);
  const beats = segments.reduce((sum, { blocks, channelGroups }) => {
    return sum + blocks * Math.max(geometry.tileMinimum, kernel.height * kernel.width * channelGroups);
  }, 0);
  return beats * geometry.lineWords(outputShape.width);
}

/** Words of a ring of `rows` rows. */
export function ringWords({ groups, pitch }: Storage, rows: number): number {
  return rows * groups * pitch;
}

/**
 * Ways to interleave a unit's operations, of the fewest rows a step last.
 *
 * @param resident storages that stay on chip as a whole
 * @param inner storages that no other unit touches
 * @returns none if rows of a storage that is partly made elsewhere would be read
 */
export function fusedPlans(
  geometry: Geometry,
  unit: Unit,
  resident: (storage: Storage) => boolean,
  inner: ReadonlySet<Storage>,
): readonly FusedPlan[] {
  const { operations } = unit;
  const [read, written] = [storagesRead(unit), storagesWritten(unit)];
  const ringed = [...storagesOf(unit)].filter((storage) => !resident(storage));
  const made = new Set(operations.map(({ part }) => part));
  const complete = ({ parts }: Storage): boolean => parts.every((part) => made.has(part));
  if (ringed.some((storage) => read.has(storage) && written.has(storage) && !complete(storage))) return [];
  // What is loaded is a map, and so is each part that is made: an operation may read one and make another.
  const loads = ringed.filter((storage) => !written.has(storage));
  const maps = new Map<Storage | Part, number>([...loads, ...made].map((key, index) => [key, index]));
  const reads = (view: TensorView, read: Omit<RowRead, "map">): readonly RowRead[] => {
    const sources = [view.storage, ...partsOf(geometry, view)].map((key) => maps.get(key));
    return sources.flatMap((map) => (map === undefined ? [] : [{ map, ...read }]));
  };
  const tasks = operations.map((operation): RowTask => {
    const { input, residual, stride, kernel, padding, outputShape } = operation;
    return {
      rows: outputShape.height,
      cycles: rowCycles(geometry, operation),
      writes: maps.get(operation.part),
      reads: [
        ...reads(input, { stride, kernel: kernel.height, padding: padding.top }),
        ...(residual === undefined ? [] : reads(residual, { stride: 1, kernel: 1, padding: 0 })),
      ],
    };
  });
  const rowMaps = [
    ...loads.map(({ height }): RowMap => ({ rows: height, loaded: true, stored: false })),
    ...operations.map(({ output: { storage } }): RowMap => {
      return { rows: storage.height, loaded: false, stored: !read.has(storage) || !inner.has(storage) };
    }),
  ];
  return rowsPerStep(tasks).map((rows): FusedPlan => {
    const schedule = scheduleRows(rowMaps, tasks, rows);
    const rings = new Map(loads.map((storage, index) => [storage, schedule.rings[index]]));
    for (const { output, part } of operations) {
      if (!ringed.includes(output.storage)) continue;
      const needed = schedule.rings[maps.get(part) ?? 0];
      rings.set(output.storage, Math.max(needed, rings.get(output.storage) ?? 0));
    }
    const loaded = new Map(loads.map((storage, index) => [storage, schedule.loaded[index]]));
    return { unit, steps: schedule.steps, made: schedule.made, rings, loaded };
  });
}

/** Rows a step to try: as many as make a step long enough, and one. */
function rowsPerStep(tasks: readonly RowTask[]): readonly number[] {
  const shortest = Math.min(...tasks.map(({ rows }) => rows));
  const total = tasks.reduce((sum, { rows, cycles }) => sum + rows * cycles, 0);
  return [...new Set([Math.max(1, Math.min(shortest, Math.ceil((STEP_CYCLES * shortest) / total))), 1])];
}
