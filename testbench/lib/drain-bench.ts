import type { CompiledModel, Model } from "../engine/index.ts";
import { channelBits } from "./arithmetic.ts";
import { encodeCompute, plainCompute } from "./compute-command.ts";
import { type DrainMemories, type Expected, type Tile, tileMinimum } from "./drain-model.ts";
import { expectEqual } from "./expect-equal.ts";

/**
 * Drains tiles and compares every write, pulse and error with the expectation, cycle by cycle.
 * @param tiles by capture time, at least 9 and spaced as the sequencer does
 * @param resetAt cycle of a reset, if any; the expectation says what it cuts off
 * @returns number of values compared
 */
export function runDrain(
  model: CompiledModel,
  memories: DrainMemories,
  tiles: readonly Tile[],
  options: { readonly seed: number; readonly expected: ReadonlyMap<number, Expected>; readonly resetAt?: number },
): number {
  const { G, P, R, M } = memories.shape;
  const dut = model.instantiate({ seed: options.seed });
  const get = (name: string) => dut.port(name).get();
  const set = (name: string, value: number) => dut.port(name).set(value);
  const byCycle = new Map(tiles.map((tile) => [tile.capture, tile]));
  const answers = new Map<number, (() => void)[]>(); // memory answers, by the cycle they arrive in
  const { resetAt = Number.POSITIVE_INFINITY } = options;
  const passes = (tile: Tile) => (tile.upsample ? tileMinimum(memories.shape) : 0) + M / R;
  const underWay = (tile: Tile, cycle: number) =>
    cycle > tile.capture - 9 &&
    cycle <= tile.capture + passes(tile) - 1 + 15 &&
    !(tile.capture - 9 <= resetAt && cycle > resetAt);
  let compared = 0;
  let draining: Tile | undefined;
  dut.tick();
  const end = Math.max(...tiles.map((tile) => tile.capture + passes(tile))) + 20;
  for (let cycle = 0; cycle <= end; cycle++) {
    set("rst_ni", Number(cycle !== resetAt));
    const pushed = byCycle.get(cycle + 9);
    set("push_i", Number(pushed !== undefined));
    if (pushed !== undefined) drivePush(dut.port("command_i").words, set, pushed);
    draining = byCycle.get(cycle) ?? draining;
    set("captured_i", Number(byCycle.has(cycle)));
    set("rs_rvalid_i", 0);
    for (const put of answers.get(cycle) ?? []) put();
    dut.eval();
    set("rs_ready_i", 1 - get("dw_valid_o"));
    dut.eval();

    const step = get("step_o");
    if (draining !== undefined && step < M / R) {
      for (let c = 0; c < R * P; c++) {
        dut.port("sums_i").setBits(28 * c, 28, draining.sums[step * R + Math.floor(c / P)][c % P]);
      }
    }
    const seen = options.expected.get(cycle) ?? {};
    const what = (name: string) => () => `cycle ${cycle}, ${name}`;
    expectEqual(get("idle_o"), Number(!tiles.some((tile) => underWay(tile, cycle))), what("idle_o"));
    expectEqual(get("done_o"), Number(seen.done === true), what("done_o"));
    expectEqual(get("feature_error_o"), Number(seen.featureError === true), what("feature_error_o"));
    expectEqual(get("parameter_error_o"), Number(seen.parameterError === true), what("parameter_error_o"));
    if (seen.index !== undefined) expectEqual(get("error_index_o"), seen.index, what("error_index_o"));
    if (seen.info !== undefined) expectEqual(get("error_info_o"), seen.info, what("error_info_o"));
    expectEqual(get("dw_valid_o"), Number(seen.write !== undefined), what("dw_valid_o"));
    if (seen.write !== undefined) {
      expectEqual(get("dw_addr_o"), seen.write.address, what("dw_addr_o"));
      const lanes = [...seen.write.bytes.keys()].map((key) => Number(key.split(",")[1]));
      const enables = lanes.reduce((mask, lane) => mask | (1 << lane), 0);
      expectEqual(get("dw_be_o"), enables, what("dw_be_o"));
      const data = dut.port("dw_data_o");
      for (const [key, value] of seen.write.bytes) {
        const [pixel, lane] = key.split(",").map(Number);
        expectEqual(data.getBits(8 * (pixel * G + lane), 8), value & 255, what(`pixel ${pixel}, byte ${lane}`));
        compared++;
      }
    }
    if (cycle === resetAt)
      answers.clear(); // the feature memory is reset too
    else serve(dut, memories, (put) => answers.set(cycle + 2, [...(answers.get(cycle + 2) ?? []), put]));
    dut.tick();
  }
  return compared;
}

function drivePush(command: Uint32Array, set: (name: string, value: number) => void, tile: Tile): void {
  set("last_tile_i", Number(tile.lastTile));
  set("out_i", tile.out);
  set("residual_i", tile.residual);
  set("parameter_i", tile.parameter);
  set("phase_i", tile.phase);
  set("index_i", tile.index);
  const { first, second, add: residual, tableBank, outCgStride, residualCgStride, max, upsample, partial } = tile;
  const bounds = { z1: first.z, lo1: first.lo, hi1: first.hi, z2: second.z, lo2: second.lo, hi2: second.hi };
  const fields = {
    ...plainCompute,
    residual,
    tableBank,
    max,
    upsample,
    partial,
    outCgStride,
    residualCgStride,
    ...bounds,
  };
  command.set(encodeCompute(fields, 1));
}

/** The memories around the drain: what is read in a cycle, `later` puts on the port two cycles later. */
function serve(dut: Model, memories: DrainMemories, later: (put: () => void) => void): void {
  const { G, P, R } = memories.shape;
  if (dut.port("pm_re_o").get() === 1) {
    const address = dut.port("pm_addr_o").get();
    const data = dut.port("pm_data_i");
    later(() => {
      for (let r = 0; r < R; r++) {
        const bits = channelBits(memories.channels[(address * R + r) % memories.channels.length]);
        for (let w = 0; w < 4; w++) data.setBits(128 * r + 32 * w, 32, Number((bits >> BigInt(32 * w)) & 0xffffffffn));
      }
    });
  }
  if (dut.port("tb_re_o").get() === 1) {
    const bank = 256 * dut.port("tb_bank_o").get();
    for (const [name, table] of Object.entries(memories.tables)) {
      const entries = dut.port(`tb_index_${name}_o`).getLanes(8, false);
      const data = dut.port(`tb_data_${name}_i`);
      later(() => {
        entries.forEach((entry, lane) => {
          data.setBits(36 * lane, 32, table[bank + entry]);
          data.setBits(36 * lane + 32, 4, Math.floor(table[bank + entry] / 2 ** 32));
        });
      });
    }
  }
  if (dut.port("rs_valid_o").get() === 1 && dut.port("rs_ready_i").get() === 1) {
    const address = dut.port("rs_addr_o").get();
    later(() => {
      dut.port("rs_rvalid_i").set(1);
      const bytes = Array.from({ length: P * G }, (_, i) => memories.feature(address, Math.floor(i / G), i % G));
      dut.port("rs_data_i").setLanes(8, bytes);
    });
  }
}
