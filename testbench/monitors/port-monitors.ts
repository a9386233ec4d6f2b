import type { PortSource } from "../engine/index.ts";
import { AxiLiteMonitor } from "./axi-lite-monitor.ts";
import { AxiMonitor, type AxiMonitorOptions } from "./axi-monitor.ts";
import type { Violation } from "./violations.ts";

/** The monitors of both ports of an accelerator: `m_axi` and `s_axil`. */
export class PortMonitors {
  readonly #axi: AxiMonitor;
  readonly #lite: AxiLiteMonitor;

  constructor(ports: PortSource, options: AxiMonitorOptions) {
    this.#axi = new AxiMonitor(ports, options);
    this.#lite = new AxiLiteMonitor(ports);
  }

  /** Checks the coming rising edge; to be called with settled signals. */
  sample(cycle: number): void {
    this.#axi.sample(cycle);
    this.#lite.sample(cycle);
  }

  /** To be called when all work is over: what is still outstanding becomes a violation. */
  finish(cycle: number): void {
    this.#axi.finish(cycle);
    this.#lite.finish(cycle);
  }

  /** Violations so far, at most a hundred of each port. */
  get violations(): readonly Violation[] {
    return [...this.#axi.log.violations, ...this.#lite.log.violations];
  }

  /** Number of all violations. */
  get count(): number {
    return this.#axi.log.count + this.#lite.log.count;
  }
}
