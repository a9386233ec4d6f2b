export {
  type Command,
  type CommandOf,
  type ComputeCommand,
  type Engine,
  engineOf,
  engines,
  type FeatureTransfer,
  type WordTransfer,
  waitsMet,
} from "./commands.ts";
export { decodeCommands } from "./decode.ts";
export { disassemble, disassembleAll } from "./disassemble.ts";
export { commandReference } from "./document.ts";
export { commandProblems, encodeCommands } from "./encode.ts";
export { COMMAND_BYTES, type CommandKind, commandKinds, layouts } from "./fields.ts";
