/** One error code of STATUS.error_code. */
export interface ErrorCode {
  /** 8 bits. */
  readonly code: number;
  /** UPPER_SNAKE_CASE. */
  readonly name: string;
  readonly doc: string;
  /** What ERROR_INFO then holds; empty: 0. */
  readonly info: string;
}

/** Every error code, in order; the RTL, the driver, the C header and the documentation share it. */
export const errorCodes = [
  { code: 0, name: "NONE", doc: "No error.", info: "" },
  { code: 1, name: "BAD_OPCODE", doc: "The command's opcode is not one of the known ones.", info: "the opcode" },
  {
    code: 2,
    name: "BAD_FIELD",
    doc: "A field of the command has a value outside its range.",
    info: "number of the first command word (0 to 15) with a bad field",
  },
  {
    code: 3,
    name: "FEATURE_ADDRESS",
    doc: "An address outside the feature memory.",
    info: "the feature memory's word address",
  },
  {
    code: 4,
    name: "WEIGHT_ADDRESS",
    doc: "An address outside the weight memory.",
    info: "the weight memory's word address",
  },
  {
    code: 5,
    name: "PARAMETER_ADDRESS",
    doc: "An address outside the parameter or table memory.",
    info: "the parameter or table memory's word address",
  },
  {
    code: 6,
    name: "MEMORY_ADDRESS",
    doc: "A memory access outside the window, or not aligned.",
    info: "byte offset in the window",
  },
  {
    code: 7,
    name: "BAD_WAIT",
    doc: "The command waits for a command that is not issued before it.",
    info: "the engine waited for: 0 load, 1 compute, 2 store",
  },
  {
    code: 8,
    name: "READ_RESPONSE",
    doc: "The bus answered a read with an error.",
    info: "a load: the response (2 SLVERR, 3 DECERR); command fetch: byte offset of the command",
  },
  {
    code: 9,
    name: "WRITE_RESPONSE",
    doc: "The bus answered a write with an error.",
    info: "the response (2 SLVERR, 3 DECERR)",
  },
  {
    code: 10,
    name: "BUS_TIMEOUT",
    doc: "The bus left a request unanswered for BUS_TIMEOUT cycles.",
    info: "bit 0: reads timed out, bit 1: writes",
  },
  {
    code: 11,
    name: "NO_END",
    doc: "The command stream ended without END.",
    info: "byte offset behind the last command",
  },
  { code: 12, name: "ABORTED", doc: "The run was stopped by CONTROL.abort.", info: "" },
  {
    code: 13,
    name: "START_WHILE_BUSY",
    doc: "A start was ignored because a run was in progress. Never in STATUS.error_code, which belongs to that run: STATUS.rejected tells, and the driver reports this code.",
    info: "",
  },
] as const satisfies readonly ErrorCode[];

/** Name of an error code. */
export type ErrorName = (typeof errorCodes)[number]["name"];

/** The entry for a code read from STATUS, or undefined for one that no version of the hardware sends. */
export function errorByCode(code: number): (ErrorCode & { readonly name: ErrorName }) | undefined {
  return errorCodes.find((entry) => entry.code === code);
}

/** The entry called `name`. */
export function errorByName(name: ErrorName): ErrorCode & { readonly name: ErrorName } {
  const entry = errorCodes.find((candidate) => candidate.name === name);
  if (entry === undefined) throw new Error(`no error code ${name}`);
  return entry;
}
