import { AxiSplit } from "./axi-split.ts";
import { BurstQueue } from "./burst-queue.ts";

/** Bursts announced and not answered. */
const OUTSTANDING = 8;

/** `vg_axi_write`: the write master. */
export class AxiWrite {
  readonly split: AxiSplit;
  /** Beats of the address on the bus, 0 for none. */
  address = 0;
  /** wvalid. */
  data = false;
  /** Bursts whose data are owed; whose response is: whether the request ends with it. */
  readonly #lengths = new BurstQueue();
  readonly #owed = new BurstQueue();
  /** A request's last response came. */
  written = false;

  /** @param burst longest burst in beats */
  constructor(burst: number) {
    this.split = new AxiSplit(burst);
  }

  /** Whether a burst is announced in this cycle. @param ready awready */
  issues(ready: boolean): boolean {
    if (this.address > 0 && !ready) return false;
    return this.split.valid && this.#lengths.length < OUTSTANDING && this.#owed.length < OUTSTANDING;
  }

  /** Whether a data beat would be taken. @param ready wready */
  takes(ready: boolean): boolean {
    return (!this.data || ready) && this.#lengths.length > 0;
  }

  /**
   * @param issue see {@link issues} @param put a beat is taken from the store engine
   * @param addressReady awready @param dataReady wready @param response bvalid
   */
  clock(issue: boolean, put: boolean, addressReady: boolean, dataReady: boolean, response: boolean): boolean {
    const { written } = this;
    this.written = response && this.#owed.tag === 1;
    if (response) this.#owed.takeBeat();
    if (put) this.#lengths.takeBeat();
    const left = this.address > 0 && addressReady;
    if (issue) {
      const { beats, last } = this.split;
      this.#lengths.push(beats, 0);
      this.#owed.push(1, Number(last));
      this.address = beats;
    } else if (left) this.address = 0;
    const sent = this.data && dataReady;
    this.data = put || (this.data && !dataReady);
    return issue || left || put || sent || response || written;
  }
}
