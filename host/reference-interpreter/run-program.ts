import type { Activations } from "../../models/ir/network.ts";
import { type Program, packInput, readableTensors, storedTensor, unpackTensor } from "../compiler/index.ts";
import { type Choose, interpret } from "./run.ts";

/** The memory window before a run: constants, commands and the input. */
export function initialMemory(program: Program, input: Activations): Uint8Array {
  const memory = new Uint8Array(program.memoryBytes);
  for (const { offset, bytes } of [...program.segments, packInput(program, input)]) memory.set(bytes, offset);
  return memory;
}

/**
 * Runs a program on one input in the interpreter.
 * @returns every tensor that the program leaves in DRAM, NCHW
 */
export function interpretProgram(program: Program, input: Activations, choose?: Choose): Map<string, Activations> {
  const memory = initialMemory(program, input);
  interpret(program.config, memory, program.commands, choose);
  return new Map(
    readableTensors(program).map((name) => {
      const { dram } = storedTensor(program, name);
      return [name, unpackTensor(program, name, memory.subarray(dram.offset, dram.offset + dram.bytes))];
    }),
  );
}
