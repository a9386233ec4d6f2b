import type { CommandTable } from "./command-table.ts";

/** Commands buffered, and asked for at once. */
const AHEAD = 8;
const CHUNK = 4;
const COMMAND_BITS = 512;

/** `vg_command_fetch`: reads the command stream ahead and puts commands together. */
export class CommandFetch {
  readonly #beatsPerCommand: number;
  /** A request stands: for `beats` beats from beat `first` on. */
  asking = false;
  first: number;
  #left: number;
  #chunk = 0;
  #room = AHEAD;
  #buffered = 0;
  #position = 0;
  /** A command is ready, the `index`th. */
  full = false;
  index = 0;

  /** @param commandOffset bytes */
  constructor({ geometry, count }: CommandTable, commandOffset: number) {
    this.#beatsPerCommand = COMMAND_BITS / geometry.config.axiDataBits;
    this.first = commandOffset / geometry.beatBytes;
    this.#left = count;
  }

  get beats(): number {
    return this.#chunk * this.#beatsPerCommand;
  }

  /** @param answered the request is @param beat a beat comes @param delivered the command is taken */
  clock(answered: boolean, beat: boolean, delivered: boolean): boolean {
    const { asking } = this;
    const take = this.#buffered > 0 && !this.full;
    const assembled = take && this.#position === this.#beatsPerCommand - 1;
    const mayAsk = this.#left > 0 && this.#room >= CHUNK;
    const chunk = Math.min(this.#left, CHUNK);
    if (assembled) this.#room++;
    if (answered) {
      this.first += this.beats;
      this.#left -= this.#chunk;
      this.#room -= this.#chunk;
    }
    if (!asking) this.#chunk = chunk;
    this.asking = asking ? !answered : mayAsk;
    if (beat) this.#buffered++;
    if (take) {
      this.#buffered--;
      this.#position = assembled ? 0 : this.#position + 1;
    }
    if (delivered) this.index++;
    this.full = assembled || (this.full && !delivered);
    return take || beat || delivered || this.asking !== asking;
  }
}
