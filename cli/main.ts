import { Command, CommanderError, Option } from "commander";
import { ExitCode, type Problem, VargenError } from "../models/errors.ts";
import type { CommandSpec } from "./command.ts";
import { commands } from "./commands/index.ts";
import { exitCodeDocs } from "./exit-codes.ts";
import { type Io, processIo } from "./io.ts";
import { described, written } from "./options/document.ts";
import { parseOptions, suggestion, unknownWords, usageError, usageProblem } from "./options/parse.ts";
import { printProblems } from "./problems.ts";
import { stopBars } from "./progress.ts";

/**
 * Runs the command line. Never throws: problems are printed (on stdout as JSON with `--json`) and told by the exit code.
 *
 * @param argv arguments after `vargen`
 * @returns the process's exit code, see `exitCodeDocs`
 */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<number> {
  const state: { exitCode: ExitCode } = { exitCode: ExitCode.ok };
  try {
    await program(state, io).parseAsync([...argv], { from: "user" });
    return state.exitCode;
  } catch (error) {
    stopBars();
    if (error instanceof CommanderError && error.exitCode === 0) return ExitCode.ok;
    const { problems, exitCode } = asProblems(error, argv);
    printProblems(problems, argv.includes("--json"), io);
    if (exitCode === ExitCode.internal && error instanceof Error && process.env.VARGEN_DEBUG)
      io.err(`${error.stack}\n`);
    return exitCode;
  }
}

function program(state: { exitCode: ExitCode }, io: Io): Command {
  const root = new Command("vargen");
  root
    .description("From a quantised VarGNet to bit-exact RTL: generates Verilog, simulates it, proves it equal.")
    .usage("COMMAND [options]")
    .helpCommand(false)
    .addHelpText("after", `\nExit codes:\n${exitCodeDocs.map(({ code, doc }) => `  ${code}  ${doc}`).join("\n")}`)
    .allowExcessArguments()
    .allowUnknownOption()
    .action(() => refuse(root));
  quiet(root, io);
  for (const spec of commands) root.addCommand(subcommand(spec, state, io));
  return root;
}

function subcommand(spec: CommandSpec, state: { exitCode: ExitCode }, io: Io): Command {
  const command = new Command(spec.name).description(spec.summary).allowUnknownOption().allowExcessArguments();
  for (const name of spec.options) command.addOption(new Option(written(name), described(name)));
  const title = spec.examples.length === 1 ? "Example" : "Examples";
  command.addHelpText("after", `\n${title}:\n${spec.examples.map((example) => `  ${example}`).join("\n")}`);
  if (spec.argument !== undefined) command.usage(`${spec.argument.toUpperCase()} [options]`);
  command.action(async () => {
    const { given, rest } = withArgument(spec, command.opts(), command.args);
    const unknown = unknownWords(rest, spec.options);
    const { values, problems } = parseOptions(spec.options, given);
    if (unknown.length + problems.length > 0) throw usageError([...unknown, ...problems]);
    state.exitCode = await spec.run(values, io);
  });
  return quiet(command, io);
}

/** Takes a bare first word for the option that the command has it stand for, if that is not given too. */
function withArgument({ argument }: CommandSpec, options: Readonly<Record<string, unknown>>, words: readonly string[]) {
  const [first, ...rest] = words;
  const bare = first !== undefined && !first.startsWith("-");
  if (argument === undefined || !bare || options[argument] !== undefined) return { given: options, rest: words };
  return { given: { ...options, [argument]: first }, rest };
}

/** Commander's own output goes through `io`; its errors become problems. */
function quiet(command: Command, io: Io): Command {
  return command
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: () => {} })
    .configureHelp({ showGlobalOptions: false });
}

function refuse(root: Command): void {
  const [word] = root.args;
  if (word === undefined) {
    root.outputHelp();
    throw usageError([usageProblem("no-command", "vargen", "name a command", "vargen --help lists them")]);
  }
  const names = commands.map(({ name }) => name);
  const kind = word.startsWith("-") ? "option" : "command";
  const hint = suggestion(word, kind === "option" ? ["--help"] : names);
  throw usageError([usageProblem(`unknown-${kind}`, word, `there is no such ${kind}`, hint)]);
}

function asProblems(error: unknown, argv: readonly string[]): { problems: readonly Problem[]; exitCode: ExitCode } {
  if (error instanceof VargenError) return error;
  if (error instanceof CommanderError) {
    const problem = usageProblem("arguments", argv[0] ?? "vargen", error.message.replace(/^error: /, ""));
    return { problems: [problem], exitCode: ExitCode.usage };
  }
  const message = error instanceof Error ? error.message : String(error);
  const hint = "this is a fault of vargen; VARGEN_DEBUG=1 shows where";
  return { problems: [{ code: "internal", path: "vargen", message, hint }], exitCode: ExitCode.internal };
}
