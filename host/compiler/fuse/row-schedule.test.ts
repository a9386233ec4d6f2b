import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type RowMap, type RowRead, type RowSchedule, type RowTask, scheduleRows } from "./row-schedule.ts";

/** A window over rows, as drawn by fast-check. */
interface Draw {
  readonly stride: number;
  readonly kernel: number;
  readonly padding: number;
  /** Which of the maps made so far. */
  readonly source: number;
  /** Whether the rows of a map of the same height are read as well. */
  readonly added: boolean;
  readonly cycles: number;
}

/** Tasks each of which makes a map of its own from earlier ones; map 0 is loaded. */
function chain(height: number, draws: readonly Draw[]): { maps: RowMap[]; tasks: RowTask[] } {
  const heights = [height];
  const tasks = draws.map(({ stride, kernel, padding, source, added, cycles }, index): RowTask => {
    const map = source % heights.length;
    const rows = Math.max(1, Math.floor((heights[map] + 2 * padding - kernel) / stride) + 1);
    const reads: RowRead[] = [{ map, stride, kernel, padding }];
    const other = heights.indexOf(rows);
    if (added && other >= 0) reads.push({ map: other, stride: 1, kernel: 1, padding: 0 });
    heights.push(rows);
    return { rows, cycles, writes: index + 1, reads };
  });
  const read = new Set(tasks.flatMap(({ reads }) => reads.map(({ map }) => map)));
  const maps = heights.map((rows, map) => ({ rows, loaded: map === 0, stored: !read.has(map) }));
  return { maps, tasks };
}

/** Runs a schedule on rings that remember which row is in each place. */
function run(maps: readonly RowMap[], tasks: readonly RowTask[], schedule: RowSchedule): void {
  const places = maps.map((_, map) => new Array<number>(schedule.rings[map]).fill(-1));
  const put = (map: number, row: number): void => {
    places[map][row % places[map].length] = row;
  };
  const from = (counts: readonly number[], step: number): number => (step === 0 ? 0 : counts[step - 1]);
  for (let step = 0; step < schedule.steps; step++) {
    const before = places.map((map) => [...map]);
    maps.forEach((_, map) => {
      for (let row = from(schedule.loaded[map], step); row < schedule.loaded[map][step]; row++) put(map, row);
    });
    for (const [index, task] of [...tasks.entries()].reverse()) {
      for (let row = from(schedule.made[index], step); row < schedule.made[index][step]; row++) {
        for (const { map, stride, kernel, padding } of task.reads) {
          for (let y = row * stride - padding; y < row * stride - padding + kernel; y++) {
            if (y < 0 || y >= maps[map].rows) continue;
            // There since an earlier step, and not yet overwritten.
            const place = y % places[map].length;
            if (before[map][place] !== y || places[map][place] !== y)
              throw new Error(`step ${step}: task ${index} finds no row ${y} of map ${map}`);
          }
        }
        put(task.writes ?? 0, row);
      }
    }
  }
}

const draw = fc.record({
  stride: fc.constantFrom(1, 1, 2),
  kernel: fc.integer({ min: 1, max: 5 }),
  padding: fc.integer({ min: 0, max: 2 }),
  source: fc.nat(20),
  added: fc.boolean(),
  cycles: fc.integer({ min: 1, max: 300 }),
});

describe("scheduleRows", () => {
  it("makes every row once, after what it reads, and overwrites none that is still read", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.array(draw, { minLength: 1, maxLength: 7 }),
        fc.integer({ min: 1, max: 4 }),
        (height, draws, rows) => {
          const { maps, tasks } = chain(height, draws);
          const schedule = scheduleRows(maps, tasks, rows);
          run(maps, tasks, schedule);
          tasks.forEach((task, index) => {
            expect(schedule.made[index][schedule.steps - 1]).toBe(task.rows);
          });
        },
      ),
      { seed: 11, numRuns: 200 },
    );
  });

  it("keeps few rows: of a 1x1 convolution one step's, of a window what it covers and a step's", () => {
    const read = { stride: 1, kernel: 3, padding: 1 };
    const tasks: RowTask[] = [
      { rows: 28, cycles: 500, writes: 1, reads: [{ map: 0, ...read, stride: 2 }] },
      { rows: 28, cycles: 500, writes: 2, reads: [{ map: 1, stride: 1, kernel: 1, padding: 0 }] },
      { rows: 28, cycles: 500, writes: 3, reads: [{ map: 2, ...read }] },
    ];
    const maps = [56, 28, 28, 28].map((rows, map) => ({ rows, loaded: map === 0, stored: map === 3 }));
    const { rings, steps } = scheduleRows(maps, tasks, 1);
    expect(rings).toEqual([5, 1, 3, 2]);
    expect(steps).toBe(32);
  });

  it("keeps a task further ahead of its reader where there is too little work to hide the drain", () => {
    const tasks: RowTask[] = [0, 1].map((map) => {
      return { rows: 20, cycles: 20, writes: map + 1, reads: [{ map, stride: 1, kernel: 1, padding: 0 }] };
    });
    const maps = [0, 1, 2].map((map) => ({ rows: 20, loaded: map === 0, stored: map === 2 }));
    const { made } = scheduleRows(maps, tasks, 1);
    expect(made[0].indexOf(20)).toBe(made[1].indexOf(20) - 3);
  });
});
