/** Where a node's work is done: by the array, in its drain (or by layout alone), or on the host. */
export type Place = "array" | "drain" | "host";

/** What becomes of one ONNX node. */
export interface NodeCoverage {
  /** Its name, or its first output's where it has none. */
  readonly node: string;
  readonly operator: string;
  readonly place: Place;
  /** Layers of the network that it became; none where it was folded or is only layout. */
  readonly layers: readonly string[];
  readonly note: string;
}

/** Where layers of a kind run. */
export const placeOfKind = {
  conv: "array",
  gemm: "array",
  globalAveragePool: "array",
  maxPool: "array",
  averagePool: "array",
  upsample: "array",
  concat: "drain",
  channels: "drain",
  requantize: "drain",
  add: "drain",
} as const satisfies Readonly<Record<string, Place>>;

/** How many nodes run in each place. */
export function countPlaces(coverage: readonly NodeCoverage[]): Readonly<Record<Place, number>> {
  const counts = { array: 0, drain: 0, host: 0 };
  for (const { place } of coverage) counts[place]++;
  return counts;
}
