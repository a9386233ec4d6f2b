// Runs @yowasp/clang off the main thread: it computes for seconds without yielding. Plain JavaScript, so that the
// thread starts without a TypeScript loader. One message in: a ClangJob with an id; one out: outputs or the error text.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parentPort } from "node:worker_threads";
import { Exit, runClang, runLLVM } from "@yowasp/clang";

const folders = new Map();

// Load LLVM's files here: runClang's own first step would report their progress on the terminal.
const silent = { stdout: () => {}, stderr: () => {}, fetchProgress: () => {} };
const loaded = runLLVM(["clang++", "--version"], {}, silent);

/** Reads a folder into the tree of files that clang sees; kept, because Verilator's headers serve every job. */
function readTree(folder) {
  const cached = folders.get(folder);
  if (cached !== undefined) return cached;
  const tree = {};
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) tree[entry.name] = readTree(full);
    else tree[entry.name] = readFileSync(full);
  }
  folders.set(folder, tree);
  return tree;
}

async function runJob(job) {
  const files = { ...job.files };
  for (const [name, file] of Object.entries(job.diskFiles)) files[name] = readFileSync(file);
  for (const [name, folder] of Object.entries(job.diskFolders)) files[name] = readTree(folder);
  let log = "";
  const decoder = new TextDecoder();
  const capture = (bytes) => {
    if (bytes !== null) log += decoder.decode(bytes, { stream: true });
  };
  try {
    await loaded;
    const result = await runClang(["clang++", ...job.args], files, { stdout: capture, stderr: capture });
    return { outputs: Object.fromEntries(job.outputs.map((name) => [name, result[name]])) };
  } catch (error) {
    return { error: error instanceof Exit ? log : `${log}${error instanceof Error ? error.stack : error}` };
  }
}

parentPort.on("message", async ({ id, job }) => {
  parentPort.postMessage({ id, ...(await runJob(job)) });
});
