import type { Random } from "../../models/random/random.ts";
import type { Model, Port } from "../engine/index.ts";
import type { ComputeShape } from "./compute-layer.ts";
import { expectEqual } from "./expect-equal.ts";

/** Feature words in a row: word i of column order, which is bank i mod P, address i div P. */
interface Request {
  readonly kind: "ld" | "st";
  readonly word: number;
  readonly count: number;
  /** Bytes to load. */
  readonly bytes: readonly number[];
}

/**
 * Drives the feature memory's DMA ports and keeps the image of what must be in it. Each cycle: `offer` to set the
 * inputs, evaluate, `sample`, clock.
 */
export class FeatureDma {
  readonly image: Int8Array;
  readonly #shape: ComputeShape;
  readonly #ports: Readonly<Record<"ld" | "st", Readonly<Record<"valid" | "ready" | "bank" | "addr" | "count", Port>>>>;
  readonly #data: { readonly load: Port; readonly store: Port; readonly answered: Port };
  #request: Request | undefined;
  /** Stored data that must appear, by cycles from now. */
  readonly #answers: (readonly number[] | undefined)[] = [undefined, undefined, undefined];

  constructor(dut: Model, shape: ComputeShape) {
    const ports = (kind: "ld" | "st") => ({
      valid: dut.port(`${kind}_valid_i`),
      ready: dut.port(`${kind}_ready_o`),
      bank: dut.port(`${kind}_bank_i`),
      addr: dut.port(`${kind}_addr_i`),
      count: dut.port(`${kind}_count_i`),
    });
    this.#shape = shape;
    this.#ports = { ld: ports("ld"), st: ports("st") };
    this.#data = { load: dut.port("ld_data_i"), store: dut.port("st_rdata_o"), answered: dut.port("st_rvalid_o") };
    this.image = new Int8Array(shape.FEATURE_DEPTH * shape.P * shape.G);
  }

  /** Words of a bus beat. */
  get wordsPerBeat(): number {
    return this.#shape.AXI_BITS / 8 / this.#shape.G;
  }

  /** Nothing under way or still to be accepted. */
  get quiet(): boolean {
    return this.#request === undefined && this.#answers.every((answer) => answer === undefined);
  }

  /** Sets a request, which stays until it is accepted. */
  ask(kind: "ld" | "st", word: number, count: number, bytes: readonly number[] = []): void {
    const { P } = this.#shape;
    this.#request = { kind, word, count, bytes };
    const port = this.#ports[kind];
    port.valid.set(1);
    port.bank.set(word % P);
    port.addr.set(Math.floor(word / P));
    port.count.set(count);
    bytes.forEach((byte, i) => {
      this.#data.load.setBits(8 * i, 8, byte);
    });
  }

  /** A random load or store of words from `first` to the end of the memory, unless one is waiting. */
  askRandom(random: Random, first: number): void {
    const words = this.#shape.FEATURE_DEPTH * this.#shape.P;
    if (this.#request !== undefined || words - first < this.wordsPerBeat) return;
    const count = random.integer(1, this.wordsPerBeat);
    const word = random.integer(first, words - count);
    const bytes = Array.from({ length: count * this.#shape.G }, () => random.integer(-128, 127));
    if (random.real() < 0.5) this.ask("ld", word, count, bytes);
    else this.ask("st", word, count);
  }

  /** After evaluation: checks the answer that is due, and notes whether the request is accepted at this edge. */
  sample(): void {
    const { G } = this.#shape;
    this.#answers.push(undefined);
    const due = this.#answers.shift();
    expectEqual(this.#data.answered.get(), Number(due !== undefined), () => "st_rvalid_o");
    due?.forEach((byte, i) => {
      expectEqual(this.#data.store.getBits(8 * i, 8), byte & 255, () => `stored byte ${i}`);
    });
    const request = this.#request;
    if (request === undefined || this.#ports[request.kind].ready.get() === 0) return;
    if (request.kind === "ld") this.image.set(request.bytes, request.word * G);
    else this.#answers[1] = Array.from(this.image.subarray(request.word * G, (request.word + request.count) * G));
    this.#request = undefined;
  }

  /** After the clock edge: withdraws what was accepted. */
  settle(): void {
    if (this.#request === undefined) for (const kind of ["ld", "st"] as const) this.#ports[kind].valid.set(0);
  }
}
