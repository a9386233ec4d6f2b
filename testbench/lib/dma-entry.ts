import { type Command, encodeCommands } from "../../host/isa/index.ts";

const kinds: Readonly<Record<string, bigint>> = {
  loadFeatures: 0n,
  loadWeights: 1n,
  loadParameters: 2n,
  loadTables: 3n,
};

/** A queue entry of the DMA engines, 214 bits: see vg_dma_request.v. */
export function dmaEntry(command: Command, index: number): bigint {
  const view = new DataView(encodeCommands([command]).buffer);
  const word = (at: number) => BigInt(view.getUint32(4 * at, true));
  const fields: readonly (readonly [bigint, number])[] = [
    [kinds[command.kind] ?? 0n, 0],
    [word(0) >> 16n, 2],
    [word(1), 18],
    [word(2), 50],
    [word(3), 82],
    [word(4), 114],
    [word(5), 146],
    [word(6) & 15n, 178],
    [BigInt(index), 182],
  ];
  return fields.reduce((entry, [value, bit]) => entry | (value << BigInt(bit)), 0n);
}
