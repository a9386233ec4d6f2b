import { hardwareResidual, requantizer } from "../arithmetic/index.ts";
import type { ComputeCommand } from "../isa/index.ts";
import type { TilePosition } from "./array.ts";
import { featureOffset, type Machine, MachineError } from "./machine.ts";

/** Requantises the machine's sums, one tile's, adds the residual if asked, and writes the result unless it is partial. */
export function drainTile(
  machine: Machine,
  command: ComputeCommand,
  { block, row, tile }: TilePosition,
  index: number,
): void {
  const { groupWidth: lanes, outputChannels, pixelLanes: banks, drainChannels, parameterDepth } = machine.config;
  const { upsample } = command;
  const parameterWords = outputChannels / drainChannels;
  const firstWord = command.parameterBase + block * parameterWords;
  if (firstWord + parameterWords > parameterDepth)
    throw new MachineError("PARAMETER_ADDRESS", index, `word ${firstWord}`);
  const view = new DataView(machine.parameters.buffer);
  const values = new Int8Array(banks);
  const holes = new Uint8Array(banks);
  for (let m = 0; m < outputChannels; m++) {
    const entry = firstWord * drainChannels * 16 + m * 16;
    const requantize = requantizer(view.getBigUint64(entry, true) & ((1n << 51n) - 1n));
    const bias = view.getInt32(entry + 8, true);
    const channel = block * outputChannels + m;
    const group = Math.floor(channel / lanes);
    const lane = channel % lanes;
    if (command.max === 1 && command.residual === 0) addColumns(machine, m);
    for (let p = 0; p < banks; p++)
      values[p] = requantize(machine.sums[m * banks + p], bias, command.z1, command.lo1, command.hi1);
    holes.fill(0);
    const line = (base: number, groupStride: number, rowStride: number): number =>
      base + group * groupStride + row * rowStride;
    if (command.residual === 1) {
      const word = line(command.residualBase, command.residualCgStride, command.residualRowStride) + tile;
      addResident(machine, command, word & 0xffff, lane, index, values, holes);
    }
    const out = line(command.outBase, command.outCgStride, command.outRowStride);
    for (let half = 0; half <= upsample; half++) {
      const word = (out + tile * (1 + upsample) + half) & 0xffff;
      for (let p = 0; p < banks; p++) {
        const at = featureOffset(machine, p, word, index) + lane;
        if (command.partial === 1) continue;
        const from = upsample === 1 ? (half * banks + p) >> 1 : p;
        machine.features[at] = values[from];
        machine.unknown[at] = holes[from];
      }
    }
  }
}

/** Adds up the columns of a channel's sums, in the first of them. */
function addColumns({ sums, config: { pixelLanes } }: Machine, channel: number): void {
  const first = channel * pixelLanes;
  const total = sums.subarray(first, first + pixelLanes).reduce((sum, value) => sum + value, 0);
  sums[first] = (total << 4) >> 4;
}

/** Joins one lane of the residual word with the requantised values: their sum by the tables, or the greater. */
function addResident(
  machine: Machine,
  command: ComputeCommand,
  word: number,
  lane: number,
  index: number,
  values: Int8Array,
  holes: Uint8Array,
): void {
  const { ta, tb, unary } = machine.tables[command.tableBank];
  for (let p = 0; p < values.length; p++) {
    const at = featureOffset(machine, p, word, index) + lane;
    const resident = (machine.features[at] << 24) >> 24;
    if (command.max === 1) values[p] = Math.max(values[p], resident);
    else values[p] = hardwareResidual(ta[values[p] + 128], tb[resident + 128], command.z2, command.lo2, command.hi2);
    holes[p] = command.max === 0 && unary ? 0 : machine.unknown[at];
  }
}
