// Sets up what vargen needs and finds missing: npm packages and Verilator; with --test also Yosys and Icarus Verilog.
// Plain JavaScript without dependencies, as it runs before `npm ci`. See scripts/README.md for the contract.
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const EXIT_MISSING_TOOL = 5;
const EXIT_USAGE = 2;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const problems = [];

/** Progress goes to stderr, so that a command's own output on stdout stays clean. */
const say = (text) => console.error(`setup: ${text}`);

function inPath(tool) {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function run(command, args) {
  say(`${command} ${args.join(" ")}`);
  // onnxruntime-node would download optional GPU libraries; its CPU provider ships inside the package.
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", ONNXRUNTIME_NODE_INSTALL: "skip" };
  return spawnSync(command, args, { cwd: root, env, stdio: ["inherit", 2, 2] }).status === 0;
}

function checkNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < 20) problems.push(`Node.js 20 or later is needed, this is ${process.versions.node}`);
}

function packagesAreCurrent() {
  const installed = join(root, "node_modules", ".package-lock.json");
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(root, "package-lock.json")).mtimeMs;
}

function installPackages() {
  if (packagesAreCurrent()) return;
  if (!inPath("npm")) problems.push("npm is missing: install Node.js 20 or later with npm");
  else if (!run("npm", ["ci", "--no-audit", "--no-fund"])) {
    problems.push("npm ci failed (its messages are above): is there a network connection and room on the disk?");
  }
}

/** Major version of the Verilator in the PATH, 0 when there is none. */
function verilatorMajor() {
  if (!inPath("verilator")) return 0;
  const { stdout } = spawnSync("verilator", ["--version"], { encoding: "utf8" });
  return Number(/^Verilator (\d+)/.exec(stdout ?? "")?.[1] ?? 0);
}

const tools = {
  verilator: { isThere: () => verilatorMajor() >= 5, need: "Verilator 5 or later (simulation)" },
  yosys: { isThere: () => inPath("yosys"), need: "Yosys (synthesis checks of `npm test`)" },
  iverilog: { isThere: () => inPath("iverilog"), need: "Icarus Verilog (4-state checks of `npm test`)" },
};

/** Installs Debian packages; gives the reason when that cannot be done. */
function installWithApt(packages) {
  if (!inPath("apt-get")) return "there is no apt-get here to install it with";
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && !inPath("sudo")) return "installing it takes root rights, and there is no sudo";
  const apt = (...args) => (isRoot ? run("apt-get", args) : run("sudo", ["apt-get", ...args]));
  // A failing update is not the end: the lists at hand may do.
  if (!apt("update")) say("apt-get update failed; trying with the package lists at hand");
  if (!apt("install", "-y", "--no-install-recommends", ...packages)) {
    return "apt-get could not install it (its messages are above): no network, no rights, or an unknown package";
  }
  return "apt-get installed it, but it is still missing or too old";
}

function installTools(wanted) {
  const missing = wanted.filter((name) => !tools[name].isThere());
  if (missing.length === 0) return;
  say(`missing: ${missing.join(", ")}`);
  const reason = installWithApt(missing);
  for (const name of missing) {
    if (tools[name].isThere()) continue;
    problems.push(`${name}: ${tools[name].need} is needed; ${reason}. By hand: apt-get install ${name}`);
  }
}

const args = process.argv.slice(2);
if (args.some((arg) => arg !== "--test")) {
  console.error("usage: node scripts/setup.mjs [--test]");
  process.exit(EXIT_USAGE);
}
checkNode();
installPackages();
installTools(args.includes("--test") ? ["verilator", "yosys", "iverilog"] : ["verilator"]);
for (const problem of problems) console.error(`setup/missing-tool ${problem}`);
if (problems.length > 0) process.exit(EXIT_MISSING_TOOL);
