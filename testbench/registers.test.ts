import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import {
  type CounterName,
  committedFolder,
  counterNames,
  encodeRegister,
  type RegisterName,
  registerOffset,
} from "../hdl-gen/index.ts";
import type { CompiledModel } from "./engine/index.ts";
import { buildModule } from "./module-bench.ts";
import { CAPABILITY, CONFIG_HASH, map, OKAY, RegisterModel } from "./register-model.ts";
import { RegisterBench, type Timing } from "./registers-bench.ts";

let compiled: CompiledModel;
beforeAll(async () => {
  compiled = await buildModule(
    "vargen_registers",
    { CONFIG_HASH, CAPABILITY },
    { libraries: [committedFolder("g8m8p7")] },
  );
});

const NOW: Timing = { address: 0, data: 0, response: 0 };

it("reads every register's reset value, and its counter inputs", () => {
  const bench = new RegisterBench(compiled, 1);
  counterNames.forEach((name, index) => {
    bench.set(`cnt_${name.toLowerCase()}_i`, 0xc0000000 + index);
  });
  for (const register of map) {
    const constant = register.name === "CONFIG_HASH" ? CONFIG_HASH : CAPABILITY;
    const reset = register.reset === "configuration" ? constant : register.reset;
    const index = counterNames.indexOf(register.name as CounterName);
    const data = index < 0 ? reset : 0xc0000000 + index;
    expect({ name: register.name, ...bench.read(register.offset, NOW) }).toEqual({
      name: register.name,
      data,
      response: OKAY,
    });
  }
});

it("gives the settings to the core and the interrupt line to the host", () => {
  const bench = new RegisterBench(compiled, 2);
  const settings = [
    ["COMMAND_ADDRESS", 0x12345640, "command_address_o"],
    ["COMMAND_COUNT", 77, "command_count_o"],
    ["MEMORY_SIZE", 0x80000000, "memory_size_o"],
    ["BUS_TIMEOUT", 1000, "bus_timeout_o"],
  ] as const;
  for (const [name, value, port] of settings) {
    bench.write(registerOffset(name), value, 0xf, NOW);
    expect(bench.get(port)).toBe(value);
  }
  bench.write(registerOffset("MEMORY_BASE_LOW"), 0xfedcbfff, 0xf, NOW);
  bench.write(registerOffset("MEMORY_BASE_HIGH"), 0xffffff9a, 0xf, NOW);
  expect(bench.get("memory_base_o")).toBe(0x9afedcb000);
  bench.write(registerOffset("IRQ_ENABLE"), encodeRegister("IRQ_ENABLE", { error: 1 }), 0xf, NOW);
  bench.finish();
  bench.cycle();
  expect(bench.get("irq_o")).toBe(0);
  bench.finish({ code: 8, command: 3, info: 4 });
  bench.cycle();
  expect(bench.get("irq_o")).toBe(1);
  bench.write(registerOffset("IRQ_STATUS"), encodeRegister("IRQ_STATUS", { error: 1 }), 0xf, NOW);
  expect(bench.get("irq_o")).toBe(0);
  expect(bench.read(registerOffset("IRQ_STATUS"), NOW).data).toBe(encodeRegister("IRQ_STATUS", { done: 1 }));
});

it("shows a run as busy until it shows it as done, whenever it is read", () => {
  const status = registerOffset("STATUS");
  for (const error of [undefined, { code: 2, command: 0, info: 0 }]) {
    const ended = encodeRegister("STATUS", error === undefined ? { done: 1 } : { error: 1, error_code: error.code });
    for (let delay = 0; delay < 6; delay++) {
      const bench = new RegisterBench(compiled, delay);
      bench.write(registerOffset("CONTROL"), 1, 0xf, NOW);
      bench.cycle();
      expect(bench.get("busy_i")).toBe(1);
      bench.set("s_axil_araddr_i", status);
      bench.set("s_axil_rready_i", 1);
      const seen: number[] = [];
      for (let t = 0; t < 12; t++) {
        bench.set("s_axil_arvalid_i", 1);
        if (bench.get("s_axil_rvalid_o") === 1) seen.push(bench.get("s_axil_rdata_o"));
        if (t === delay) bench.finish(error);
        else bench.cycle();
      }
      expect(new Set(seen)).toEqual(new Set([encodeRegister("STATUS", { busy: 1 }), ended]));
    }
  }
});

const word = fc.integer({ min: 0, max: 0xffffffff });
const delay = fc.integer({ min: 0, max: 3 });
const timing: fc.Arbitrary<Timing> = fc.record({ address: delay, data: delay, response: delay });
const favourites: readonly RegisterName[] = ["CONTROL", "CONTROL", "STATUS", "IRQ_STATUS", "IRQ_ENABLE", "MEMORY_SIZE"];
const address = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...favourites.map(registerOffset)) },
  { weight: 4, arbitrary: fc.constantFrom(...map.map(({ offset }) => offset)) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 0xfff }) },
);
const failure = fc.record({ code: fc.integer({ min: 1, max: 255 }), command: word, info: word });
const data = fc.oneof(word, fc.integer({ min: 0, max: 3 }));
const strobe = fc.oneof(fc.constant(15), fc.integer({ min: 0, max: 15 }));
const operation = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("write" as const), address, data, strobe, timing }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("read" as const), address, timing }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("finish" as const), error: fc.option(failure, { nil: undefined }) }),
  },
);

it("behaves as its map says under any sequence of transfers, orders, delays, strobes and runs", () => {
  fc.assert(
    fc.property(fc.array(operation, { minLength: 1, maxLength: 40 }), fc.integer(), (operations, seed) => {
      const bench = new RegisterBench(compiled, seed);
      for (const name of counterNames) bench.set(`cnt_${name.toLowerCase()}_i`, 0);
      const expected = new RegisterModel();
      for (const step of operations) {
        if (step.kind === "write") {
          const answer = expected.write(step.address, step.data, step.strobe);
          expect(bench.write(step.address, step.data, step.strobe, step.timing)).toBe(answer);
        } else if (step.kind === "read") {
          expect(bench.read(step.address, step.timing)).toEqual(expected.read(step.address));
        } else if (expected.status.busy === 1) {
          bench.finish(step.error);
          expected.finish(step.error);
        }
        const enabled = expected.storage.get("IRQ_ENABLE") ?? 0;
        const pending = encodeRegister("IRQ_STATUS", expected.interrupts);
        expect(bench.get("irq_o")).toBe(Number((enabled & pending) !== 0));
      }
      bench.cycle();
      expect([bench.starts, bench.aborts]).toEqual([expected.starts, expected.aborts]);
      for (const { offset } of map) expect(bench.read(offset, NOW)).toEqual(expected.read(offset));
    }),
    { seed: 21, numRuns: 300 },
  );
});
