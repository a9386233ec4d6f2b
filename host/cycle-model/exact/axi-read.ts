import { AxiSplit } from "./axi-split.ts";
import { BurstQueue } from "./burst-queue.ts";

/** Clients of the read master. */
export const FETCH = 0;
export const LOADS = 1;
/** No client. */
export const NOBODY = -1;

/** `vg_axi_read`: the read master's clients, command fetch before load, and the beats on their way to them. */
export class AxiRead {
  readonly fetch: AxiSplit;
  readonly load: AxiSplit;
  readonly #outstanding: number;
  /** Bursts under way: whose each is. */
  readonly #tags = new BurstQueue();
  /** Beats of the address on the bus, 0 for none. */
  address = 0;
  /** The skid buffer's two places. */
  #valid = false;
  spare = false;

  /** @param burst longest burst in beats @param outstanding bursts in flight */
  constructor(burst: number, outstanding: number) {
    this.fetch = new AxiSplit(burst);
    this.load = new AxiSplit(burst);
    this.#outstanding = outstanding;
  }

  /** Whose beat waits to be taken. */
  get client(): number {
    return this.#valid ? this.#tags.tag : NOBODY;
  }

  /** Nothing on the bus. */
  get idle(): boolean {
    return this.address === 0 && this.#tags.length === 0;
  }

  /** Whose burst is issued in this cycle. @param ready arready */
  issuer(ready: boolean): number {
    if ((this.address > 0 && !ready) || this.#tags.length >= this.#outstanding) return NOBODY;
    return this.fetch.valid ? FETCH : this.load.valid ? LOADS : NOBODY;
  }

  /**
   * @param issuer see {@link issuer} @param ready arready @param arrives rvalid
   * @param taken whether the beat that waits is taken, or none waits
   */
  clock(issuer: number, ready: boolean, arrives: boolean, taken: boolean): boolean {
    const { spare } = this;
    const valid = this.#valid;
    if (valid && taken) this.#tags.takeBeat();
    const left = this.address > 0 && ready;
    if (issuer !== NOBODY) {
      const { beats } = issuer === FETCH ? this.fetch : this.load;
      this.#tags.push(beats, issuer);
      this.address = beats;
    } else if (left) this.address = 0;
    const arrived = arrives && !spare;
    if (taken) {
      this.#valid = spare || arrived;
      this.spare = false;
    } else if (arrived) this.spare = true;
    return left || issuer !== NOBODY || arrived || (valid && taken);
  }
}
