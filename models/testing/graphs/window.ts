import type { Random } from "../../random/random.ts";

/** A window over a map, and the extents of what it makes. */
export interface DrawnWindow {
  readonly kernel: readonly [number, number];
  readonly attributes: { readonly kernel_shape: number[]; readonly strides: number[]; readonly pads: number[] };
  readonly extents: readonly [number, number];
}

/** Draws kernel, strides 1 or 2 and padding (often asymmetric) that fit a map; each pad is less than the kernel's extent. */
export function drawWindow(random: Random, height: number, width: number, maxKernel: number): DrawnWindow {
  const down = random.integer(1, 2);
  const stride = [down, random.real() < 0.8 ? down : random.integer(1, 2)];
  const kernel = [0, 0].map(() => Math.max(1, Math.min(maxKernel, random.integer(1, random.integer(1, 7)))));
  const before = kernel.map((extent) => random.integer(0, Math.min(3, extent - 1)));
  const after = kernel.map((extent) => random.integer(0, Math.min(3, extent - 1)));
  const maps = [height, width];
  const [kernelHeight, kernelWidth] = kernel.map((extent, axis) =>
    Math.min(extent, maps[axis] + before[axis] + after[axis]),
  );
  // A smaller kernel needs smaller padding still.
  const fit = (pads: readonly number[]) =>
    pads.map((pad, axis) => Math.min(pad, (axis === 0 ? kernelHeight : kernelWidth) - 1));
  const [top, left] = fit(before);
  const [bottom, right] = fit(after);
  const extents = [
    Math.floor((height + top + bottom - kernelHeight) / stride[0]) + 1,
    Math.floor((width + left + right - kernelWidth) / stride[1]) + 1,
  ] as const;
  if (Math.min(...extents) < 1) return drawWindow(random, height, width, 1);
  return {
    kernel: [kernelHeight, kernelWidth],
    attributes: { kernel_shape: [kernelHeight, kernelWidth], strides: stride, pads: [top, left, bottom, right] },
    extents,
  };
}
