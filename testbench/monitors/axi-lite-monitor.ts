import type { Port, PortSource } from "../engine/index.ts";
import { ChannelMonitor } from "./channel.ts";
import { ViolationLog } from "./violations.ts";

/**
 * Checks an AXI4-Lite port with the design as slave. Besides the rules of {@link ChannelMonitor} on all five channels:
 * - `r/unasked`, `b/unasked`: no response without its request (for B: address and data, both at earlier edges);
 * - `r/missing`, `b/missing` from {@link finish}: every request has been answered.
 */
export class AxiLiteMonitor {
  readonly log = new ViolationLog();
  readonly #prefix: string;
  readonly #reset: Port;
  readonly #channels: Readonly<Record<"ar" | "r" | "aw" | "w" | "b", ChannelMonitor>>;
  #reads = 0;
  #writeAddresses = 0;
  #writeData = 0;
  #inReset = false;

  /** @param prefix prefix of the slave's port names */
  constructor(ports: PortSource, prefix = "s_axil") {
    const channel = (name: string, fromDesign: boolean, payload: string[]) =>
      new ChannelMonitor(ports, prefix, name, fromDesign, payload, this.log);
    this.#prefix = prefix;
    this.#reset = ports.port("rst_ni");
    this.#channels = {
      ar: channel("ar", false, ["araddr"]),
      r: channel("r", true, ["rdata", "rresp"]),
      aw: channel("aw", false, ["awaddr"]),
      w: channel("w", false, ["wdata", "wstrb"]),
      b: channel("b", true, ["bresp"]),
    };
  }

  /** Checks the coming rising edge; to be called with settled signals. */
  sample(cycle: number): void {
    const { ar, r, aw, w, b } = this.#channels;
    if (this.#reset.get() === 0) {
      for (const channel of Object.values(this.#channels)) channel.sampleReset(cycle, this.#inReset);
      this.#inReset = true;
      this.#reads = 0;
      this.#writeAddresses = 0;
      this.#writeData = 0;
      return;
    }
    this.#inReset = false;
    // Responses first: what they answer was asked for at an earlier edge.
    if (r.sample(cycle)) {
      if (this.#reads === 0) this.#violate(cycle, "r/unasked", "read data without a request");
      else this.#reads--;
    }
    if (b.sample(cycle)) {
      if (Math.min(this.#writeAddresses, this.#writeData) === 0) {
        this.#violate(cycle, "b/unasked", "response without address and data");
      } else {
        this.#writeAddresses--;
        this.#writeData--;
      }
    }
    if (ar.sample(cycle)) this.#reads++;
    if (aw.sample(cycle)) this.#writeAddresses++;
    if (w.sample(cycle)) this.#writeData++;
  }

  /** To be called when all accesses should be over: reports requests without answer. */
  finish(cycle: number): void {
    if (this.#reads > 0) this.#violate(cycle, "r/missing", `${this.#reads} reads not answered`);
    const writes = Math.max(this.#writeAddresses, this.#writeData);
    if (writes > 0) this.#violate(cycle, "b/missing", `${writes} writes not answered`);
  }

  #violate(cycle: number, rule: string, message: string): void {
    this.log.add({ cycle, port: this.#prefix, rule, message });
  }
}
