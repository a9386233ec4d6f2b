import type { HwConfig } from "../../hdl-gen/index.ts";
import { Geometry } from "../compiler/index.ts";
import type { MemoryModel } from "../cycle-model/index.ts";
import { blockSpans, chipWords, dramBytes, layerBeats } from "./demand.ts";
import type { NetworkWork } from "./work.ts";

/** Cycles of a layer's start and end that nothing hides, as a mean; see estimate.test.ts for the error of the whole. */
const LAYER_CYCLES = 12;

/** Latencies of the memory for each strip of a map that does not fit on chip. */
const STRIP_LATENCIES = 2;

/** What the analytic model says of a network on a configuration. */
export interface Estimate {
  readonly cycles: number;
  /** Bytes over the DRAM bus, commands not included. */
  readonly readBytes: number;
  readonly writeBytes: number;
}

/** Bytes over the bus while a layer runs. */
interface Traffic {
  /** Parts that the layer is computed in. */
  readonly strips: number;
  readonly read: number;
  readonly write: number;
}

/**
 * Cycles of a network by a fluid model: each layer takes the beats that its tiles need; the bus brings weights, in order, as
 * far ahead as the weight memory has room; maps that do not fit on chip beside one another pass over the bus while their
 * layer runs. It takes microseconds and knows nothing of commands: for choosing what the cycle model then looks at.
 */
export class Estimator {
  readonly #work: NetworkWork;
  readonly #memory: MemoryModel;
  readonly #known = new Map<string, unknown>();

  /** Cycles of a strip's start and end that nothing hides. */
  readonly #stripCycles: number;

  constructor(work: NetworkWork, memory: MemoryModel) {
    this.#work = work;
    this.#memory = memory;
    this.#stripCycles = STRIP_LATENCIES * memory.readLatency;
  }

  /** Estimates a sound configuration. */
  estimate(config: HwConfig): Estimate {
    const geometry = new Geometry(config);
    const { lanes, blockChannels, banks, beatBytes } = geometry;
    const { layers, input, outputs } = this.#work;
    const shape = `${lanes} ${blockChannels} ${banks}`;
    const spans = this.#once(`spans ${lanes} ${blockChannels}`, () =>
      layers.map((layer) => blockSpans(geometry, layer)),
    );
    const beats = this.#once(`beats ${shape} ${geometry.tileMinimum}`, () =>
      layers.map((layer, index) => layerBeats(geometry, layer, spans[index])),
    );
    const traffic = this.#once(`traffic ${shape} ${config.featureDepth} ${beatBytes}`, () => this.#traffic(geometry));
    const capacity = config.weightDepth * geometry.weightWordBytes;
    const loaded = new WeightRoom(capacity);
    const total = {
      read: dramBytes(geometry, input),
      write: outputs.reduce((sum, map) => sum + dramBytes(geometry, map), 0),
    };
    let compute = this.#memory.readLatency + 3 * config.readBurstBeats;
    let bus = compute + total.read / beatBytes;
    // Rows of the image are computed as they come.
    const imageEnd = bus;
    layers.forEach((layer, index) => {
      const once = layer.weights ? spans[index] * layer.taps * geometry.weightWordBytes : 0;
      const parameters = layer.weights ? 16 * geometry.blocks(layer.channels.outputs) * blockChannels : 0;
      const { strips, read: readOnce, write } = traffic[index];
      // Weights that do not fit pass once a strip, or rows once for each range of blocks whose weights fit.
      const ranges = Math.ceil(once / capacity);
      const rangesFirst = (ranges - 1) * readOnce < (strips - 1) * once;
      const weights = once * (ranges > 1 && !rangesFirst ? strips : 1);
      const read = readOnce * (strips > 1 && rangesFirst ? Math.max(1, ranges) : 1);
      // Of a memory that holds a block's weights but not two, the next block's come when it is done.
      const depth = (spans[index] / geometry.blocks(layer.channels.outputs)) * layer.taps;
      const apart = layer.weights ? Math.min(1, Math.max(0, 2 - config.weightDepth / depth)) : 0;
      const gaps = (apart * weights) / beatBytes + (strips > 1 ? strips * this.#stripCycles : 0);
      bus = Math.max(bus, loaded.roomAt(weights)) + (weights + parameters + read) / beatBytes;
      const from = compute;
      compute = Math.max(compute + beats[index] + LAYER_CYCLES + gaps, bus, imageEnd, from + write / beatBytes);
      loaded.use(weights, from, compute);
      total.read += weights + parameters + read;
      total.write += write;
    });
    const cycles = Math.round(compute + this.#memory.writeLatency + LAYER_CYCLES);
    return { cycles, readBytes: total.read, writeBytes: total.write };
  }

  #once<T>(key: string, make: () => T): T {
    const known = this.#known.get(key);
    // Each key stands for one type.
    if (known !== undefined) return known as T;
    const made = make();
    this.#known.set(key, made);
    return made;
  }

  /** Maps that do not fit on chip beside those that their layers need with them go to DRAM, the largest first. */
  #traffic(geometry: Geometry): readonly Traffic[] {
    const spilled = new Set<string>();
    const room = geometry.config.featureDepth;
    const strips = this.#work.layers.map(({ maps }) => {
      const distinct = [...new Map(maps.map((map) => [map.tensor, map])).values()];
      const sized = distinct.map(({ tensor, ...map }) => ({ tensor, words: chipWords(geometry, map) }));
      const live = sized.filter(({ tensor }) => !spilled.has(tensor)).sort((a, b) => a.words - b.words);
      let words = live.reduce((sum, map) => sum + map.words, 0);
      for (let largest = live.pop(); words > room && largest !== undefined; largest = live.pop()) {
        spilled.add(largest.tensor);
        words -= largest.words;
      }
      const all = sized.reduce((sum, map) => sum + map.words, 0);
      return all > room ? Math.ceil((2 * all) / room) : 1;
    });
    return this.#work.layers.map(({ maps, taps }, index) => {
      // Rows at a strip's edges are read for both.
      const halo = 1 + Math.min(1, (strips[index] - 1) / maps[0].height) * (Math.sqrt(taps) - 1);
      const bytes = maps.map((map) => (spilled.has(map.tensor) ? dramBytes(geometry, map) : 0));
      const write = bytes[bytes.length - 1];
      return {
        strips: strips[index],
        read: halo * bytes[0] + bytes.slice(1, -1).reduce((sum, map) => sum + map, 0),
        write,
      };
    });
  }
}

/** The weight memory as a reservoir: weights that come need the room of those that layers before them have used up. */
class WeightRoom {
  #free: number;
  readonly #used: { bytes: number; from: number; to: number }[] = [];

  constructor(capacity: number) {
    this.#free = capacity;
  }

  /** Takes room for a layer's weights. @returns the time at which the last of them can be asked for */
  roomAt(bytes: number): number {
    let time = 0;
    this.#free -= bytes;
    while (this.#free < 0 && this.#used.length > 0) {
      const [oldest] = this.#used;
      const part = Math.min(oldest.bytes, -this.#free);
      // Weights are used up evenly while their layer runs.
      oldest.from += ((oldest.to - oldest.from) * part) / Math.max(1, oldest.bytes);
      oldest.bytes -= part;
      this.#free += part;
      time = oldest.from;
      if (oldest.bytes <= 0) this.#used.shift();
    }
    return time;
  }

  /** A layer uses its weights in some time. */
  use(bytes: number, from: number, to: number): void {
    if (bytes > 0) this.#used.push({ bytes, from, to });
  }
}
