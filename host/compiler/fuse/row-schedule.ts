/** Rows of a map that a task reads for each row that it makes. */
export interface RowRead {
  /** Index of the map. */
  readonly map: number;
  readonly stride: number;
  /** Rows of a window. */
  readonly kernel: number;
  /** Rows of padding above the map. */
  readonly padding: number;
}

/** What makes the rows of a map, or of a part of it, one after another. */
export interface RowTask {
  /** Rows that it makes. */
  readonly rows: number;
  /** Cycles that one of them takes. */
  readonly cycles: number;
  /** Index of the map, if its rows live in a ring. */
  readonly writes: number | undefined;
  /** Of maps whose rows live in rings. */
  readonly reads: readonly RowRead[];
}

/** A map whose rows live in a ring for as long as they are needed. */
export interface RowMap {
  readonly rows: number;
  /** Whether rows come from outside, instead of from a task. */
  readonly loaded: boolean;
  /** Whether rows leave once they are made. */
  readonly stored: boolean;
}

/** What happens in which step: loads first, then all tasks, the last one first. */
export interface RowSchedule {
  readonly steps: number;
  /** By task and step: rows made when the step is over. */
  readonly made: readonly (readonly number[])[];
  /** By map and step: rows that loads have been asked for when the step begins; 0 for maps that tasks make. */
  readonly loaded: readonly (readonly number[])[];
  /** By map: rows that its ring holds. */
  readonly rings: readonly number[];
}

/** Cycles from a row's last beat until another computation may read it, and some to spare. */
const DRAIN_CYCLES = 48;

/** Rows of a map that must be there before a task can make its first `rows` rows. */
function rowsNeeded({ stride, kernel, padding }: RowRead, rows: number, extent: number): number {
  return rows <= 0 ? 0 : Math.max(0, Math.min(extent, (rows - 1) * stride - padding + kernel));
}

/** The first row of a map that a task still reads once it has made `rows` rows. */
function firstNeeded({ stride, padding }: RowRead, rows: number, task: RowTask): number {
  return rows >= task.rows ? Number.POSITIVE_INFINITY : Math.max(0, rows * stride - padding);
}

/**
 * Interleaves tasks by rows, so that each map needs but a few of them at a time. What a task reads was made in an earlier
 * step, so no row waits for the drain of the one before; and a step's work is spread evenly.
 *
 * @param tasks in an order in which each could run as a whole
 * @param rows that the task with the fewest makes in a step
 */
export function scheduleRows(maps: readonly RowMap[], tasks: readonly RowTask[], rows: number): RowSchedule {
  const count = Math.ceil(Math.min(...tasks.map((task) => task.rows)) / rows);
  const rate = (extent: number): number => Math.ceil(extent / count);
  const lags = stepsBetween(tasks, rate);
  // Backwards: entry k belongs to the step that k others follow.
  const made = tasks.map((task): number[] => [task.rows]);
  const loaded = maps.map((map): number[] => [map.loaded ? neededBy(tasks, map, maps, () => Infinity) : 0]);
  const before = (task: number, k: number): number => (k < 0 ? tasks[task].rows : made[task][k]);
  for (let k = 1; [...made, ...loaded].some((values) => values[k - 1] > 0); k++) {
    for (const [index, task] of tasks.entries()) {
      const demands = tasks.flatMap((reader, at) =>
        reader.reads
          .filter(({ map }) => map === task.writes)
          .map((read) => rowsNeeded(read, before(at, k - lags[index][at]), task.rows)),
      );
      made[index].push(Math.max(0, made[index][k - 1] - rate(task.rows), ...demands));
    }
    for (const [index, map] of maps.entries()) {
      const needed = map.loaded ? neededBy(tasks, map, maps, (task) => before(task, k - 1)) : 0;
      loaded[index].push(Math.max(0, loaded[index][k - 1] - rate(map.rows), needed));
    }
  }
  const rings = maps.map((map, index) => ringRows(map, index, tasks, made, loaded[index]));
  // The first step is one in which something happens.
  const steps = made[0].length - 1;
  const forwards = (values: readonly number[]): readonly number[] => values.slice(0, steps).reverse();
  return { steps, made: made.map(forwards), loaded: loaded.map(forwards), rings };
}

/** Rows of a map that tasks need which have made as many rows as `made` says. */
function neededBy(
  tasks: readonly RowTask[],
  map: RowMap,
  maps: readonly RowMap[],
  made: (task: number) => number,
): number {
  const needs = tasks.flatMap((task, at) =>
    task.reads
      .filter((read) => maps[read.map] === map)
      .map((read) => rowsNeeded(read, Math.min(task.rows, made(at)), map.rows)),
  );
  return Math.max(0, ...needs);
}

/**
 * Steps by which a task must be ahead of each of its readers: one, or more where so little work lies between the two that
 * the reader would wait for the drain.
 */
function stepsBetween(tasks: readonly RowTask[], rate: (extent: number) => number): readonly (readonly number[])[] {
  const work = tasks.map((task) => rate(task.rows) * task.cycles);
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
  const step = Math.max(1, sum(work));
  return tasks.map((_, maker) =>
    tasks.map((_, reader) => {
      const between = sum(work.slice(0, maker)) + sum(work.slice(reader + 1));
      return 1 + Math.ceil(Math.max(0, DRAIN_CYCLES - between) / step);
    }),
  );
}

/** Rows between the first one that is still read and the last one that is being made, at most. */
function ringRows(
  map: RowMap,
  index: number,
  tasks: readonly RowTask[],
  made: readonly (readonly number[])[],
  loaded: readonly number[],
): number {
  const readers = tasks.flatMap((task, at) =>
    task.reads.filter((read) => read.map === index).map((read) => ({ task, read, made: made[at] })),
  );
  const live = (k: number): number =>
    Math.min(...readers.map(({ task, read, made: rows }) => firstNeeded(read, rows[k] ?? 0, task)));
  const strides = readers.map(({ read }) => read.stride);
  let rows = Math.max(1, ...strides);
  for (let k = 0; k < loaded.length; k++) {
    if (map.loaded) rows = Math.max(rows, loaded[k] - live(k + 1));
    for (const [at, task] of tasks.entries()) {
      if (task.writes !== index) continue;
      // Stores of what was made in the step before are still under way.
      const kept = made[at][k + (map.stored ? 2 : 1)] ?? 0;
      rows = Math.max(rows, made[at][k] - Math.min(kept, live(k)));
    }
  }
  return Math.min(rows, map.rows);
}
