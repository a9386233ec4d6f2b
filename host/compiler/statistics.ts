import { COMMAND_BYTES, type Command, type ComputeCommand } from "../isa/index.ts";
import type { Geometry } from "./geometry.ts";
import type { OperationInfo, ProgramStatistics } from "./program.ts";

/** Cycles that each tile of a computation takes at least: the drain goes through an upsampled one twice. */
export function tileMinimum(geometry: Geometry, command: ComputeCommand): number {
  return geometry.tileMinimum * (1 + command.upsample);
}

/** Cycles in which a computation occupies the array, by the rule of docs/HARDWARE.md section 3. */
export function issueCycles(geometry: Geometry, command: Command): number {
  if (command.kind !== "compute") return 0;
  const depth = command.kernelWidth * command.kernelHeight * command.channelGroups;
  return command.blocks * command.rows * command.tiles * Math.max(depth, tileMinimum(geometry, command));
}

/** Bytes that a load or store moves over the bus. */
export function transferBytes(geometry: Geometry, command: Command): number {
  switch (command.kind) {
    case "loadFeatures":
    case "storeFeatures":
      return command.lines * geometry.lineBytes(command.columns);
    case "loadWeights":
    case "loadParameters":
    case "loadTables":
      return command.beats * geometry.beatBytes;
    default:
      return 0;
  }
}

/** Figures of a command stream. */
export function statisticsOf(
  geometry: Geometry,
  commands: readonly Command[],
  operations: readonly OperationInfo[],
  memoryBytes: number,
): ProgramStatistics {
  let [reads, writes, weights, cycles] = [commands.length * COMMAND_BYTES, 0, 0, 0];
  for (const command of commands) {
    const bytes = transferBytes(geometry, command);
    if (command.kind === "storeFeatures") writes += bytes;
    else reads += bytes;
    if (command.kind === "loadWeights") weights += bytes;
    cycles += issueCycles(geometry, command);
  }
  return {
    commands: commands.length,
    macs: operations.reduce((sum, { macs }) => sum + macs, 0),
    dramReadBytes: reads,
    dramWriteBytes: writes,
    weightBytes: weights,
    computeCycles: cycles,
    memoryBytes,
  };
}
