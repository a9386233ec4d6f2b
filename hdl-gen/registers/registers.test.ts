import fc from "fast-check";
import { expect, test } from "vitest";
import { presets } from "../config/presets.ts";
import { readLibrary } from "../generate/library.ts";
import { counterNames } from "./counters.ts";
import { errorByCode, errorByName, errorCodes } from "./errors.ts";
import { capability, decodeRegister, encodeRegister, fieldMask, registerMask, registerOffset } from "./fields.ts";
import { REGISTER_ID, type RegisterName, registers } from "./map.ts";
import type { Register } from "./types.ts";

const all: readonly Register[] = registers;

test("offsets are aligned, ascending, unique and inside the 12-bit address", () => {
  const offsets = all.map(({ offset }) => offset);
  expect(offsets).toEqual([...new Set(offsets)].sort((a, b) => a - b));
  for (const offset of offsets) expect(offset % 4 === 0 && offset < 0x1000).toBe(true);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
});

test("fields do not overlap and stay within 32 bits, resets only set field bits", () => {
  for (const register of all) {
    const bits = register.fields.reduce((sum, field) => sum + field.bits, 0);
    const mask = registerMask(register);
    expect(mask.toString(2).replaceAll("0", "").length).toBe(bits);
    for (const field of register.fields) expect(field.lsb + field.bits).toBeLessThanOrEqual(32);
    if (register.reset !== "configuration") expect((register.reset & ~mask) >>> 0).toBe(0);
  }
});

test("the fixed addresses and values", () => {
  expect(Buffer.from(new Uint32Array([REGISTER_ID]).buffer).toString()).toBe("VARG");
  expect(registerOffset("STATUS")).toBe(0x14);
  expect(registerOffset("BUS_TIMEOUT")).toBe(0x44);
  expect(registerOffset("CYCLES")).toBe(0x80);
  expect(registerOffset("COMMANDS")).toBe(0xa4);
  expect(registerOffset("WAIT_FEATURES")).toBe(0x80 + 4 * (counterNames.length - 1));
  expect(capability(presets.g8m8p7)).toBe(0x02070808);
});

test("encode and decode are inverse on random field values", () => {
  const names = all.map(({ name }) => name as RegisterName);
  const arbitrary = fc.tuple(fc.constantFrom(...names), fc.integer({ min: 0, max: 0xffffffff }));
  fc.assert(
    fc.property(arbitrary, ([name, value]) => {
      const mask = registerMask(all.find((register) => register.name === name) as Register);
      expect(encodeRegister(name, decodeRegister(name, value))).toBe((value & mask) >>> 0);
    }),
    { seed: 11, numRuns: 300 },
  );
});

test("values that do not fit and unknown fields are refused", () => {
  expect(() => encodeRegister("CONTROL", { start: 2 })).toThrow(/does not fit/);
  expect(() => encodeRegister("CONTROL", { stop: 1 })).toThrow(/no field stop/);
});

test("error codes count up from 0 and are found by code and name", () => {
  expect(errorCodes.map(({ code }) => code)).toEqual(errorCodes.map((_, index) => index));
  expect(errorByCode(10)?.name).toBe("BUS_TIMEOUT");
  expect(errorByCode(99)).toBeUndefined();
  expect(errorByName("ABORTED").code).toBe(12);
  expect(fieldMask({ name: "x", lsb: 8, bits: 8, doc: "" })).toBe(0xff00);
});

test("the error codes in the hand-written Verilog are those of the table", () => {
  const uses = readLibrary().flatMap(({ name: file, text }) =>
    [...text.matchAll(/\b(?:ERROR|FAULT)_(\w+) = 8'd(\d+)/g)].map(([, name, code]) => ({
      file,
      name,
      code: Number(code),
    })),
  );
  expect(uses.length).toBeGreaterThan(8);
  for (const { file, name, code } of uses) {
    const words = errorByCode(code)?.name.split("_") ?? [];
    expect(
      name.split("_").every((part) => words.some((known) => known === part)),
      `${file}: ERROR_${name} = ${code}`,
    ).toBe(true);
  }
});
