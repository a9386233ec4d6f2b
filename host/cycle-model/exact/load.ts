import type { CommandQueue, CommandTable } from "./command-table.ts";
import { FEATURES, NOTHING, WORDS } from "./idle-log.ts";

/** The data side of `vg_load`: where the beats that come back go. */
export class Load {
  readonly #table: CommandTable;
  /** Commands whose data are under way. */
  readonly flight: CommandQueue;
  #active = false;
  #left = 0;
  /** The next beat's place is known: whether it is the feature memory, and the command's last beat. */
  #target = false;
  #targetFeatures = false;
  #targetLast = false;
  /** A beat waits for the feature memory's port. */
  features = false;
  #last = false;
  /** A command is complete. */
  done = false;
  /** What is asked for and not yet written, as of the cycle before: of the oldest command. */
  underWay = NOTHING;

  /** @param flight commands whose data are under way */
  constructor(table: CommandTable, flight: CommandQueue) {
    this.#table = table;
    this.flight = flight;
  }

  /** Whether a beat would be taken. @param port whether the feature memory takes one */
  takes(port: boolean): boolean {
    return this.#target && (!this.features || port);
  }

  /** @param beat one is taken @param port whether the feature memory takes one @param command first of the flight, or -1 */
  clock(beat: boolean, port: boolean, command: number): boolean {
    const { done } = this;
    const underWay = this.#underWay(command);
    const start = command >= 0 && !this.#active;
    const step = this.#active && (!this.#target || beat);
    const advance = !this.features || port;
    const moved =
      start ||
      step ||
      beat ||
      (advance && (this.features || this.#last)) ||
      done ||
      !advance ||
      underWay !== this.underWay;
    this.underWay = underWay;
    this.done = advance && this.#last;
    if (advance) {
      this.features = beat && this.#targetFeatures;
      this.#last = beat && this.#targetLast;
    }
    if (beat) this.#target = false;
    if (start) {
      this.#left = this.#table.beats[command];
      this.#active = true;
    } else if (step) {
      this.#target = true;
      this.#targetFeatures = this.#table.features[command] === 1;
      this.#targetLast = --this.#left === 0;
      if (this.#targetLast) {
        this.#active = false;
        this.flight.popped++;
      }
    }
    return moved;
  }

  #underWay(command: number): number {
    if (command < 0 && !this.#target && !this.#last && !this.done) return NOTHING;
    const features = this.#target || command < 0 ? this.#targetFeatures : this.#table.features[command] === 1;
    return features ? FEATURES : WORDS;
  }
}
