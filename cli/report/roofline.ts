import type { Cause } from "./causes.ts";
import type { LayerRow } from "./layers.ts";
import type { ReadWrite } from "./traffic.ts";

/** A layer, or the whole network, under the roofs. */
export interface RooflinePoint {
  readonly name: string;
  /** Useful MACs for each byte of the busier direction of the DRAM bus; null where nothing goes over it. */
  readonly intensity: number | null;
  /** Useful MACs a cycle. */
  readonly macsPerCycle: number;
  readonly macs: number;
  readonly lostTo: Cause | undefined;
}

/** The roofline model of a run: MACs a cycle are at most `peakMacs`, and at most intensity * bytesPerCycle. */
export interface Roofline {
  readonly peakMacs: number;
  /** Bytes a cycle that the bus moves at most in each direction, both at once. */
  readonly bytesPerCycle: number;
  /** The whole run, commands included. */
  readonly network: RooflinePoint;
  readonly layers: readonly RooflinePoint[];
}

/** What the whole run took. */
interface Whole {
  readonly peakMacs: number;
  readonly bytesPerCycle: number;
  readonly macs: number;
  readonly cycles: number;
  readonly dram: ReadWrite;
}

/** Places layers with MACs under the roofs. */
export function rooflineOf(layers: readonly LayerRow[], whole: Whole): Roofline {
  const { peakMacs, bytesPerCycle, macs, cycles, dram } = whole;
  const point = (name: string, own: Pick<LayerRow, "macs" | "cycles" | "dram">, lostTo?: Cause): RooflinePoint => {
    const bytes = Math.max(own.dram.read, own.dram.write);
    const intensity = bytes > 0 ? own.macs / bytes : null;
    return { name, intensity, macsPerCycle: own.macs / own.cycles, macs: own.macs, lostTo };
  };
  const working = layers.filter((layer) => layer.macs > 0 && layer.cycles > 0);
  return {
    ...{ peakMacs, bytesPerCycle },
    network: point("whole network", { macs, cycles, dram }),
    layers: working.map((layer) => point(layer.name, layer, layer.lostTo)),
  };
}
