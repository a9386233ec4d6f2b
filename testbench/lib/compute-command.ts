/** Fields of a COMPUTE command as docs/HARDWARE.md names them; addresses in words, z, lo, hi and xZero int8. */
export interface ComputeFields {
  readonly waitLoad: number;
  readonly waitCompute: number;
  readonly waitStore: number;
  readonly stride2: boolean;
  readonly residual: boolean;
  readonly weightHold: boolean;
  readonly tableBank: number;
  readonly max: boolean;
  readonly upsample: boolean;
  readonly accumulate: boolean;
  readonly partial: boolean;
  readonly inBase: number;
  readonly inRowStride: number;
  readonly inCgStride: number;
  readonly inGroupStride: number;
  readonly ringEnd: number;
  readonly ringSize: number;
  readonly inWidth: number;
  readonly inHeight: number;
  readonly iy0: number;
  readonly ix0: number;
  readonly kernelWidth: number;
  readonly kernelHeight: number;
  readonly channelGroups: number;
  readonly blocks: number;
  readonly rows: number;
  readonly tiles: number;
  readonly blocksPerGroup: number;
  readonly xZero: number;
  readonly weightBase: number;
  readonly weightBlockStride: number;
  readonly parameterBase: number;
  readonly residualBase: number;
  readonly outBase: number;
  readonly outRowStride: number;
  readonly outCgStride: number;
  readonly residualRowStride: number;
  readonly residualCgStride: number;
  readonly z1: number;
  readonly z2: number;
  readonly lo1: number;
  readonly hi1: number;
  readonly lo2: number;
  readonly hi2: number;
}

/** A 1x1 convolution of one tile without waits, everything else 0 and no clamping; tests change what they need. */
export const plainCompute: ComputeFields = {
  ...{ waitLoad: 0, waitCompute: 0, waitStore: 0 },
  ...{ stride2: false, residual: false, weightHold: false, tableBank: 0 },
  ...{ max: false, upsample: false, accumulate: false, partial: false },
  ...{ inBase: 0, inRowStride: 0, inCgStride: 0, inGroupStride: 0, ringEnd: 0, ringSize: 0, inWidth: 1, inHeight: 1 },
  ...{ iy0: 0, ix0: 0, kernelWidth: 1, kernelHeight: 1, channelGroups: 1, blocks: 1, rows: 1, tiles: 1 },
  ...{ blocksPerGroup: 1, xZero: 0, weightBase: 0, weightBlockStride: 0, parameterBase: 0, residualBase: 0 },
  ...{ outBase: 0, outRowStride: 0, outCgStride: 0, residualRowStride: 0, residualCgStride: 0 },
  ...{ z1: 0, z2: 0, lo1: -128, hi1: 127, lo2: -128, hi2: 127 },
};

/** The sixteen words of a COMPUTE command for P pixel lanes, laid out as docs/HARDWARE.md section 3 says. */
export function encodeCompute(f: ComputeFields, pixelLanes: number): Uint32Array {
  const bits = [f.stride2, f.residual, f.weightHold, f.tableBank === 1, f.max, f.upsample, f.accumulate, f.partial];
  const flags = bits.reduce((all, bit, index) => all | (Number(bit) << index), 0);
  const q0 = Math.floor(f.ix0 / pixelLanes);
  const rot0 = f.ix0 - q0 * pixelLanes;
  const halves = (low: number, high: number) => (low & 0xffff) | ((high & 0xffff) << 16);
  const bytes = (a: number, b: number, c: number, d: number) =>
    halves((a & 255) | ((b & 255) << 8), (c & 255) | (d << 8));
  return Uint32Array.from([
    halves(5 | (flags << 8), f.waitLoad),
    halves(f.waitCompute, f.waitStore),
    halves(f.inBase, f.inRowStride),
    halves(f.inCgStride, f.inGroupStride),
    halves(f.ringEnd, f.ringSize),
    halves(f.inWidth, f.inHeight),
    halves(f.iy0, (f.ix0 & 255) | (rot0 << 8) | ((q0 & 15) << 12)),
    halves((f.kernelWidth & 255) | (f.kernelHeight << 8), f.channelGroups),
    halves(f.blocks, f.rows),
    halves(f.tiles, (f.blocksPerGroup & 255) | (f.xZero << 8)),
    halves(f.weightBase, f.weightBlockStride),
    halves(f.parameterBase, f.residualBase),
    halves(f.outBase, f.outRowStride),
    halves(f.outCgStride, f.residualRowStride),
    halves(f.residualCgStride, (f.z1 & 255) | (f.z2 << 8)),
    bytes(f.lo1, f.hi1, f.lo2, f.hi2),
  ]);
}
