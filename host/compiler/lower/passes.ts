import type { FeatureShape } from "../../../models/ir/network.ts";
import type { Pass } from "./operation.ts";

/** The pass of an operation that takes one, over its whole window. */
export function onePass(
  { height }: FeatureShape,
  kernel: Pass["kernel"],
  values: Pick<Pass, "xZero" | "constants" | "z1">,
): readonly [Pass] {
  return [{ rows: [0, height], tap: { y: 0, x: 0 }, kernel, ...values, max: false, columns: false, half: 0 }];
}

/** The same for each tap by itself, of which the greatest value remains. */
export function passPerTap(pass: Pass): readonly Pass[] {
  const { height, width } = pass.kernel;
  return Array.from({ length: height * width }, (_, index) => {
    const tap = { y: Math.floor(index / width), x: index % width };
    return { ...pass, tap, kernel: { height: 1, width: 1 }, max: index > 0 };
  });
}

/** The same for the even and for the odd rows that upsampling makes. */
export function passPerHalf(pass: Pass): readonly Pass[] {
  return [pass, { ...pass, half: 1 }];
}
