import { ExitCode } from "../models/errors.ts";

/** What each exit code of the command tells; shown by --help and in the README. */
export const exitCodeDocs: readonly { readonly code: ExitCode; readonly doc: string }[] = [
  { code: ExitCode.ok, doc: "all went well" },
  { code: ExitCode.mismatch, doc: "results differ: RTL and reference, or a folder and the generator's output" },
  { code: ExitCode.usage, doc: "unknown command or option, or a value out of its range" },
  { code: ExitCode.input, doc: "bad input: configuration, network or images" },
  { code: ExitCode.doesNotFit, doc: "the network does not fit the configuration" },
  { code: ExitCode.missingTool, doc: "a tool such as Verilator is missing" },
  { code: ExitCode.internal, doc: "a fault in vargen itself" },
];
