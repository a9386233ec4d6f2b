// Runs npm's Yosys (WebAssembly) in a process of its own, as it would block its caller for minutes.
// In the current folder: node yosys-worker.mjs SCRIPT. Reads the Verilog of the folder, writes the log to stdout.
import { readdirSync, readFileSync } from "node:fs";
import { Exit, runYosys } from "@yowasp/yosys";

const readTree = (folder) =>
  Object.fromEntries(
    readdirSync(folder, { withFileTypes: true }).map((entry) => {
      const path = `${folder}/${entry.name}`;
      return [entry.name, entry.isDirectory() ? readTree(path) : readFileSync(path, "utf8")];
    }),
  );

const write = (bytes) => {
  if (bytes !== null) process.stdout.write(bytes);
};

try {
  await runYosys(["-s", process.argv[2]], readTree("."), { stdout: write, stderr: write });
} catch (error) {
  if (!(error instanceof Exit)) throw error;
  process.exitCode = error.code || 1;
}
