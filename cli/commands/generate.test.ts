import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { committedFolder, presetNames, presets } from "../../hdl-gen/index.ts";
import { ExitCode } from "../../models/errors.ts";
import { temporaryFolder } from "../../models/testing/temporary-folder.ts";
import { problemCodes, vargen } from "../testing/run.ts";

const inFolder = temporaryFolder(beforeEach, afterEach);

const configFile = (config: unknown): string => {
  const file = inFolder("config.json");
  writeFileSync(file, typeof config === "string" ? config : JSON.stringify(config));
  return file;
};

describe("generate", () => {
  it("writes a folder that stands alone, and finds what was changed in it", async () => {
    const output = inFolder("out");
    const written = await vargen("generate", "--preset", "g8m8p1", "-o", output, "--json");
    expect(written.code).toBe(ExitCode.ok);
    const { top, files } = JSON.parse(written.out);
    expect(top).toBe("vargen_g8m8p1");
    for (const file of files) expect(readFileSync(join(output, file), "utf8").length).toBeGreaterThan(0);
    const list = readFileSync(join(output, `${top}.f`), "utf8");
    expect(
      list
        .split("\n")
        .filter((line) => line.endsWith(".v") && !line.startsWith("//"))
        .every((line) => files.includes(line)),
    ).toBe(true);
    expect((await vargen("generate", "--preset", "g8m8p1", "-o", output, "--check")).code).toBe(ExitCode.ok);
    writeFileSync(join(output, `${top}.h`), "changed\n");
    rmSync(join(output, "lib/vg_core.v"));
    const checked = await vargen("generate", "--preset", "g8m8p1", "-o", output, "--check", "--json");
    expect(checked.code).toBe(ExitCode.mismatch);
    expect(problemCodes(checked)).toEqual([`generate/drift ${top}.h`, "generate/missing lib/vg_core.v"]);
  });

  it.each(presetNames)("%s: the committed folder is what it makes", async (name) => {
    expect(await vargen("generate", "--preset", name, "-o", committedFolder(name), "--check")).toMatchObject({
      code: 0,
      err: "",
    });
  });

  it("lists every problem of a configuration and writes nothing", async () => {
    const file = configFile({ ...presets.g8m8p7, groupWidth: 7, pixelLanes: 4, colour: "red" });
    const outcome = await vargen("generate", "--config", file, "-o", inFolder("out"), "--json");
    expect(outcome.code).toBe(ExitCode.input);
    expect([...problemCodes(outcome)].sort()).toEqual([
      "config/out-of-range groupWidth",
      "config/out-of-range pixelLanes",
      "config/unknown-field colour",
    ]);
    expect(readdirSync(inFolder())).toEqual(["config.json"]);
  });

  it.each([
    ["an unknown preset", ["--preset", "g9m9p9"], ExitCode.input, /no such preset.*presets: g8m1p1/],
    ["a missing file", ["--config", "no-such.json"], ExitCode.input, /config\/unreadable \.\/no-such\.json/],
    ["two configurations", ["--preset", "g8m8p7", "--config", "x.json"], ExitCode.usage, /together with --preset/],
  ])("refuses %s", async (_what, args, code, message) => {
    const outcome = await vargen("generate", "-o", inFolder("out"), ...args);
    expect(outcome.code).toBe(code);
    expect(outcome.err).toMatch(message);
    expect(readdirSync(inFolder())).toEqual([]);
  });

  it("refuses a damaged configuration, no folder, and a folder that cannot be made", async () => {
    expect((await vargen("generate", "--config", configFile("{"), "-o", inFolder())).err).toContain("config/not-json");
    expect(await vargen("generate")).toMatchObject({
      code: ExitCode.usage,
      err: "usage/missing --output: name a folder: -o DIR\n",
    });
    const file = configFile({});
    const blocked = await vargen("generate", "-o", join(file, "below"));
    expect(blocked.code).toBe(ExitCode.input);
    expect(blocked.err).toContain("generate/unwritable");
  });
});

describe("presets", () => {
  it("lists every preset with its figures", async () => {
    const { code, out } = await vargen("presets", "--json");
    expect(code).toBe(ExitCode.ok);
    const { presets: rows } = JSON.parse(out);
    expect(rows.map((row: { name: string }) => row.name)).toEqual(presetNames);
    expect(rows[3]).toMatchObject({ name: "g8m8p7", macs: 448, axiDataBits: 128, featureBytes: 229376 });
    expect((await vargen("presets")).out).toMatch(/^g8m8p7\* +8 +8 +7 +2 +448 +224 +256 +32 +\d+ +128$/m);
  });
});
