/** A first-in first-out queue of bursts in fixed arrays: nothing is allocated while simulating. */
export class BurstQueue {
  static readonly CAPACITY = 512;
  readonly #address = new Float64Array(BurstQueue.CAPACITY);
  readonly #beats = new Int32Array(BurstQueue.CAPACITY);
  readonly #step = new Int32Array(BurstQueue.CAPACITY);
  readonly #ready = new Float64Array(BurstQueue.CAPACITY);
  readonly #response = new Uint8Array(BurstQueue.CAPACITY);
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** @param step bytes per beat @param ready cycle from which the first entry may be answered */
  push(address: number, beats: number, step: number, response: number, ready: number): void {
    if (this.#length === BurstQueue.CAPACITY) throw new Error("more bursts outstanding than the memory allows");
    const at = (this.#head + this.#length++) % BurstQueue.CAPACITY;
    this.#address[at] = address;
    this.#beats[at] = beats;
    this.#step[at] = step;
    this.#response[at] = response;
    this.#ready[at] = ready;
  }

  /** Address of the first burst's next beat. */
  get address(): number {
    return this.#address[this.#head];
  }

  /** Beats that the first burst still has to do. */
  get beats(): number {
    return this.#beats[this.#head];
  }

  get response(): number {
    return this.#response[this.#head];
  }

  get ready(): number {
    return this.#ready[this.#head];
  }

  /** Moves the first burst on by a beat; true when that was its last. The burst stays until `shift`. */
  advance(): boolean {
    const head = this.#head;
    const step = this.#step[head];
    // Beats after an unaligned first one are aligned to the beat size.
    this.#address[head] = Math.floor(this.#address[head] / step) * step + step;
    return --this.#beats[head] === 0;
  }

  shift(): void {
    this.#head = (this.#head + 1) % BurstQueue.CAPACITY;
    this.#length--;
  }

  clear(): void {
    this.#length = 0;
  }
}
