/**
 * A way to an accelerator: the simulator is one, a memory-mapped device another. Operations may be synchronous or not.
 */
export interface Transport {
  /** A 32-bit register, unsigned. @param offset bytes, on the AXI4-Lite port */
  readRegister(offset: number): number | Promise<number>;
  /** @param value unsigned 32 bits */
  writeRegister(offset: number, value: number): void | Promise<void>;
  /** Bytes of the memory that the accelerator sees. @param address as on its AXI port */
  readMemory(address: number, length: number): Uint8Array | Promise<Uint8Array>;
  writeMemory(address: number, bytes: Uint8Array): void | Promise<void>;
  /**
   * Returns when the interrupt line is high; throws if it is not within `limit` clock cycles.
   * @param onProgress called now and then with the cycles so far
   */
  waitForInterrupt(limit: number, onProgress?: (cycles: number) => void): unknown | Promise<unknown>;
}
