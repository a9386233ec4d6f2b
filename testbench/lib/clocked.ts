import type { CompiledModel, Model, Port } from "../engine/index.ts";

/** A module under test with ports by short name: `set` and `get` settle nothing, `cycle` is one clock edge. */
export class Clocked {
  readonly dut: Model;
  readonly #ports = new Map<string, Port>();

  /** Starts from random registers, then resets, with all other inputs 0. */
  constructor(compiled: CompiledModel, seed: number) {
    this.dut = compiled.instantiate({ seed });
    if (this.dut.ports.has("rst_ni")) {
      this.cycle();
      this.set("rst_ni", 1);
    }
  }

  port(name: string): Port {
    let port = this.#ports.get(name);
    if (port === undefined) {
      port = this.dut.port(name);
      this.#ports.set(name, port);
    }
    return port;
  }

  set(name: string, value: number | bigint | boolean): void {
    if (typeof value === "bigint") this.port(name).setBig(value);
    else this.port(name).set(Number(value));
  }

  get(name: string): number {
    return this.port(name).get();
  }

  big(name: string): bigint {
    return this.port(name).getBig();
  }

  /** Settles outputs that depend on inputs. */
  settle(): void {
    this.dut.eval();
  }

  cycle(): void {
    this.dut.tick();
  }
}
