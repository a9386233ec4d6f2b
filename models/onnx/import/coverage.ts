import type { Layer } from "../../ir/network.ts";

/** Where a node's work is done: by the array, in its drain, by the order of addresses alone (free), or on the host. */
export type Place = "array" | "drain" | "layout" | "host";

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

/** Where layers of a kind run, as the compiler maps them. */
const placeOfKind = {
  conv: "array",
  gemm: "array",
  globalAveragePool: "array",
  maxPool: "array",
  averagePool: "array",
  upsample: "drain",
  add: "drain",
  requantize: "drain",
  concat: "layout",
  channels: "layout",
} as const satisfies Readonly<Record<Layer["kind"], Place>>;

const places: readonly Place[] = ["array", "drain", "layout", "host"];

/** Where the most of some layers' work is done. */
export function placeOf(layers: readonly Layer[]): Place {
  const own = new Set<Place>(layers.map(({ kind }) => placeOfKind[kind]));
  return places.find((place) => own.has(place)) ?? "layout";
}

/** How many nodes run in each place. */
export function countPlaces(coverage: readonly NodeCoverage[]): Readonly<Record<Place, number>> {
  const counts = { array: 0, drain: 0, layout: 0, host: 0 };
  for (const { place } of coverage) counts[place]++;
  return counts;
}
