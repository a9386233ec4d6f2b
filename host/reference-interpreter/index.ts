export { MachineError } from "./machine.ts";
export { type Choose, interpret, preferring } from "./run.ts";
export { initialMemory, interpretProgram } from "./run-program.ts";
