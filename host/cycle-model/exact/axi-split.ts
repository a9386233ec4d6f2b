const SUM = 0;
const COMPARE = 1;
const ANSWER = 2;

/** `vg_axi_split`: checks a request and splits it into bursts that end at multiples of the longest. */
export class AxiSplit {
  readonly #burst: number;
  #check = SUM;
  #active = false;
  /** The burst on offer. */
  valid = false;
  last = false;
  beats = 0;
  #position = 0;
  #left = 0;

  /** @param burst longest burst in beats, a power of two */
  constructor(burst: number) {
    this.#burst = burst;
  }

  /** The client's request is answered in this cycle. */
  get answer(): boolean {
    return this.#check === ANSWER && !this.#active;
  }

  /**
   * @param request whether the client asks, for `beats` beats from beat `first` on
   * @param ready whether a burst on offer is taken
   */
  clock(request: boolean, first: number, beats: number, ready: boolean): boolean {
    if (!request && !this.#active) return false;
    const { valid, answer } = this;
    const taken = valid && ready;
    const finished = taken && this.last;
    const position = this.#position;
    const left = this.#left;
    const offered = this.beats;
    if (!valid) {
      const room = this.#burst - (position % this.#burst);
      this.last = left <= room;
      this.beats = this.last ? left : room;
    }
    if (answer) {
      this.#position = first;
      this.#left = beats;
    } else if (taken) {
      this.#position = position + offered;
      this.#left = left - offered;
    }
    this.valid = this.#active && !taken;
    const before = this.#check;
    if (before === SUM) {
      if (request) this.#check = COMPARE;
    } else if (before === COMPARE) this.#check = ANSWER;
    else if (answer) this.#check = SUM;
    this.#active = answer || (this.#active && !finished);
    return taken || this.valid !== valid || this.#check !== before;
  }
}
