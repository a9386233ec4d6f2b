/** Bytes behind the bus, with optional counts of how often each beat was read. */
export class MemoryStorage {
  /** Bus address of the first byte. */
  readonly base: number;
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
  readonly beatBytes: number;
  /** Reads of each beat, saturating at 255; undefined unless asked for. */
  readonly readCounts: Uint8Array | undefined;

  /**
   * @param size bytes, a multiple of `beatBytes`
   * @param base bus address of the first byte, a multiple of `beatBytes`
   * @param beatBytes data bus width, 4..64 bytes
   */
  constructor(size: number, base: number, beatBytes: number, countReads: boolean) {
    if (size % beatBytes !== 0 || base % beatBytes !== 0) {
      throw new RangeError(`memory size ${size} and base ${base} must be multiples of the ${beatBytes}-byte beat`);
    }
    this.base = base;
    this.beatBytes = beatBytes;
    this.bytes = new Uint8Array(size);
    this.words = new Uint32Array(this.bytes.buffer);
    this.readCounts = countReads ? new Uint8Array(size / beatBytes) : undefined;
  }

  /** Offset in {@link bytes} of the beat that holds a bus address, or -1 outside of the memory. */
  beatOffset(address: number): number {
    const offset = address - this.base;
    if (offset < 0 || offset >= this.bytes.length) return -1;
    return offset - (offset % this.beatBytes);
  }

  /**
   * A window of the memory as a view, to be read or written directly.
   * @throws RangeError if it is not wholly inside
   */
  window(address: number, length: number): Uint8Array {
    const offset = address - this.base;
    if (offset < 0 || length < 0 || offset + length > this.bytes.length) {
      throw new RangeError(
        `bytes ${address}..${address + length - 1} are outside of the memory at ${this.base}..${this.base + this.bytes.length - 1}`,
      );
    }
    return this.bytes.subarray(offset, offset + length);
  }

  /** Least and greatest number of reads over the beats of a window. @throws Error if reads are not counted */
  readCountRange(address: number, length: number): { min: number; max: number } {
    if (this.readCounts === undefined) throw new Error("the memory was made without countReads");
    const first = this.beatOffset(address) / this.beatBytes;
    const last = this.beatOffset(address + length - 1) / this.beatBytes;
    let min = 255;
    let max = 0;
    for (let beat = first; beat <= last; beat++) {
      min = Math.min(min, this.readCounts[beat]);
      max = Math.max(max, this.readCounts[beat]);
    }
    return { min, max };
  }
}
