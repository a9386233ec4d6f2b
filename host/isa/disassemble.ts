import type { Command } from "./commands.ts";
import { fieldValues } from "./encode.ts";

/** Fields that go without saying at these values. */
const quiet: Readonly<Record<string, number>> = {
  waitLoad: 0,
  waitCompute: 0,
  waitStore: 0,
  stride2: 0,
  residual: 0,
  weightHold: 0,
  tableBank: 0,
  max: 0,
  upsample: 0,
  accumulate: 0,
  partial: 0,
  ringEnd: 0,
  ringSize: 0,
  firstBank: 0,
};

/** One line of text for a command: its kind and its fields by name; waits and flags only where they are not 0. */
export function disassemble(command: Command): string {
  const shown = fieldValues(command).filter(([name, , value]) => quiet[name] !== value);
  return [command.kind, ...shown.map(([name, , value]) => `${name}=${value}`)].join(" ");
}

/** A listing of a command stream, numbered from 0. */
export function disassembleAll(commands: readonly Command[]): string {
  const width = String(commands.length - 1).length;
  return commands.map((command, index) => `${String(index).padStart(width)}  ${disassemble(command)}\n`).join("");
}
