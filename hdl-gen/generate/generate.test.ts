import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { VargenError } from "../../models/errors.ts";
import { temporaryFolder } from "../../models/testing/temporary-folder.ts";
import { presetNames, presets } from "../config/presets.ts";
import { checkGenerated, compareFiles } from "./drift.ts";
import { type GeneratedFile, generate, generateStandalone } from "./generate.ts";
import { type LibraryModule, requiredModules } from "./library.ts";
import { repositoryRoot } from "./paths.ts";
import { readTemplates } from "./templates.ts";
import { writeFiles } from "./write.ts";

const fixtures = join(repositoryRoot(), "hdl-gen/generate/fixtures");
const core: LibraryModule = { name: "vg_core", text: readFileSync(join(fixtures, "vg_core.v"), "utf8") };
/** Output around a stand-in for the core, so that these tests are about the generated Verilog alone. */
const around = (name: (typeof presetNames)[number]): readonly GeneratedFile[] =>
  generate(presets[name], { library: [core], libraryPath: fixtures });

const works = (command: string): boolean => spawnSync(command, ["--version"]).status === 0;
const hasVerilator = works("verilator");
const hasIcarus = spawnSync("iverilog", ["-V"]).status === 0;
const hasCc = works("cc");

const inFolder = temporaryFolder();
beforeAll(() => {
  for (const name of presetNames) writeFiles(inFolder(name), around(name));
});

test("the same configuration gives the same bytes, without date, host or absolute path", () => {
  for (const name of presetNames) {
    const files = generate(presets[name], { library: [core] });
    expect(generate(presets[name], { library: [core] })).toEqual(files);
    for (const { text, path } of files) {
      expect(text.endsWith("\n") && !text.includes("\r"), path).toBe(true);
      expect(text).not.toMatch(/20\d\d-\d\d|\d\d:\d\d:\d\d/);
      expect(text.includes(hostname()) || text.includes(repositoryRoot())).toBe(false);
      if (!path.endsWith(".json"))
        expect(text).toContain(`npm run vargen -- generate --preset ${name} -o rtl/gen/${name}`);
    }
  }
});

test("a configuration that is no preset names its own file in the regenerate command", () => {
  const config = { ...presets.g8m8p7, name: "mine", weightDepth: 2048 };
  const changed = { ...presets.g8m8p7, weightDepth: 2048 };
  const banner = { library: [core], folder: "DIR" };
  expect(generate(config, banner)[0].text).toContain("--config vargen_mine.json -o DIR");
  expect(generate(changed, banner)[0].text).toContain("--config vargen_g8m8p7.json -o DIR");
});

test("output for any folder carries the hand-written modules along", () => {
  const elsewhere = generateStandalone(presets.g8m8p7);
  const listed = elsewhere.find(({ path }) => path.endsWith(".f"))?.text.match(/^[^/\n][^\n]*\.v$/gm) ?? [];
  expect(listed).toContain("lib/vg_core.v");
  for (const path of listed) expect(elsewhere.map((file) => file.path)).toContain(path);
  expect(elsewhere[0].text).toContain("generate --preset g8m8p7 -o DIR");
});

test("no template is left over", () => {
  const used = ["banner_comment", "constants.vh", "files.f", "header.h", "registers.md", "registers.v", "top.v"];
  expect(Object.keys(readTemplates()).sort()).toEqual(used);
});

describe.skipIf(!hasVerilator)("verilator --lint-only -Wall (skipped only without verilator)", () => {
  test.each(presetNames)("%s", (name) => {
    const list = inFolder(name, `vargen_${name}.f`);
    const args = ["--lint-only", "-Wall", "--top-module", `vargen_${name}`, "-F", list];
    expect(spawnSync("verilator", args, { encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
  });

  test("the constants can be included and used", () => {
    const file = inFolder("constants_user.v");
    const body = '`include "vargen_g8m8p7_constants.vh"\nmodule constants_user(output wire [11:0] a_o);\n';
    writeFileSync(file, `${body}  assign a_o = \`VARGEN_STATUS_OFFSET;\nendmodule\n`);
    const args = ["--lint-only", "-Wall", `-I${inFolder("g8m8p7")}`, file];
    expect(spawnSync("verilator", args, { encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
  });
});

test.skipIf(!hasIcarus)("Icarus reads the output as Verilog-2005 (skipped only without iverilog)", () => {
  const args = ["-g2005", "-Wall", "-s", "vargen_g8m8p7", "-o", "/dev/null", "-c", "vargen_g8m8p7.f"];
  expect(spawnSync("iverilog", args, { cwd: inFolder("g8m8p7"), encoding: "utf8" })).toMatchObject({
    status: 0,
    stderr: "",
  });
});

test.skipIf(!hasCc)("the C header compiles without warnings (skipped only without a C compiler)", () => {
  const file = inFolder("use.c");
  writeFileSync(
    file,
    '#include "vargen_g8m8p7.h"\nint code(void) { return VARGEN_STATUS_ERROR_CODE_MASK == 0xff00u; }\n',
  );
  execFileSync("cc", ["-std=c99", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", `-I${inFolder("g8m8p7")}`, file]);
});

test("the committed output is what the generator makes (npx tsx scripts/generate.ts)", () => {
  expect(checkGenerated()).toEqual([]);
});

test("drift is reported by file and line, with the command that fixes it", () => {
  const place = inFolder("g8m1p1");
  const files = around("g8m1p1");
  expect(compareFiles(place, files, "fix it")).toEqual([]);
  rmSync(join(place, files[1].path));
  writeFileSync(join(place, files[0].path), files[0].text.replace("endmodule", "// edited\nendmodule"));
  writeFileSync(join(place, "stray.v"), "");
  const found = compareFiles(place, files, "fix it");
  expect(found.map(({ code, path }) => [code, path])).toEqual([
    ["generate/drift", files[0].path],
    ["generate/missing", files[1].path],
    ["generate/extra", "stray.v"],
  ]);
  expect(found[0].message).toMatch(/from line \d+ on/);
  expect(found[0].hint).toBe("run: fix it");
});

test("a folder that cannot be written is reported and nothing is left half-written", () => {
  writeFileSync(inFolder("file"), "");
  expect(() => writeFiles(inFolder("file"), around("g8m1p1"))).toThrow(VargenError);
});

test("required modules are followed through instances, not through comments", () => {
  const library = [
    { name: "vg_a", text: "module vg_a; vg_b u(); // vg_c\nendmodule" },
    { name: "vg_b", text: "module vg_b; /* vg_c */ endmodule" },
    { name: "vg_c", text: "module vg_c; endmodule" },
  ];
  expect(requiredModules(library, "vg_a").map(({ name }) => name)).toEqual(["vg_a", "vg_b"]);
  expect(() => requiredModules(library, "vg_core")).toThrow(/generate\/missing-module/);
});
