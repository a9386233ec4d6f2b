import { type Engine, engineOf } from "../../isa/index.ts";
import type { Geometry } from "../geometry.ts";
import { issueCycles, transferBytes } from "../statistics.ts";
import { type Dependencies, dependenciesOf } from "./dependencies.ts";
import type { Step } from "./step.ts";

/** Cycles by which the order is chosen: roughly the accelerator's at a DDR memory. Only speed depends on them. */
const cycles = {
  /** From a load's request to its first beat; from its last beat to its count. */
  loadLatency: 110,
  loadDone: 4,
  /** At least, from one request of an engine to its next. */
  request: 12,
  /** From a count to the first beat of a computation that waits for it; from its last beat to its count. */
  computeWait: 2,
  computeDone: 29,
  /** From a store's request to its first beat; from its last beat to its count. */
  storeLatency: 14,
  storeDone: 24,
} as const;

/** Loads, in program order from the first one that has no time yet, among which the next one is chosen. */
const WINDOW = 128;

/**
 * Puts steps, given in program order, into the order of their times in a simple model of the engines: that in which they
 * are issued. Computations and stores keep their order and start as early as they can. Of the loads that could start when
 * the bus is free, the first in program order does: so each is as early as memory allows, none waits at the head of the
 * queue while another one could run, and queues do not fill with what is not due yet.
 */
export function orderSteps(geometry: Geometry, steps: readonly Step[]): readonly Step[] {
  const starts = new Times(geometry, steps).run();
  return steps
    .map((step, index) => ({ step, start: starts[index] }))
    .sort((a, b) => a.start - b.start)
    .map(({ step }) => step);
}

/** Finds out when each step would start. */
class Times {
  readonly #geometry: Geometry;
  readonly #steps: readonly Step[];
  readonly #needs: readonly Dependencies[];
  readonly #starts: Float64Array;
  /** When a step's effects are visible; NaN while that is not known. */
  readonly #ends: Float64Array;
  /** The steps of each engine, in program order, and the first one not looked at yet. */
  readonly #queues: Readonly<Record<Engine, number[]>> = { load: [], compute: [], store: [] };
  readonly #next: Record<Engine, number> = { load: 0, compute: 0, store: 0 };
  /** Of each load the position among the computations of the first one that needs it. */
  readonly #users: Uint32Array;
  /** Cycles that the computations before each take. */
  readonly #issued: Float64Array;
  /** When each engine could start something more. */
  readonly #free: Record<Engine, number> = { load: 0, compute: 0, store: 0 };
  /** When the buses are done with what has been asked for. */
  #delivered = 0;
  #written = 0;
  /** Ends of the loads that have a time, in order. */
  readonly #loadEnds: number[] = [];

  constructor(geometry: Geometry, steps: readonly Step[]) {
    this.#geometry = geometry;
    this.#steps = steps;
    this.#needs = dependenciesOf(steps);
    this.#starts = new Float64Array(steps.length);
    this.#ends = new Float64Array(steps.length).fill(Number.NaN);
    steps.forEach(({ command }, index) => {
      const engine = engineOf(command.kind);
      if (engine !== undefined) this.#queues[engine].push(index);
    });
    const { compute } = this.#queues;
    this.#users = new Uint32Array(steps.length).fill(compute.length);
    this.#issued = new Float64Array(compute.length + 1);
    compute.forEach((index, position) => {
      this.#issued[position + 1] = this.#issued[position] + issueCycles(geometry, steps[index].command);
      for (const load of this.#needs[index].loads) this.#users[load] = Math.min(this.#users[load], position);
    });
  }

  run(): Float64Array {
    const loads = this.#queues.load;
    let window = loads.slice(0, WINDOW);
    this.#next.load = window.length;
    for (this.#advance(); window.length > 0; this.#advance()) {
      const [chosen, start] = this.#choose(window);
      this.#load(chosen, start);
      window = window.filter((load) => load !== chosen);
      if (this.#next.load < loads.length) window.push(loads[this.#next.load++]);
    }
    return this.#starts;
  }

  /** Gives times to the computations and stores that need no load without one. */
  #advance(): void {
    while (
      this.#step("compute", (index, ready) => this.#compute(index, ready)) ||
      this.#step("store", (index, ready) => this.#store(index, ready))
    );
  }

  /** Gives a time to an engine's next step, if what it needs has one. */
  #step(engine: "compute" | "store", place: (index: number, ready: number) => void): boolean {
    const index = this.#queues[engine][this.#next[engine]];
    const ready = index === undefined ? Number.NaN : this.#ready(index);
    if (Number.isNaN(ready)) return false;
    this.#next[engine]++;
    place(index, ready);
    return true;
  }

  /** When what a step needs is there; NaN if that is not known. */
  #ready(index: number): number {
    const { compute, store, loads } = this.#needs[index];
    let ready = 0;
    if (compute >= 0) ready = Math.max(ready, this.#ends[compute]);
    if (store >= 0) ready = Math.max(ready, this.#ends[store]);
    for (const load of loads) ready = Math.max(ready, this.#ends[load]);
    return ready;
  }

  /**
   * The load that starts next, and when: the first in program order that need not wait, unless one before it that has to
   * wait would then come too late for its computation.
   */
  #choose(window: readonly number[]): readonly [number, number] {
    const { commandQueueDepth } = this.#geometry.config;
    const flying = this.#loadEnds.length - commandQueueDepth;
    const free = Math.max(this.#free.load, flying < 0 ? 0 : this.#loadEnds[flying]);
    let [chosen, start] = [-1, Number.POSITIVE_INFINITY];
    let [limit, waiting] = [Number.POSITIVE_INFINITY, 0];
    for (const load of window) {
      const ready = this.#ready(load);
      if (Number.isNaN(ready)) continue;
      if (ready <= free) {
        if (this.#delivery(load, free) <= limit) return [load, free];
        continue;
      }
      if (ready < start) [chosen, start] = [load, ready];
      waiting += this.#beats(load);
      limit = Math.min(limit, Math.max(ready + cycles.loadLatency, this.#deadline(load) - waiting));
    }
    return [chosen, start];
  }

  /** When a load's data must have come, lest the computation that needs them first wait for them alone. */
  #deadline(load: number): number {
    const { compute } = this.#free;
    return (
      compute +
      this.#issued[this.#users[load]] -
      this.#issued[this.#next.compute] -
      cycles.loadDone -
      cycles.computeWait
    );
  }

  /** When the data of a load that starts at a time have come. */
  #delivery(index: number, start: number): number {
    return Math.max(this.#delivered, start + cycles.loadLatency) + this.#beats(index);
  }

  #load(index: number, start: number): void {
    const { readBurstBeats, readOutstanding } = this.#geometry.config;
    this.#delivered = this.#delivery(index, start);
    // The next one is asked for when the last burst of this one is under way.
    const lastBurst = this.#delivered - Math.max(cycles.loadLatency, (readOutstanding - 1) * readBurstBeats);
    this.#free.load = Math.max(start + cycles.request, lastBurst);
    this.#loadEnds.push(this.#delivered + cycles.loadDone);
    this.#place(index, start, this.#delivered + cycles.loadDone);
  }

  #compute(index: number, ready: number): void {
    const start = Math.max(this.#free.compute, ready + cycles.computeWait);
    this.#free.compute = start + issueCycles(this.#geometry, this.#steps[index].command);
    this.#place(index, start, this.#free.compute + cycles.computeDone);
  }

  #store(index: number, ready: number): void {
    const start = Math.max(this.#free.store, ready);
    this.#written = Math.max(this.#written, start + cycles.storeLatency) + this.#beats(index);
    this.#free.store = Math.max(start + cycles.request, this.#written - cycles.storeLatency);
    this.#place(index, start, this.#written + cycles.storeDone);
  }

  #beats(index: number): number {
    return transferBytes(this.#geometry, this.#steps[index].command) / this.#geometry.beatBytes;
  }

  #place(index: number, start: number, end: number): void {
    this.#starts[index] = start;
    this.#ends[index] = end;
  }
}
