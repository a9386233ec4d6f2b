import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { VargenError } from "../../models/errors.ts";
import { checkConfig, configProblems } from "./check.ts";
import { crossChecks } from "./cross-checks.ts";
import { bram36, deriveFigures } from "./derived.ts";
import { canonicalJson, configHash } from "./hash.ts";
import { loadConfig } from "./load.ts";
import { defaultPreset, presetNames, presets } from "./presets.ts";
import { type ConfigKey, configDocs, configKeys } from "./schema.ts";

const good = presets[defaultPreset];
const codes = (value: unknown): string[] => configProblems(value).map(({ code, path }) => `${code} ${path}`);

test("every preset is valid, is named after its shape and has a hash of its own", () => {
  for (const name of presetNames) {
    const config = presets[name];
    expect(configProblems(config)).toEqual([]);
    expect(name).toBe(`g${config.groupWidth}m${config.outputChannels}p${config.pixelLanes}`);
    expect(config.name).toBe(name);
  }
  expect(new Set(presetNames.map((name) => configHash(presets[name]))).size).toBe(presetNames.length);
});

test("the presets have the array sizes that the project promises", () => {
  const macs = presetNames.map((name) => [name, deriveFigures(presets[name]).macs]);
  expect(Object.fromEntries(macs)).toEqual({
    g8m1p1: 8,
    g8m8p1: 64,
    g4m8p7: 224,
    g8m8p7: 448,
    g8m16p7: 896,
    g16m16p3: 768,
  });
});

test("the default preset has the derived figures worked out by hand", () => {
  expect(deriveFigures(good)).toEqual({
    macs: 448,
    drainLanes: 14,
    axiBytes: 16,
    featureWordsPerBeat: 2,
    beatsPerWeightWord: 4,
    featureBytes: 229376,
    weightBytes: 262144,
    parameterBytes: 32768,
    bufferBytes: 524288,
    tableBytes: 28 * 512 * 4.5,
    bram36: 7 * 8 + 4 * 15 + 2 * 4 + 28 * 0.5,
  });
  expect(bram36(512, 72)).toBe(1);
  expect(bram36(512, 36)).toBe(0.5);
});

test("all problems are reported at once, one a field, with cross-checks among the valid fields", () => {
  const value = { ...good, groupWidth: 7, pixelLanes: 4, drainChannels: 3, readBurstBeats: 3, colour: "red" };
  expect(codes(value).sort()).toEqual([
    "config/cross-check drainChannels",
    "config/out-of-range groupWidth",
    "config/out-of-range pixelLanes",
    "config/out-of-range readBurstBeats",
    "config/unknown-field colour",
  ]);
  expect(() => checkConfig(value)).toThrow(VargenError);
});

test("missing fields and values that are no objects are named", () => {
  expect(codes({}).length).toBe(configKeys.length);
  expect(codes({}).every((line) => line.startsWith("config/missing-field "))).toBe(true);
  for (const value of [null, undefined, 3, "x", []]) expect(configProblems(value).length).toBeGreaterThan(0);
});

const broken: readonly [string, Partial<Record<ConfigKey, number>>][] = [
  ["drainChannels", { drainChannels: 3 }],
  ["drainChannels", { drainChannels: 16, outputChannels: 32 }],
  ["drainChannels", { groupWidth: 4, drainChannels: 4, outputChannels: 32 }],
  ["axiDataBits", { axiDataBits: 64, groupWidth: 16 }],
  ["axiDataBits", { axiDataBits: 512 }],
  ["axiDataBits", { axiDataBits: 256, drainChannels: 1 }],
  ["axiDataBits", { axiDataBits: 256, outputChannels: 2, drainChannels: 2 }],
];

test.each(broken)("cross-check at %s refuses %o", (path, change) => {
  expect(codes({ ...good, ...change })).toContain(`config/cross-check ${path}`);
});

test("random configurations: what passes obeys the rules the RTL relies on", () => {
  const pick = (...values: number[]): fc.Arbitrary<number> => fc.constantFrom(...values);
  const arbitrary = fc.record({
    groupWidth: pick(4, 8, 16),
    outputChannels: pick(1, 2, 4, 8, 16, 32),
    pixelLanes: pick(1, 3, 5, 7, 9, 15),
    drainChannels: pick(1, 2, 4, 8),
    axiDataBits: pick(64, 128, 256, 512),
  });
  fc.assert(
    fc.property(arbitrary, (change) => {
      const config = { ...good, ...change };
      const { groupWidth: g, outputChannels: m, pixelLanes: p, drainChannels: r, axiDataBits } = config;
      const bytes = axiDataBits / 8;
      const drains = m % r === 0 && r <= g && (r < g || m <= 4 * g);
      const legal = drains && bytes % g === 0 && bytes / g <= p && (m * g) % bytes === 0 && (r * 16) % bytes === 0;
      expect(configProblems(config).length === 0).toBe(legal);
    }),
    { seed: 7, numRuns: 500 },
  );
});

test("the hash depends on values, not on the order of the keys", () => {
  const reversed = Object.fromEntries(Object.entries(good).reverse());
  expect(canonicalJson(checkConfig(reversed))).toBe(canonicalJson(good));
  expect(configHash({ ...good, weightDepth: good.weightDepth - 1 })).not.toBe(configHash(good));
});

test("loadConfig takes presets and files, and explains what it cannot take", () => {
  const folder = mkdtempSync(join(tmpdir(), "vargen-config-"));
  const file = (text: string): string => {
    writeFileSync(join(folder, "c.json"), text);
    return join(folder, "c.json");
  };
  expect(loadConfig("g8m8p7")).toEqual(good);
  expect(loadConfig(file(JSON.stringify({ ...good, name: "mine" }))).name).toBe("mine");
  expect(() => loadConfig("g9m9p9")).toThrow(/no such preset.*g8m1p1, g8m8p1, g4m8p7, g8m8p7, g8m16p7, g16m16p3/);
  expect(() => loadConfig("toString")).toThrow(/no such preset/);
  expect(() => loadConfig(join(folder, "none.json"))).toThrow(/config\/unreadable/);
  expect(() => loadConfig(file("{"))).toThrow(/config\/not-json/);
  rmSync(folder, { recursive: true });
});

test("every field and every rule is documented", () => {
  for (const { doc, unit, range } of configDocs())
    expect([doc, unit, range].every((text) => text.length > 0)).toBe(true);
  for (const { rule } of crossChecks) expect(rule.length).toBeGreaterThan(10);
});
