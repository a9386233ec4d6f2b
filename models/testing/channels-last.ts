/** Swaps the two axes of values that lie in `rows` rows: channels first to channels last, and back. */
export function exchanged<T extends Float32Array | Int8Array | Uint8Array>(values: T, rows: number): T;
export function exchanged(values: Float32Array | Int8Array | Uint8Array, rows: number) {
  const columns = values.length / rows;
  const result = values.slice();
  for (let i = 0; i < values.length; i++) result[(i % columns) * rows + Math.floor(i / columns)] = values[i];
  return result;
}
