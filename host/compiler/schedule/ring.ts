import { FitError } from "../place/fit-error.ts";

/**
 * Addresses of a memory handed out in turn, each range contiguous. Ranges handed out long ago are overwritten: loads
 * wait for the computations that read them (see `assignWaits`).
 */
export class Ring {
  readonly #depth: number;
  readonly #wordBytes: number;
  readonly #what: string;
  #next = 0;

  /** @param what the memory's contents, for messages */
  constructor(what: string, depth: number, wordBytes: number) {
    this.#what = what;
    this.#depth = depth;
    this.#wordBytes = wordBytes;
  }

  /** Consecutive words that can be taken next without leaving any at the end; all where `least` do not fit there. */
  fitting(least: number): number {
    const left = this.#depth - this.#next;
    return left >= least ? left : this.#depth;
  }

  /** A ring at the same place, to plan with. */
  copy(): Ring {
    const copy = new Ring(this.#what, this.#depth, this.#wordBytes);
    copy.#next = this.#next;
    return copy;
  }

  /** Makes sure that the next `words` words taken, in however many pieces, overwrite none of one another. */
  keepTogether(words: number): void {
    if (this.#next + words > this.#depth) this.#next = 0;
  }

  /** The first of `words` consecutive words. @throws FitError naming `layer` if the memory is smaller */
  take(words: number, layer: string): number {
    if (words > this.#depth)
      throw new FitError(layer, this.#what, words * this.#wordBytes, this.#depth * this.#wordBytes);
    const base = this.#next + words > this.#depth ? 0 : this.#next;
    this.#next = base + words;
    return base;
  }
}
