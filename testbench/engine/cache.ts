import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** Folder of the build cache: `$VARGEN_CACHE`, else `node_modules/.cache/vargen` of this package. */
export function cacheFolder(): string {
  const fromEnvironment = process.env.VARGEN_CACHE;
  if (fromEnvironment !== undefined && fromEnvironment !== "") return path.resolve(fromEnvironment);
  return fileURLToPath(new URL("../../node_modules/.cache/vargen", import.meta.url));
}

/** Content key: 24 hex digits of SHA-256 over a JSON-serialisable value. */
export function contentKey(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 24);
}

/** A lock whose owner cannot be checked is taken over after this long. */
const STALE_MS = 15 * 60_000;
const POLL_MS = 100;
const UNUSED_MS = 30 * 24 * 3600_000;

/**
 * Returns the folder of a cache entry, building it first when it is missing.
 *
 * The entry appears atomically: files are written to a temporary folder that is renamed at the end. Processes that want
 * the same entry at once build it once: the first holds a lock file, the others wait for the entry; the lock of a
 * dead process is broken.
 * @param root cache folder, created when missing
 * @param name entry name, unique by content (see {@link contentKey})
 * @param build makes the entry's files by name
 * @param onWait called once if another process is building the entry
 */
export async function cached(
  root: string,
  name: string,
  build: () => Promise<Readonly<Record<string, string | Uint8Array>>>,
  onWait: () => void = () => {},
): Promise<string> {
  const entry = path.join(root, name);
  if (existsSync(entry)) return touched(entry);
  await mkdir(root, { recursive: true });
  const lock = `${entry}.lock`;
  for (let waited = false; !(await acquire(lock)); waited = true) {
    if (!waited) onWait();
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    if (existsSync(entry)) return entry;
  }
  try {
    if (!existsSync(entry)) await publish(entry, await build());
    await prune(root);
    return entry;
  } finally {
    await rm(lock, { force: true });
  }
}

/** Marks an entry as used now, for {@link prune}. A cache that may only be read serves as well. */
async function touched(entry: string): Promise<string> {
  const now = new Date();
  await utimes(entry, now, now).catch(() => {});
  return entry;
}

/**
 * Removes what nobody has used for a month: entries of older Verilog, and what killed processes left behind. Nothing
 * that is not named like an entry: the folder may be the user's choice.
 */
async function prune(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    if (!/^(model|runtime|trace|header)-.*[0-9a-f]{24}/.test(name)) continue;
    const file = path.join(root, name);
    try {
      if (Date.now() - (await stat(file)).mtimeMs > UNUSED_MS) await rm(file, { recursive: true, force: true });
    } catch (error) {
      // Another process prunes at the same time.
      if (!hasCode(error, "ENOENT")) throw error;
    }
  }
}

async function publish(entry: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  const temporary = `${entry}.${randomUUID()}.tmp`;
  await mkdir(temporary);
  try {
    for (const [file, content] of Object.entries(files)) await writeFile(path.join(temporary, file), content);
    await rename(temporary, entry);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    // A process that broke our lock as stale may have published the same content meanwhile.
    if (!existsSync(entry)) throw error;
  }
}

/** Tries to take a lock file; removes it when it is stale, so that the next try can succeed. */
async function acquire(lock: string): Promise<boolean> {
  try {
    const handle = await open(lock, "wx");
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
    if (await isStale(lock)) await rm(lock, { force: true });
    return false;
  }
}

async function isStale(lock: string): Promise<boolean> {
  try {
    const age = Date.now() - (await stat(lock)).mtimeMs;
    const pid = Number(await readFile(lock, "utf8"));
    // The owner writes its number just after creating the file.
    if (pid === 0) return age > 10_000;
    return age > STALE_MS || !isAlive(pid);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, "EPERM");
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
