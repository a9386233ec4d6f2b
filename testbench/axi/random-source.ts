/** Seeded random numbers without allocation (xorshift32); equal seeds give equal sequences. */
export class RandomSource {
  #state: number;

  constructor(seed: number) {
    // Spread neighbouring seeds, and keep away from the fixed point at zero.
    this.#state = (Math.imul(seed ^ 0x9e37_79b9, 0x85eb_ca6b) ^ (seed >>> 16)) | 0;
    if (this.#state === 0) this.#state = 1;
    for (let round = 0; round < 4; round++) this.#next();
  }

  /** Uniform in 0..limit-1. @param limit 1..2^31 */
  below(limit: number): number {
    return (this.#next() >>> 0) % limit;
  }

  /** True with the given probability; draws nothing when it is 0. */
  chance(probability: number): boolean {
    return probability > 0 && this.#next() >>> 0 < probability * 2 ** 32;
  }

  #next(): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    return state;
  }
}
