import type { FeatureTransfer, WordTransfer } from "../isa/index.ts";
import { featureOffset, type Machine, MachineError } from "./machine.ts";

function window(machine: Machine, offset: number, bytes: number, index: number): Uint8Array {
  if (offset % (machine.config.axiDataBits / 8) !== 0 || offset + bytes > machine.dram.length)
    throw new MachineError("MEMORY_ADDRESS", index, `${bytes} bytes from ${offset} of ${machine.dram.length}`);
  return machine.dram.subarray(offset, offset + bytes);
}

/** LOAD_FEATURES and STORE_FEATURES. */
export function transferFeatures(machine: Machine, command: FeatureTransfer, index: number): void {
  const { groupWidth: lanes, pixelLanes: banks, axiDataBits } = machine.config;
  const beat = axiDataBits / 8;
  const lineBytes = Math.ceil((command.columns * lanes) / beat) * beat;
  const bytes = window(machine, command.memoryOffset, command.lines * lineBytes, index);
  let row = command.base;
  let line = row;
  for (let i = 0; i < command.lines; i++) {
    if (i > 0 && i % command.linesPerRow === 0) {
      row = (row + command.rowStride) & 0xffff;
      line = row;
    } else if (i > 0) line = (line + command.lineStride) & 0xffff;
    for (let column = 0; column < command.columns; column++) {
      const position = command.firstBank + column;
      const word = line + Math.floor(position / banks);
      const chip = featureOffset(machine, position % banks, word, index);
      const dram = i * lineBytes + column * lanes;
      if (command.kind === "storeFeatures") {
        bytes.set(machine.features.subarray(chip, chip + lanes), dram);
      } else {
        machine.features.set(bytes.subarray(dram, dram + lanes), chip);
        machine.unknown.fill(0, chip, chip + lanes);
      }
    }
  }
}

/** LOAD_WEIGHTS, LOAD_PARAMETERS and LOAD_TABLES. */
export function transferWords(machine: Machine, command: WordTransfer, index: number): void {
  const { groupWidth, outputChannels, drainChannels, axiDataBits } = machine.config;
  const beat = axiDataBits / 8;
  const bytes = window(machine, command.memoryOffset, command.beats * beat, index);
  if (command.kind === "loadTables") {
    loadTables(machine, command.bank, bytes, index);
    return;
  }
  const weights = command.kind === "loadWeights";
  const wordBytes = weights ? groupWidth * outputChannels : 16 * drainChannels;
  const memory = weights ? machine.weights : machine.parameters;
  if (bytes.length % wordBytes !== 0) throw new MachineError("BAD_FIELD", index, "not whole words");
  const first = command.firstWord * wordBytes;
  if (first + bytes.length > memory.length)
    throw new MachineError(weights ? "WEIGHT_ADDRESS" : "PARAMETER_ADDRESS", index, `word ${command.firstWord}`);
  memory.set(bytes, first);
}

function loadTables(machine: Machine, bank: number, bytes: Uint8Array, index: number): void {
  const stride = bytes.length / 256;
  if (stride !== Math.max(16, machine.config.axiDataBits / 8))
    throw new MachineError("BAD_FIELD", index, "not 256 entries");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tables = machine.tables[bank];
  const { ta, tb } = tables;
  for (let i = 0; i < 256; i++) {
    ta[i] = Number(BigInt.asIntN(36, view.getBigUint64(i * stride, true)));
    tb[i] = Number(BigInt.asIntN(36, view.getBigUint64(i * stride + 8, true)));
  }
  tables.unary = tb.every((entry) => entry === tb[0]);
}
