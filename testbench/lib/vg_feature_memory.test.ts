import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../models/random/random.ts";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { expectEqual } from "./expect-equal.ts";

const DEPTH = 16;

/** Users of the shared port that wait for their turn, by rank; but a store goes before the second load that meets it. */
const waiters = ["rs", "ld", "st"] as const;
type Waiter = (typeof waiters)[number];

/** A waiting request; the residual read uses the address only. */
interface Request {
  readonly address: number;
  readonly bank: number;
  readonly count: number;
  readonly bytes: readonly number[];
}

/** A word, and the output bit where its first byte appears. */
interface Word {
  readonly bit: number;
  readonly bank: number;
  readonly address: number;
}

/** Lanes as one number, the first in the low bits. */
const packed = (lanes: readonly number[], width: number) =>
  lanes.reduceRight((value, lane) => (value << BigInt(width)) | BigInt(lane), 0n);

/** Bytes that must be on an output: bit position of each, and its value. */
type Answer = readonly (readonly [number, number])[];

describe.each([
  { G: 8, P: 7, W: 2 },
  { G: 4, P: 5, W: 4 },
  { G: 16, P: 1, W: 1 },
])("vg_feature_memory with G $G, P $P, W $W", ({ G, P, W }) => {
  let model: CompiledModel;
  beforeAll(async () => {
    model = await buildModule("vg_feature_memory", { G, P, DEPTH, W });
  });

  it.each([0.1, 0.3, 0.6])(
    "serves all users by rank, load and store in turn, each read after two cycles (load %d)",
    (load) => {
      const random = new Random(Math.round(load * 100));
      const dut = model.instantiate({ seed: 5 });
      const port = (name: string) => dut.port(name);
      const image = new Map<number, number>(); // byte by place; what was never written is unknown
      const waiting: Partial<Record<Waiter, Request | undefined>> = {};
      const answers = { rd: new Map<number, Answer>(), rs: new Map<number, Answer>(), st: new Map<number, Answer>() };
      let storeTurn = false; // a load went first
      const accepted = { dw: 0, rs: 0, ld: 0, st: 0 };

      const place = (word: Word, lane: number) => (word.address * P + word.bank) * G + lane;
      const known = (words: readonly Word[]): Answer =>
        words.flatMap((word) =>
          Array.from({ length: G }, (_, lane) => [word.bit + 8 * lane, image.get(place(word, lane))] as const).flatMap(
            ([bit, value]) => (value === undefined ? [] : [[bit, value] as const]),
          ),
        );
      const store = (word: Word, bytes: readonly number[], enables: number) => {
        for (let lane = 0; lane < G; lane++) {
          if ((enables >> lane) & 1) image.set(place(word, lane), bytes[word.bit / 8 + lane]);
        }
      };
      const row = (addresses: readonly number[]): Word[] =>
        addresses.map((address, bank) => ({ bit: 8 * G * bank, bank, address }));
      const beat = ({ bank, address, count }: Request): Word[] =>
        Array.from({ length: count }, (_, i) => ({
          bit: 8 * G * i,
          bank: (bank + i) % P,
          address: address + Math.floor((bank + i) / P),
        }));
      const randomBytes = (count: number) => Array.from({ length: count }, () => random.integer(0, 255));
      const randomRow = () => Array.from({ length: P }, () => random.integer(0, DEPTH - 1));
      const randomRequest = (): Request => {
        const [bank, count] = [random.integer(0, P - 1), random.integer(1, W)];
        const address = random.integer(0, DEPTH - 1 - Number(bank + count > P));
        return { bank, count, address, bytes: randomBytes(count * G) };
      };
      const offer = (name: Waiter) => {
        if (waiting[name] === undefined && random.real() < load) waiting[name] = randomRequest();
        const request = waiting[name];
        port(`${name}_valid_i`).set(Number(request !== undefined));
        if (request === undefined) return;
        port(`${name}_addr_i`).set(request.address);
        if (name === "rs") return;
        port(`${name}_bank_i`).set(request.bank);
        port(`${name}_count_i`).set(request.count);
        if (name === "ld") port("ld_data_i").setBig(packed(request.bytes, 8));
      };

      dut.tick();
      port("rst_ni").set(1);
      for (let cycle = 0; cycle < 2500; cycle++) {
        for (const name of waiters) offer(name);
        const write = random.real() < load / 2 ? random.integer(0, DEPTH - 1) : undefined;
        const [writeData, enables] = [randomBytes(G * P), random.integer(1, 2 ** G - 1)];
        port("dw_valid_i").set(Number(write !== undefined));
        port("dw_addr_i").set(write ?? 0);
        port("dw_be_i").set(enables);
        port("dw_data_i").setLanes(8, writeData);
        const read = random.real() < 0.7 ? randomRow() : undefined;
        port("rd_en_i").set(Number(read !== undefined));
        if (read !== undefined) port("rd_addr_i").setLanes(16, read);
        dut.eval();

        for (const name of ["rs", "st"] as const) {
          const due = answers[name].has(cycle);
          expectEqual(port(`${name}_rvalid_o`).get(), Number(due), () => `cycle ${cycle}, ${name}_rvalid_o`);
        }
        for (const name of ["rd", "rs", "st"] as const) {
          const output = port(`${name}_data_o`);
          for (const [bit, value] of answers[name].get(cycle) ?? []) {
            expectEqual(output.getBits(bit, 8), value, () => `cycle ${cycle}, ${name}_data_o, bit ${bit}`);
          }
        }
        // The port goes to the first in rank; reads see the memory as it was.
        const written: Word[] = write === undefined ? [] : row(Array<number>(P).fill(write));
        let free = write === undefined;
        const dmaFree = free && waiting.rs === undefined;
        const storeFirst = storeTurn && waiting.st !== undefined;
        const storeWaits = waiting.st !== undefined;
        for (const name of storeFirst ? (["rs", "st", "ld"] as const) : waiters) {
          const request = waiting[name];
          if (request === undefined) continue;
          expectEqual(port(`${name}_ready_o`).get(), Number(free), () => `cycle ${cycle}, ${name}_ready_o`);
          if (!free) continue;
          free = false;
          if (name === "rs") answers.rs.set(cycle + 2, known(row(Array<number>(P).fill(request.address))));
          else if (name === "st") answers.st.set(cycle + 2, known(beat(request)));
          else written.push(...beat(request));
          if (name === "ld") for (const word of beat(request)) store(word, request.bytes, 2 ** G - 1);
          accepted[name]++;
          waiting[name] = undefined;
        }
        if (write !== undefined) {
          for (const word of written) store(word, writeData, enables);
          accepted.dw++;
        }
        if (dmaFree) storeTurn = storeWaits && waiting.st !== undefined;
        // The array's reads of words written in the same cycle are undefined, of others not affected by the writes.
        const clear = (word: Word) =>
          !written.some((other) => other.bank === word.bank && other.address === word.address);
        if (read !== undefined) answers.rd.set(cycle + 2, known(row(read).filter(clear)));
        dut.tick();
      }
      for (const count of Object.values(accepted)) expect(count).toBeGreaterThan(5);
    },
  );
});
