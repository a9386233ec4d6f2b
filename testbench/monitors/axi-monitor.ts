import type { Port, PortSource } from "../engine/index.ts";
import { ChannelMonitor } from "./channel.ts";
import { ViolationLog } from "./violations.ts";

/** Options of {@link AxiMonitor}. */
export interface AxiMonitorOptions {
  /** Prefix of the master's port names. Default `m_axi`. */
  readonly prefix?: string;
  /** Greatest number of read bursts outstanding. Default 256. */
  readonly maxReads?: number;
  /** Greatest number of write bursts outstanding. Default 256. */
  readonly maxWrites?: number;
}

/**
 * Checks an AXI4 port with the design as master, and with it the memory on the other side. Besides the rules of
 * {@link ChannelMonitor} on all five channels:
 * - `ar/burst`, `aw/burst`: INCR only;
 * - `ar/size`, `aw/size`: the full width of the data bus;
 * - `ar/align`, `aw/align`: first address a multiple of the beat;
 * - `ar/4k`, `aw/4k`: a burst stays within 4 KB;
 * - `r/unasked`, `b/unasked`: no response without a burst (for B: with all its data);
 * - `r/last`, `w/last`: last marks exactly the burst's last beat;
 * - `ar/outstanding`, `aw/outstanding`: no more bursts outstanding than allowed;
 * - `r/missing`, `w/missing`, `b/missing` from {@link finish}: everything asked for has come.
 */
export class AxiMonitor {
  readonly log = new ViolationLog();
  readonly #prefix: string;
  readonly #reset: Port;
  readonly #channels: Readonly<Record<"ar" | "r" | "aw" | "w" | "b", ChannelMonitor>>;
  readonly #ports: Readonly<Record<"ar" | "aw", { addr: Port; len: Port; size: Port; burst: Port }>>;
  readonly #rlast: Port;
  readonly #wlast: Port;
  readonly #beatBytes: number;
  readonly #limits: { readonly ar: number; readonly aw: number };
  /** Beats of each read burst outstanding; of each write burst whose data are outstanding. */
  readonly #reads: number[] = [];
  readonly #writes: number[] = [];
  #readBeats = 0;
  #writeBeats = 0;
  /** Beats of each complete run of write data that came before its address. */
  readonly #earlyWrites: number[] = [];
  /** Write bursts complete, not yet answered. */
  #unanswered = 0;
  #inReset = false;

  constructor(ports: PortSource, options: AxiMonitorOptions = {}) {
    const { prefix = "m_axi", maxReads = 256, maxWrites = 256 } = options;
    const channel = (name: string, fromDesign: boolean, payload: string[]) =>
      new ChannelMonitor(ports, prefix, name, fromDesign, payload, this.log);
    const address = (name: string) => ({
      addr: ports.port(`${prefix}_${name}addr_o`),
      len: ports.port(`${prefix}_${name}len_o`),
      size: ports.port(`${prefix}_${name}size_o`),
      burst: ports.port(`${prefix}_${name}burst_o`),
    });
    this.#prefix = prefix;
    this.#reset = ports.port("rst_ni");
    this.#channels = {
      ar: channel("ar", true, ["araddr", "arlen", "arsize", "arburst"]),
      r: channel("r", false, ["rdata", "rresp", "rlast"]),
      aw: channel("aw", true, ["awaddr", "awlen", "awsize", "awburst"]),
      w: channel("w", true, ["wdata", "wstrb", "wlast"]),
      b: channel("b", false, ["bresp"]),
    };
    this.#ports = { ar: address("ar"), aw: address("aw") };
    this.#rlast = ports.port(`${prefix}_rlast_i`);
    this.#wlast = ports.port(`${prefix}_wlast_o`);
    this.#beatBytes = ports.port(`${prefix}_rdata_i`).width / 8;
    this.#limits = { ar: maxReads, aw: maxWrites };
  }

  /** Checks the coming rising edge; to be called with settled signals. */
  sample(cycle: number): void {
    if (this.#reset.get() === 0) {
      this.#sampleReset(cycle);
      return;
    }
    this.#inReset = false;
    const { ar, r, aw, w, b } = this.#channels;
    // Responses first: what answers a burst was asked for at an earlier edge.
    if (r.sample(cycle)) this.#readBeat(cycle);
    if (b.sample(cycle)) this.#writeResponse(cycle);
    if (ar.sample(cycle)) this.#readBurst(cycle);
    if (aw.sample(cycle)) this.#writeBurst(cycle);
    if (w.sample(cycle)) this.#writeBeat(cycle);
  }

  /** To be called when the design says it is done: reports what is still outstanding. */
  finish(cycle: number): void {
    const missing = (rule: string, count: number, what: string) => {
      if (count > 0) this.#violate(cycle, rule, `${count} ${what}`);
    };
    missing("r/missing", this.#reads.length, "read bursts not finished");
    missing("w/missing", this.#writes.length, "write bursts whose data have not come");
    missing("w/missing", this.#earlyWrites.length + this.#writeBeats, "runs of write data without an address");
    missing("b/missing", this.#unanswered, "write bursts not answered");
  }

  #sampleReset(cycle: number): void {
    for (const channel of Object.values(this.#channels)) channel.sampleReset(cycle, this.#inReset);
    this.#inReset = true;
    this.#reads.length = 0;
    this.#writes.length = 0;
    this.#earlyWrites.length = 0;
    this.#readBeats = 0;
    this.#writeBeats = 0;
    this.#unanswered = 0;
  }

  #readBurst(cycle: number): void {
    this.#checkAddress(cycle, "ar");
    this.#reads.push(this.#ports.ar.len.get() + 1);
    this.#checkLimit(cycle, "ar", this.#reads.length);
  }

  #readBeat(cycle: number): void {
    if (this.#reads.length === 0) {
      this.#violate(cycle, "r/unasked", "data without a read burst");
      return;
    }
    this.#readBeats++;
    const last = this.#rlast.get() !== 0;
    const expected = this.#readBeats === this.#reads[0];
    if (last !== expected) this.#violate(cycle, "r/last", `beat ${this.#readBeats} of ${this.#reads[0]}, last ${last}`);
    if (!last && !expected) return;
    this.#reads.shift();
    this.#readBeats = 0;
  }

  #writeBurst(cycle: number): void {
    this.#checkAddress(cycle, "aw");
    this.#writes.push(this.#ports.aw.len.get() + 1);
    const early = this.#earlyWrites.shift();
    if (early !== undefined) this.#completeWrite(cycle, early);
    this.#checkLimit(cycle, "aw", this.#writes.length + this.#unanswered);
  }

  #writeBeat(cycle: number): void {
    this.#writeBeats++;
    if (this.#wlast.get() !== 0) {
      const beats = this.#writeBeats;
      this.#writeBeats = 0;
      if (this.#writes.length === 0) this.#earlyWrites.push(beats);
      else this.#completeWrite(cycle, beats);
    } else if (this.#writes.length > 0 && this.#writeBeats >= this.#writes[0]) {
      this.#violate(cycle, "w/last", `no last on beat ${this.#writeBeats} of ${this.#writes[0]}`);
      this.#writes.shift();
      this.#writeBeats = 0;
      this.#unanswered++;
    }
  }

  /** Matches a run of data, ended by last, with the oldest burst. */
  #completeWrite(cycle: number, beats: number): void {
    const expected = this.#writes.shift();
    if (beats !== expected) this.#violate(cycle, "w/last", `last on beat ${beats} of ${expected}`);
    this.#unanswered++;
  }

  #writeResponse(cycle: number): void {
    if (this.#unanswered === 0) this.#violate(cycle, "b/unasked", "response without a complete write burst");
    else this.#unanswered--;
  }

  #checkAddress(cycle: number, name: "ar" | "aw"): void {
    const { addr, len, size, burst } = this.#ports[name];
    const address = addr.get();
    const bytes = (len.get() + 1) * 2 ** size.get();
    if (burst.get() !== 1) this.#violate(cycle, `${name}/burst`, `burst type ${burst.get()} is not INCR`);
    if (2 ** size.get() !== this.#beatBytes) this.#violate(cycle, `${name}/size`, `beats of ${2 ** size.get()} bytes`);
    if (address % this.#beatBytes !== 0) this.#violate(cycle, `${name}/align`, `address ${hex(address)}`);
    if ((address % 4096) + bytes > 4096) this.#violate(cycle, `${name}/4k`, `${bytes} bytes from ${hex(address)}`);
  }

  #checkLimit(cycle: number, name: "ar" | "aw", outstanding: number): void {
    if (outstanding > this.#limits[name]) {
      this.#violate(cycle, `${name}/outstanding`, `${outstanding} bursts, at most ${this.#limits[name]} allowed`);
    }
  }

  #violate(cycle: number, rule: string, message: string): void {
    this.log.add({ cycle, port: this.#prefix, rule, message });
  }
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
