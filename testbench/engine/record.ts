import type { Model } from "./model.ts";
import { portBytes, recordedInputs } from "./ports.ts";

/**
 * Records what a test bench drives, for {@link Model.replay}: from now on every falling edge of the model adds the
 * inputs that it settles.
 *
 * @returns a function that gives the recording so far
 */
export function recordInputs(model: Model, clock = "clk_i"): () => Uint8Array {
  const inputs = recordedInputs([...model.ports.values()], clock).map((port) => ({ port, bytes: portBytes(port) }));
  const size = inputs.reduce((sum, { bytes }) => sum + bytes, 0);
  const cycles: Uint8Array[] = [];
  const { fall } = model;
  model.fall = () => {
    const cycle = new Uint8Array(size);
    let offset = 0;
    for (const { port, bytes } of inputs) {
      cycle.set(model.heap.u8.subarray(port.address, port.address + bytes), offset);
      offset += bytes;
    }
    cycles.push(cycle);
    fall();
  };
  return () => Buffer.concat(cycles);
}
