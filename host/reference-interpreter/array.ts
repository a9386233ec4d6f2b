import type { ComputeCommand } from "../isa/index.ts";
import { featureOffset, type Machine, MachineError } from "./machine.ts";

/** Where a tile is in a command's loop nest. */
export interface TilePosition {
  readonly block: number;
  readonly row: number;
  readonly tile: number;
}

/** A row address after a step of `rows` rows, with the ring's wrap-around. */
function stepRow(command: ComputeCommand, address: number, stride: number): number {
  const next = (address + stride) & 0xffff;
  return next >= command.ringEnd ? (next - command.ringSize) & 0xffff : next;
}

/** Makes the sums of one tile in the machine; they go on from what is there with `accumulate`. */
export function tileSums(
  machine: Machine,
  command: ComputeCommand,
  { block, row, tile }: TilePosition,
  index: number,
): void {
  const { groupWidth: lanes, outputChannels, pixelLanes: banks } = machine.config;
  const { weights, sums } = machine;
  const stride = command.stride2 + 1;
  const group = Math.floor(block / command.blocksPerGroup) * command.inGroupStride;
  const pixels = new Int8Array(banks * lanes);
  const holes = new Uint8Array(banks * lanes);
  if (command.accumulate === 0) sums.fill(0);
  let address = command.inBase;
  for (let i = 0; i < row; i++) address = stepRow(command, address, stride * command.inRowStride);
  const blockWord = command.weightBase + block * command.weightBlockStride;
  let word = blockWord;
  for (let ky = 0; ky < command.kernelHeight; ky++) {
    const y = command.iy0 + row * stride + ky;
    for (let kx = 0; kx < command.kernelWidth; kx++) {
      if (command.weightHold === 1) word = blockWord;
      for (let cg = 0; cg < command.channelGroups; cg++, word++) {
        const line = y >= 0 && y < command.inHeight ? (address + group + cg * command.inCgStride) & 0xffff : -1;
        gather(machine, command, line, command.ix0 + tile * banks * stride + kx, stride, index, pixels, holes);
        if (word >= machine.config.weightDepth) throw new MachineError("WEIGHT_ADDRESS", index, `word ${word}`);
        const first = (word & 0xffff) * outputChannels * lanes;
        for (let m = 0; m < outputChannels; m++) {
          for (let p = 0; p < banks; p++) {
            let sum = 0;
            for (let lane = 0; lane < lanes; lane++) {
              const weight = weights[first + m * lanes + lane];
              if (weight !== 0 && holes[p * lanes + lane] === 1)
                throw new Error(`command ${index} uses feature data that nothing wrote (row ${y}, line ${line})`);
              sum += weight * pixels[p * lanes + lane];
            }
            sums[m * banks + p] += sum;
          }
        }
      }
    }
    address = stepRow(command, address, command.inRowStride);
  }
  for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] << 4) >> 4;
}

/** The activations of the P pixels from input column `column` on; padding outside of the map. */
function gather(
  machine: Machine,
  command: ComputeCommand,
  line: number,
  column: number,
  stride: number,
  index: number,
  pixels: Int8Array,
  holes: Uint8Array,
): void {
  const { groupWidth: lanes, pixelLanes: banks } = machine.config;
  if (line >= 0) featureOffset(machine, 0, line, index);
  for (let p = 0; p < banks; p++) {
    const x = column + p * stride;
    if (line < 0 || x < 0 || x >= command.inWidth) {
      pixels.fill(command.xZero, p * lanes, (p + 1) * lanes);
      holes.fill(0, p * lanes, (p + 1) * lanes);
      continue;
    }
    const offset = featureOffset(machine, x % banks, line + Math.floor(x / banks), index);
    pixels.set(machine.features.subarray(offset, offset + lanes), p * lanes);
    holes.set(machine.unknown.subarray(offset, offset + lanes), p * lanes);
  }
}
