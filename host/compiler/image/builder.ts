/** Everything in DRAM is aligned to this many bytes: a command, and a whole number of beats of any bus. */
export const ALIGNMENT = 64;

/** Initial contents of a part of the memory window. */
export interface MemorySegment {
  readonly name: string;
  /** Bytes from the start of the window. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Lays out the memory window: regions without contents and constants, in the order of the calls. */
export class ImageBuilder {
  readonly #parts: MemorySegment[] = [];
  #size = 0;

  /** Bytes laid out so far, a multiple of the alignment. */
  get size(): number {
    return this.#size;
  }

  /** A region of `bytes` bytes that is not written at first. @returns its offset */
  reserve(bytes: number): number {
    const offset = this.#size;
    this.#size += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    return offset;
  }

  /** A region with contents. @returns its offset */
  add(name: string, bytes: Uint8Array): number {
    const offset = this.reserve(bytes.length);
    this.#parts.push({ name, offset, bytes });
    return offset;
  }

  /** All contents, in order of their offsets; neighbours of one name are one segment. */
  segments(): readonly MemorySegment[] {
    const segments: MemorySegment[] = [];
    for (let index = 0; index < this.#parts.length; ) {
      const { name, offset } = this.#parts[index];
      let end = index;
      while (end < this.#parts.length && this.#parts[end].name === name) end++;
      const group = this.#parts.slice(index, end);
      const last = group[group.length - 1];
      const bytes = new Uint8Array(last.offset + last.bytes.length - offset);
      for (const part of group) bytes.set(part.bytes, part.offset - offset);
      segments.push({ name, offset, bytes });
      index = end;
    }
    return segments;
  }
}
