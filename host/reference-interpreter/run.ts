import type { HwConfig } from "../../hdl-gen/index.ts";
import {
  type Command,
  type ComputeCommand,
  commandProblems,
  type Engine,
  engineOf,
  engines,
  waitsMet,
} from "../isa/index.ts";
import { tileSums } from "./array.ts";
import { drainTile } from "./drain.ts";
import { type Machine, MachineError, newMachine } from "./machine.ts";
import { transferFeatures, transferWords } from "./transfer.ts";

/** Which engine runs next, of those whose next command may start; the waits alone must make any choice right. */
export type Choose = (ready: readonly Engine[]) => Engine;

/** Prefers engines in the order given, to the extreme: a wait that is missing shows. */
export function preferring(...order: readonly Engine[]): Choose {
  return (ready) => order.find((engine) => ready.includes(engine)) ?? ready[0];
}

/**
 * Runs a command stream on the memories of docs/HARDWARE.md, exactly but without time: engines take turns as `choose`
 * says, within what the waits allow.
 *
 * Stricter than the hardware: data that nothing wrote must not meet a weight other than 0, and sums go on only from a
 * partial computation.
 *
 * @param dram the memory window; stores change it
 * @throws MachineError where the hardware would stop with an error
 */
export function interpret(
  config: HwConfig,
  dram: Uint8Array,
  commands: readonly Command[],
  choose: Choose = preferring("load", "compute", "store"),
): void {
  const machine = newMachine(config, dram);
  const queues = queuesOf(commands);
  const completed: Record<Engine, number> = { load: 0, compute: 0, store: 0 };
  for (;;) {
    const ready = engines.filter((engine) => {
      const index = queues[engine][completed[engine]];
      return index !== undefined && waitsMet(commands[index], completed);
    });
    if (ready.length === 0) break;
    const engine = choose(ready);
    const index = queues[engine][completed[engine]];
    execute(machine, commands[index], index);
    completed[engine]++;
  }
  const stuck = engines.find((engine) => completed[engine] < queues[engine].length);
  if (stuck !== undefined)
    throw new Error(`deadlock: ${stuck} command ${queues[stuck][completed[stuck]]} never starts`);
}

/** Indices of each engine's commands, after the checks that the dispatcher makes. */
function queuesOf(commands: readonly Command[]): Record<Engine, number[]> {
  const queues: Record<Engine, number[]> = { load: [], compute: [], store: [] };
  for (const [index, command] of commands.entries()) {
    const [problem] = commandProblems(command, `command ${index}`);
    if (problem !== undefined) throw new MachineError("BAD_FIELD", index, problem.message);
    const { load, compute, store } = queues;
    if (!waitsMet(command, { load: load.length, compute: compute.length, store: store.length }))
      throw new MachineError("BAD_WAIT", index, "waits for a command that is not issued before it");
    const engine = engineOf(command.kind);
    if (engine === undefined) return queues;
    queues[engine].push(index);
  }
  throw new MachineError("NO_END", commands.length, "the stream does not end with END");
}

function execute(machine: Machine, command: Command, index: number): void {
  if (command.kind === "compute") compute(machine, command, index);
  else if (command.kind === "loadFeatures" || command.kind === "storeFeatures")
    transferFeatures(machine, command, index);
  else if (command.kind !== "end") transferWords(machine, command, index);
}

function compute(machine: Machine, command: ComputeCommand, index: number): void {
  const { pixelLanes: banks } = machine.config;
  const rotation = ((command.ix0 % banks) + banks) % banks;
  if (command.rot0 !== rotation || command.q0 * banks + rotation !== command.ix0)
    throw new MachineError("BAD_FIELD", index, "rot0 and q0 do not agree with ix0");
  if (command.accumulate === 1 && !machine.sumsHeld)
    throw new Error(`command ${index} accumulates, but the computation before it is not partial`);
  for (let block = 0; block < command.blocks; block++)
    for (let row = 0; row < command.rows; row++)
      for (let tile = 0; tile < command.tiles; tile++) {
        tileSums(machine, command, { block, row, tile }, index);
        drainTile(machine, command, { block, row, tile }, index);
      }
  machine.sumsHeld = command.partial === 1;
}
