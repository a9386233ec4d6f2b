/** The command at the head of the queue. */
export interface QueueHead {
  /** Beats of a tile, and tiles. */
  readonly k: number;
  readonly tiles: number;
  /** Its tiles go through the drain twice. */
  readonly upsample: boolean;
  /** The first of its waits that is not met in this cycle. */
  readonly unmet: "load" | "compute" | "store" | undefined;
}

/** What a cycle is spent on: the names of the stat outputs. */
export type Stat = "busy" | "no_command" | "wait_load" | "wait_compute" | "wait_store" | "wait_drain";

/** All of them. */
export const stats: readonly Stat[] = ["busy", "no_command", "wait_load", "wait_compute", "wait_store", "wait_drain"];

/** Cycles from a tile's last beat to its first drain step, and from a drain step to the write of its results. */
export const TO_DRAIN = 9;
export const TO_WRITE = 15;

/** When the compute engine does what, cycle by cycle. */
export class ComputeTiming {
  readonly #tileMin: number;
  readonly #steps: number;
  #cycle = 0;
  #running: { readonly head: QueueHead; beatsLeft: number; tilesLeft: number } | undefined;
  #drainFree = Number.NEGATIVE_INFINITY;
  #drainedAt = -1;
  readonly #done = new Set<number>();
  /** What the engine found when it looked at the queue in the cycle before. */
  #found: "go" | "load" | "compute" | "store" | undefined;

  constructor(shape: { readonly G: number; readonly M: number; readonly R: number }) {
    this.#steps = shape.M / shape.R;
    this.#tileMin = Math.max(this.#steps, 2 * Math.max(1, shape.M / shape.G));
  }

  /** One cycle. `tileEnd`: the last beat of a tile is issued. */
  step(head: QueueHead | undefined, halt: boolean) {
    const running = this.#running;
    const ready = running?.beatsLeft === 1;
    const stalled = ready && this.#cycle < this.#drainFree;
    const beat = running !== undefined && !halt && !stalled;
    const tileEnd = beat && ready;
    const commandEnd = tileEnd && running.tilesLeft === 1;
    const load = head !== undefined && this.#found === "go" && !halt && (running === undefined || commandEnd);
    const waiting = running === undefined && this.#found !== undefined && this.#found !== "go";
    const stat: Stat = beat
      ? "busy"
      : stalled
        ? "wait_drain"
        : waiting
          ? (`wait_${this.#found}` as Stat)
          : "no_command";
    const done = this.#done.has(this.#cycle);
    const idle = running === undefined && this.#cycle > this.#drainedAt;

    if (beat) running.beatsLeft--;
    if (tileEnd) {
      running.beatsLeft = running.head.k;
      running.tilesLeft--;
      const again = running.head.upsample ? this.#tileMin : 0;
      this.#drainFree = this.#cycle + this.#tileMin + again;
      this.#drainedAt = this.#cycle + TO_DRAIN + again + this.#steps - 1 + TO_WRITE;
      if (commandEnd) this.#done.add(this.#drainedAt);
    }
    this.#found = head === undefined || load ? undefined : (head.unmet ?? "go");
    if (load) this.#running = { head, beatsLeft: head.k, tilesLeft: head.tiles };
    else if (halt || commandEnd) this.#running = undefined;
    this.#cycle++;
    return { load, beat, stalled, tileEnd, done, idle, stat };
  }

  /** The engine was cleared: nothing runs, nothing is in the pipelines. */
  clear(): void {
    this.#running = undefined;
    this.#found = undefined;
    this.#drainFree = Number.NEGATIVE_INFINITY;
    this.#drainedAt = -1;
    this.#done.clear();
  }
}
