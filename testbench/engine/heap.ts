/** Typed views of one memory; hot code indexes these directly with a port's `address`. */
export interface Heap {
  readonly u8: Uint8Array;
  readonly u16: Uint16Array;
  readonly u32: Uint32Array;
}

/** Views of a whole buffer. */
export function heapOf(buffer: ArrayBufferLike): Heap {
  return { u8: new Uint8Array(buffer), u16: new Uint16Array(buffer), u32: new Uint32Array(buffer) };
}
