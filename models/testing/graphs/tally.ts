import { type Apart, type GraphOutcome, layerKinds } from "./check-graph.ts";

/** What a campaign of random graphs covered. */
export interface GraphFigures {
  readonly graphs: number;
  /** Values that had to be equal, and were. */
  readonly compared: number;
  /** Graphs that ONNX Runtime fused into integer operators throughout. */
  readonly fused: number;
  /** Graphs that ONNX Runtime's optimisations could not load, though they run without. */
  readonly unoptimizable: number;
  /** ONNX Runtime's runs of files that compute in float. */
  readonly optimized: Apart;
  readonly plain: Apart;
  /** How often each step was written, by kind, in QDQ form with `+`. */
  readonly steps: Readonly<Record<string, number>>;
  readonly layers: Readonly<Record<string, number>>;
}

/** Adds up what random graphs covered. */
export class GraphTally {
  #graphs = 0;
  #compared = 0;
  #fused = 0;
  #unoptimizable = 0;
  #optimized: Apart = { values: 0, differing: 0, largest: 0 };
  #plain: Apart = { values: 0, differing: 0, largest: 0 };
  readonly #steps = new Map<string, number>();
  readonly #layers = new Map<string, number>();

  add({ network, compared, fused, optimized, plain, steps }: GraphOutcome): void {
    this.#graphs++;
    this.#compared += compared;
    if (fused) this.#fused++;
    if (optimized === undefined) this.#unoptimizable++;
    else this.#optimized = sum(this.#optimized, optimized);
    this.#plain = sum(this.#plain, plain);
    for (const { kind, qdq } of steps) count(this.#steps, `${kind}${qdq ? "+" : ""}`);
    for (const kind of layerKinds(network)) count(this.#layers, kind);
  }

  figures(): GraphFigures {
    return {
      graphs: this.#graphs,
      compared: this.#compared,
      fused: this.#fused,
      unoptimizable: this.#unoptimizable,
      optimized: this.#optimized,
      plain: this.#plain,
      steps: sorted(this.#steps),
      layers: sorted(this.#layers),
    };
  }
}

function sum(a: Apart, b: Apart): Apart {
  return {
    values: a.values + b.values,
    differing: a.differing + b.differing,
    largest: Math.max(a.largest, b.largest),
  };
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function sorted(counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
