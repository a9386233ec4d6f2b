import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

it("names the package to install when Verilator is not on PATH", async () => {
  const module = fileURLToPath(new URL("./tools.ts", import.meta.url));
  const script = `
    const { findVerilator } = await import(${JSON.stringify(module)});
    await findVerilator().catch((error) => console.log(error.exitCode, error.message));`;
  const args = ["--import", "tsx", "--input-type=module", "-e", script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { PATH: "/nonexistent" } });
  expect(stdout).toMatch(/^5 tool\/missing verilator: .*apt-get install -y verilator/);
});
