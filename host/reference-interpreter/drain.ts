import { hardwareResidual, requantizer } from "../arithmetic/index.ts";
import type { ComputeCommand } from "../isa/index.ts";
import type { TilePosition } from "./array.ts";
import { featureOffset, type Machine, MachineError } from "./machine.ts";

/** Requantises one tile's sums, adds the residual if asked, and writes the result. */
export function drainTile(
  machine: Machine,
  command: ComputeCommand,
  { block, row, tile }: TilePosition,
  index: number,
  sums: Int32Array,
): void {
  const { groupWidth: lanes, outputChannels, pixelLanes: banks, drainChannels, parameterDepth } = machine.config;
  const parameterWords = outputChannels / drainChannels;
  const firstWord = command.parameterBase + block * parameterWords;
  if (firstWord + parameterWords > parameterDepth)
    throw new MachineError("PARAMETER_ADDRESS", index, `word ${firstWord}`);
  const view = new DataView(machine.parameters.buffer);
  for (let m = 0; m < outputChannels; m++) {
    const entry = firstWord * drainChannels * 16 + m * 16;
    const requantize = requantizer(view.getBigUint64(entry, true) & ((1n << 51n) - 1n));
    const bias = view.getInt32(entry + 8, true);
    const channel = block * outputChannels + m;
    const group = Math.floor(channel / lanes);
    const out = command.outBase + group * command.outCgStride + row * command.outRowStride + tile;
    const added = command.residualBase + group * command.residualCgStride + row * command.residualRowStride + tile;
    for (let p = 0; p < banks; p++) {
      let value = requantize(sums[m * banks + p], bias, command.z1, command.lo1, command.hi1);
      let hole = 0;
      if (command.residual === 1) {
        const at = featureOffset(machine, p, added & 0xffff, index) + (channel % lanes);
        const { ta, tb } = machine.tables[command.tableBank];
        const resident = (machine.features[at] << 24) >> 24;
        value = hardwareResidual(ta[value + 128], tb[resident + 128], command.z2, command.lo2, command.hi2);
        hole = machine.unknown[at];
      }
      const at = featureOffset(machine, p, out & 0xffff, index) + (channel % lanes);
      machine.features[at] = value;
      machine.unknown[at] = hole;
    }
  }
}
