import fc from "fast-check";
import type { ComputeShape, DrainKind, LayerSizes } from "./compute-layer.ts";

/** The shapes that vg_compute is tested in: M = G, M < G, M > G with the most words a tile, and the shortest drain. */
export const computeShapes: readonly ComputeShape[] = [
  { G: 8, M: 8, P: 3, R: 2, AXI_BITS: 128, FEATURE_DEPTH: 512, WEIGHT_DEPTH: 150, PARAMETER_DEPTH: 64 },
  { G: 8, M: 2, P: 1, R: 1, AXI_BITS: 64, FEATURE_DEPTH: 512, WEIGHT_DEPTH: 300, PARAMETER_DEPTH: 64 },
  { G: 4, M: 16, P: 7, R: 4, AXI_BITS: 128, FEATURE_DEPTH: 512, WEIGHT_DEPTH: 150, PARAMETER_DEPTH: 64 },
  { G: 16, M: 16, P: 3, R: 16, AXI_BITS: 256, FEATURE_DEPTH: 512, WEIGHT_DEPTH: 150, PARAMETER_DEPTH: 16 },
];

const int = (min: number, max: number) => fc.integer({ min, max });

/** Sizes of small layers of every kind. */
export function layerSizes({ G, M, P }: ComputeShape): fc.Arbitrary<LayerSizes> {
  return fc.record({
    ...{ stride: fc.constantFrom<1 | 2>(1, 2), kernelHeight: int(1, 3), kernelWidth: int(1, 3) },
    ...{ groups: int(1, 2), channelGroups: int(1, 2), blocksPerGroup: int(1, M < G ? 3 : 2) },
    ...{ rows: int(1, 4), tiles: int(1, 3), inHeight: int(1, 5), inWidth: int(1, 2 * P + 3) },
    ...{ iy0: int(-2, 1), ix0: int(-3, 2), weightHold: fc.boolean(), sharedWeights: fc.boolean() },
    ...{
      drain: fc.constantFrom<DrainKind>("plain", "add", "max", "upsample"),
      extreme: fc.boolean(),
      ring: fc.option(int(0, 2), { nil: undefined }),
    },
  });
}
