import { heapOf } from "./heap.ts";
import { makePort, type Port } from "./port.ts";
import type { PortInfo } from "./ports.ts";

/** Anything that has ports by name: a model, or signals made up by a test. */
export interface PortSource {
  /** @throws Error if there is no such port */
  port(name: string): Port;
}

/** Ports without a model behind them, for tests of memories and monitors: a test plays the other side. */
export class Signals implements PortSource {
  readonly #ports: ReadonlyMap<string, Port>;

  constructor(infos: readonly PortInfo[]) {
    const size = (width: number) => Math.ceil(width / 64) * 8;
    const heap = heapOf(new ArrayBuffer(infos.reduce((sum, info) => sum + size(info.width), 0)));
    let address = 0;
    const place = (info: PortInfo) => {
      const port = makePort(info, address, heap);
      address += size(info.width);
      return [info.name, port] as const;
    };
    this.#ports = new Map(infos.map(place));
  }

  port(name: string): Port {
    const port = this.#ports.get(name);
    if (port === undefined) throw new Error(`no signal ${name}`);
    return port;
  }
}
