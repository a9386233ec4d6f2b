/** Tensors of a backbone's last feature maps at each stride, from 2 to 32. */
export interface Pyramid {
  readonly s2: string;
  readonly s4: string;
  readonly s8: string;
  readonly s16: string;
  readonly s32: string;
}

/** The pyramid of tensors in order of stride: 2, 4, 8, 16, 32. */
export function pyramid(tensors: readonly string[]): Pyramid {
  const [s2, s4, s8, s16, s32] = tensors;
  return { s2, s4, s8, s16, s32 };
}
