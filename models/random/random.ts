/** A seeded source of pseudo-random numbers (xorshift32; good enough for test data and weights). */
export class Random {
  #state: number;

  /** @param seed any integer; equal seeds give equal sequences */
  constructor(seed: number) {
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) || 1;
    for (let i = 0; i < 8; i++) this.#next();
  }

  /** Uniform in [0, 1). */
  real(): number {
    return this.#next() / 2 ** 32;
  }

  /** Uniform integer in [lo, hi], both included. */
  integer(lo: number, hi: number): number {
    return lo + Math.floor(this.real() * (hi - lo + 1));
  }

  /** Normally distributed with mean 0 and deviation 1. */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.real())) * Math.cos(2 * Math.PI * this.real());
  }

  /** A float32 whose logarithm is uniform between those of lo and hi. */
  scale(lo: number, hi: number): number {
    return Math.fround(lo * (hi / lo) ** this.real());
  }

  #next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return x >>> 0;
  }
}
