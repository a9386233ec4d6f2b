import type { Port, PortSource } from "../engine/index.ts";
import type { ViolationLog } from "./violations.ts";

/**
 * The rules that every valid/ready channel obeys, at each rising edge:
 * - `<channel>/dropped`: once valid, it stays valid until ready;
 * - `<channel>/changed`: meanwhile the payload does not change;
 * - `<channel>/in-reset`: no valid while in reset, from the second edge in reset on.
 */
export class ChannelMonitor {
  readonly name: string;
  readonly #prefix: string;
  readonly #heap: Uint8Array;
  readonly #valid: number;
  readonly #ready: number;
  readonly #payload: readonly Port[];
  /** Payload of a stalled transfer, its ports back to back. */
  readonly #held: Uint8Array;
  readonly #log: ViolationLog;
  #stalled = false;

  /**
   * @param name channel in port names: `ar`, `r`, `aw`, `w`, `b`
   * @param fromDesign whether the design drives valid
   * @param payload names of the payload ports without prefix and suffix
   */
  constructor(
    ports: PortSource,
    prefix: string,
    name: string,
    fromDesign: boolean,
    payload: readonly string[],
    log: ViolationLog,
  ) {
    const driven = fromDesign ? "o" : "i";
    const answered = fromDesign ? "i" : "o";
    const valid = ports.port(`${prefix}_${name}valid_${driven}`);
    this.name = name;
    this.#prefix = prefix;
    this.#heap = valid.heap.u8;
    this.#valid = valid.address;
    this.#ready = ports.port(`${prefix}_${name}ready_${answered}`).address;
    this.#payload = payload.map((port) => ports.port(`${prefix}_${port}_${driven}`));
    this.#held = new Uint8Array(this.#payload.reduce((sum, port) => sum + Math.ceil(port.width / 8), 0));
    this.#log = log;
  }

  /** Checks the coming edge. @returns whether a transfer happens at it */
  sample(cycle: number): boolean {
    const valid = this.#heap[this.#valid] !== 0;
    const ready = this.#heap[this.#ready] !== 0;
    if (this.#stalled) {
      if (!valid) this.#violate(cycle, "dropped", "valid fell before ready");
      else this.#comparePayload(cycle);
    } else if (valid && !ready) {
      this.#hold();
    }
    this.#stalled = valid && !ready;
    return valid && ready;
  }

  /** Checks an edge in reset; forgets what was stalled. @param settled whether the edge before was in reset too */
  sampleReset(cycle: number, settled: boolean): void {
    this.#stalled = false;
    if (settled && this.#heap[this.#valid] !== 0) this.#violate(cycle, "in-reset", "valid while in reset");
  }

  #hold(): void {
    let at = 0;
    for (const port of this.#payload) {
      const bytes = Math.ceil(port.width / 8);
      for (let index = 0; index < bytes; index++) this.#held[at++] = this.#heap[port.address + index];
    }
  }

  #comparePayload(cycle: number): void {
    let at = 0;
    for (const port of this.#payload) {
      const bytes = Math.ceil(port.width / 8);
      for (let index = 0; index < bytes; index++) {
        if (this.#held[at + index] === this.#heap[port.address + index]) continue;
        this.#violate(cycle, "changed", `${port.name} changed while valid and not ready`);
        this.#hold();
        return;
      }
      at += bytes;
    }
  }

  #violate(cycle: number, rule: string, message: string): void {
    this.#log.add({ cycle, port: this.#prefix, rule: `${this.name}/${rule}`, message });
  }
}
