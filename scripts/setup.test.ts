import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

/** A fresh checkout in miniature, with nothing in the PATH but the stand-ins that a test puts there. */
let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "vargen-setup-"));
  for (const folder of ["scripts", "bin"]) mkdirSync(join(root, folder));
  copyFileSync(new URL("setup.mjs", import.meta.url), join(root, "scripts/setup.mjs"));
  writeFileSync(join(root, "package-lock.json"), "{}");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function tool(name: string, script: string): void {
  const path = join(root, "bin", name);
  writeFileSync(path, `#!/bin/sh\necho "${name} $*" >> "${root}/calls"\n${script}\n`);
  chmodSync(path, 0o755);
}

const verilator = (version: string): void => tool("verilator", `echo "Verilator ${version} 2023-01-22"`);

/** apt-get that "installs" what it is asked for by making the stand-ins. */
function workingApt(): void {
  const make = `printf '#!/bin/sh\\necho "Verilator 5.006"\\n' > "${root}/bin/$p" && /bin/chmod +x "${root}/bin/$p"`;
  tool("apt-get", `[ "$1" = install ] || exit 0\nfor p in "$@"; do case $p in install|-*) ;; *) ${make};; esac; done`);
  tool("sudo", '"$@"');
}

function installedPackages(): void {
  mkdirSync(join(root, "node_modules"));
  writeFileSync(join(root, "node_modules/.package-lock.json"), "{}");
}

function setup(...args: string[]): { status: number | null; stdout: string; stderr: string; calls: string } {
  const env = { PATH: join(root, "bin") };
  const result = spawnSync(process.execPath, ["scripts/setup.mjs", ...args], { cwd: root, env, encoding: "utf8" });
  let calls = "";
  try {
    calls = readFileSync(join(root, "calls"), "utf8");
  } catch {
    // No stand-in was called.
  }
  return { status: result.status, stdout: result.stdout, stderr: result.stderr, calls };
}

test("with everything there it does nothing and says nothing", () => {
  installedPackages();
  verilator("5.006");
  const { status, stdout, stderr, calls } = setup();
  expect({ status, stdout, stderr, calls }).toEqual({
    status: 0,
    stdout: "",
    stderr: "",
    calls: "verilator --version\n",
  });
});

test("on a bare machine it installs packages and Verilator", () => {
  tool("npm", "exit 0");
  workingApt();
  const { status, calls, stdout } = setup();
  expect(status).toBe(0);
  expect(calls).toContain("npm ci");
  expect(calls).toContain("apt-get update\n");
  expect(calls).toContain("apt-get install -y --no-install-recommends verilator\n");
  expect(stdout).toBe("");
});

test("--test adds the tools of the tests", () => {
  installedPackages();
  verilator("5.006");
  workingApt();
  expect(setup("--test").calls).toContain("install -y --no-install-recommends yosys iverilog\n");
});

test("packages older than the lock file are installed again", () => {
  installedPackages();
  utimesSync(join(root, "node_modules/.package-lock.json"), 1, 1);
  verilator("5.006");
  tool("npm", "exit 0");
  expect(setup().calls).toContain("npm ci");
});

test("every problem is reported at once, with exit code 5", () => {
  tool("npm", "exit 1");
  tool("apt-get", "exit 1");
  tool("sudo", '"$@"');
  const { status, stderr } = setup("--test");
  expect(status).toBe(5);
  expect(stderr).toMatch(/npm ci failed[\s\S]*verilator:[\s\S]*yosys:[\s\S]*iverilog:/);
});

test("an old Verilator and no apt-get: says so", () => {
  installedPackages();
  verilator("4.038");
  const { status, stderr } = setup();
  expect(status).toBe(5);
  expect(stderr).toContain("Verilator 5 or later (simulation) is needed; there is no apt-get here");
});

test("an old Verilator that apt-get cannot improve: says so", () => {
  installedPackages();
  verilator("4.038");
  tool("apt-get", "exit 0");
  tool("sudo", '"$@"');
  expect(setup().stderr).toContain("still missing or too old");
});

test("an unknown option is refused", () => {
  expect(setup("--tset").status).toBe(2);
});
