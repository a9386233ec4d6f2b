import type { Heap } from "./heap.ts";
import type { PortInfo } from "./ports.ts";

/**
 * A port of a running model, read and written in place in the model's memory: setting an input takes effect at the
 * next evaluation.
 *
 * Storage is Verilator's: 1 byte up to 8 bits, 2 up to 16, 4 up to 32, 8 up to 64, then 32-bit words; little endian,
 * unused high bits zero.
 */
export abstract class Port implements PortInfo {
  readonly name: string;
  readonly direction: "in" | "out";
  readonly width: number;
  /** Byte address in {@link heap}. */
  readonly address: number;
  readonly heap: Heap;

  constructor(info: PortInfo, address: number, heap: Heap) {
    this.name = info.name;
    this.direction = info.direction;
    this.width = info.width;
    this.address = address;
    this.heap = heap;
  }

  /** The value, unsigned. @throws RangeError for ports wider than 64 bits and values above 2^53 - 1 */
  abstract get(): number;

  /** Writes an integer, reduced modulo 2^width (so negative values are two's complement); exact within +-2^53. */
  abstract set(value: number): void;

  /** The value as two's complement. Width at most 53. */
  getSigned(): number {
    const value = this.get();
    const half = 2 ** (this.width - 1);
    return value >= half ? value - 2 * half : value;
  }

  /** The value of a port of any width, unsigned. */
  getBig(): bigint {
    let value = 0n;
    for (let low = Math.ceil(this.width / 32) * 32 - 32; low >= 0; low -= 32) {
      value = (value << 32n) | BigInt(this.getBits(low, Math.min(32, this.width - low)));
    }
    return value;
  }

  /** Writes an integer of any size, reduced modulo 2^width. */
  setBig(value: bigint): void {
    let rest = BigInt.asUintN(this.width, value);
    for (let low = 0; low < this.width; low += 32) {
      this.setBits(low, Math.min(32, this.width - low), Number(rest & 0xffff_ffffn));
      rest >>= 32n;
    }
  }

  /** Bits `low + width - 1 : low` as an unsigned number. @param width 1..32 */
  getBits(low: number, width: number): number {
    let value = 0;
    const end = low + width;
    for (let bit = low; bit < end; ) {
      const shift = bit & 7;
      const count = Math.min(8 - shift, end - bit);
      const part = (this.heap.u8[this.address + (bit >> 3)] >> shift) & ((1 << count) - 1);
      value += part * 2 ** (bit - low);
      bit += count;
    }
    return value;
  }

  /** Writes bits `low + width - 1 : low` and leaves the others. @param width 1..32; value is reduced to it */
  setBits(low: number, width: number, value: number): void {
    const end = low + width;
    let rest = value >>> 0;
    for (let bit = low; bit < end; ) {
      const shift = bit & 7;
      const count = Math.min(8 - shift, end - bit);
      const mask = ((1 << count) - 1) << shift;
      const at = this.address + (bit >> 3);
      this.heap.u8[at] = (this.heap.u8[at] & ~mask) | ((rest << shift) & mask);
      rest = Math.floor(rest / 2 ** count);
      bit += count;
    }
  }

  /**
   * A packed vector as an array, lane 0 in the low bits.
   * @param laneWidth bits of a lane, 1..32, dividing the port's width
   */
  getLanes(laneWidth: number, signed: boolean): number[] {
    const half = 2 ** (laneWidth - 1);
    return Array.from({ length: this.#laneCount(laneWidth) }, (_, lane) => {
      const value = this.getBits(lane * laneWidth, laneWidth);
      return signed && value >= half ? value - 2 * half : value;
    });
  }

  /** Writes a packed vector, lane 0 in the low bits. @throws RangeError if the lanes do not fill the port exactly */
  setLanes(laneWidth: number, values: ArrayLike<number>): void {
    if (values.length !== this.#laneCount(laneWidth)) {
      throw new RangeError(`${this.name}: ${values.length} lanes of ${laneWidth} bits for ${this.width} bits`);
    }
    for (let lane = 0; lane < values.length; lane++) this.setBits(lane * laneWidth, laneWidth, values[lane]);
  }

  /** The 32-bit words of a port wider than 32 bits, as a live view. */
  get words(): Uint32Array {
    if (this.width <= 32) throw new RangeError(`${this.name}: only ports wider than 32 bits are stored as words`);
    return this.heap.u32.subarray(this.address >> 2, (this.address >> 2) + Math.ceil(this.width / 32));
  }

  #laneCount(laneWidth: number): number {
    const count = this.width / laneWidth;
    if (!Number.isInteger(count)) throw new RangeError(`${this.name}: ${laneWidth} does not divide ${this.width} bits`);
    return count;
  }
}

class Port8 extends Port {
  readonly #mask = (1 << this.width) - 1;

  override get(): number {
    return this.heap.u8[this.address];
  }

  override set(value: number): void {
    this.heap.u8[this.address] = low32(value) & this.#mask;
  }
}

class Port16 extends Port {
  readonly #mask = (1 << this.width) - 1;

  override get(): number {
    return this.heap.u16[this.address >> 1];
  }

  override set(value: number): void {
    this.heap.u16[this.address >> 1] = low32(value) & this.#mask;
  }
}

class Port32 extends Port {
  readonly #mask = 0xffff_ffff >>> (32 - this.width);

  override get(): number {
    return this.heap.u32[this.address >> 2];
  }

  override set(value: number): void {
    this.heap.u32[this.address >> 2] = low32(value) & this.#mask;
  }
}

class Port64 extends Port {
  readonly #highMask = 0xffff_ffff >>> (64 - this.width);

  override get(): number {
    const at = this.address >> 2;
    const value = this.heap.u32[at] + this.heap.u32[at + 1] * 2 ** 32;
    if (value > Number.MAX_SAFE_INTEGER) throw new RangeError(`${this.name}: value above 2^53 - 1, use getBig()`);
    return value;
  }

  override set(value: number): void {
    const at = this.address >> 2;
    this.heap.u32[at] = low32(value);
    this.heap.u32[at + 1] = low32(Math.floor(value / 2 ** 32)) & this.#highMask;
  }
}

class WidePort extends Port {
  override get(): number {
    throw new RangeError(`${this.name} is ${this.width} bits wide: use getBig(), getLanes() or words`);
  }

  override set(): void {
    throw new RangeError(`${this.name} is ${this.width} bits wide: use setBig(), setLanes() or words`);
  }
}

/** The accessor of the storage class that a width has. @param address byte address of the value in the heap */
export function makePort(info: PortInfo, address: number, heap: Heap): Port {
  if (info.width <= 8) return new Port8(info, address, heap);
  if (info.width <= 16) return new Port16(info, address, heap);
  if (info.width <= 32) return new Port32(info, address, heap);
  if (info.width <= 64) return new Port64(info, address, heap);
  return new WidePort(info, address, heap);
}

/** The value modulo 2^32; `|` alone is exact only up to 2^53, which is the contract here. */
function low32(value: number): number {
  return value | 0;
}
