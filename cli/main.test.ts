import { describe, expect, it } from "vitest";
import { ExitCode } from "../models/errors.ts";
import { commands } from "./commands/index.ts";
import { exitCodeDocs } from "./exit-codes.ts";
import { optionReference } from "./options/document.ts";
import { longFlag, optionTable } from "./options/table.ts";
import { problemCodes, vargen } from "./testing/run.ts";

describe("help", () => {
  it("lists every command and every exit code", async () => {
    const { code, out, err } = await vargen("--help");
    expect({ code, err }).toEqual({ code: ExitCode.ok, err: "" });
    for (const { name } of commands) expect(out).toMatch(new RegExp(`^  ${name} `, "m"));
    for (const value of Object.values(ExitCode)) expect(out).toMatch(new RegExp(`^  ${value}  `, "m"));
    expect(exitCodeDocs.map((entry) => entry.code)).toEqual(Object.values(ExitCode));
  });

  it.each(commands.map(({ name }) => name))("%s: has an example and describes each option", async (name) => {
    const { code, out } = await vargen(name, "--help");
    expect(code).toBe(ExitCode.ok);
    expect(out).toContain(`  vargen ${name}`);
    for (const option of commands.find((command) => command.name === name)?.options ?? [])
      expect(out).toContain(longFlag(option));
  });

  it("every option is used by a command and has its row in the reference", () => {
    const reference = optionReference(commands);
    for (const name of Object.keys(optionTable)) {
      expect(
        commands.some((command) => (command.options as readonly string[]).includes(name)),
        name,
      ).toBe(true);
      expect(reference).toContain(longFlag(name as keyof typeof optionTable));
    }
  });
});

describe("bad usage", () => {
  it("names the nearest command", async () => {
    const { code, out, err } = await vargen("genrate");
    expect({ code, out }).toEqual({ code: ExitCode.usage, out: "" });
    expect(err).toBe("usage/unknown-command genrate: there is no such command (did you mean generate?)\n");
  });

  it("without a command shows the help and fails", async () => {
    const { code, out, err } = await vargen();
    expect(code).toBe(ExitCode.usage);
    expect(out).toContain("Usage: vargen COMMAND");
    expect(err).toContain("usage/no-command");
  });

  it("reports all problems at once, as JSON on request", async () => {
    const outcome = await vargen("validate", "--prest", "g8m8p7", "--runs", "0", "--seed=x", "extra", "--json");
    expect(outcome.code).toBe(ExitCode.usage);
    expect(outcome.err).toBe("");
    expect(problemCodes(outcome)).toEqual([
      "usage/unknown-option --prest",
      "usage/unexpected extra",
      "usage/out-of-range --runs",
      "usage/out-of-range --seed",
    ]);
  });

  it("says what an option takes", async () => {
    expect((await vargen("presets", "--json", "--jsn")).err + (await vargen("presets", "--jsn")).err).toContain(
      "--json?",
    );
    expect((await vargen("generate", "--preset")).err).toContain("'--preset <P>' argument missing");
    const { code, err } = await vargen("validate", "--runs", "1e9");
    expect(code).toBe(ExitCode.usage);
    expect(err).toBe("usage/out-of-range --runs: cannot be '1e9' (it takes: integer, 1..1000000)\n");
  });
});
