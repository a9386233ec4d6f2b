import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cached, contentKey } from "./cache.ts";

describe("cached", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), "vargen-cache-"));
  });
  afterEach(() => rm(root, { recursive: true }));

  const delay = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  it("builds an entry once for many who ask at the same time", async () => {
    let builds = 0;
    let waits = 0;
    const build = async () => {
      builds++;
      await delay(50);
      return { file: "content" };
    };
    const ask = () => cached(root, "entry", build, () => waits++);
    const folders = await Promise.all([ask(), ask(), ask()]);
    expect([builds, waits]).toEqual([1, 2]);
    for (const folder of folders) expect(await readFile(path.join(folder, "file"), "utf8")).toBe("content");
    expect(await readdir(root)).toEqual(["entry"]);
  });

  it("leaves nothing behind when a build fails, and builds again", async () => {
    const fail = () => Promise.reject(new Error("broken"));
    await expect(cached(root, "entry", fail)).rejects.toThrow("broken");
    expect(await readdir(root)).toEqual([]);
    await cached(root, "entry", async () => ({ file: "good" }));
    expect(await readdir(root)).toEqual(["entry"]);
  });

  it("takes over the lock of a process that died", async () => {
    // Process numbers stay below 2^22 on Linux.
    await writeFile(path.join(root, "entry.lock"), String(2 ** 30));
    await cached(root, "entry", async () => ({ file: "content" }));
    expect(await readdir(root)).toEqual(["entry"]);
  });

  it("takes over a lock that is too old, though its process number lives", async () => {
    const lock = path.join(root, "entry.lock");
    await writeFile(lock, String(process.pid));
    const hourAgo = Date.now() / 1000 - 3600;
    await utimes(lock, hourAgo, hourAgo);
    await cached(root, "entry", async () => ({ file: "content" }));
    expect(await readdir(root)).toEqual(["entry"]);
  });

  it("removes entries that have not been used for a month when it builds another, and no files of others", async () => {
    const build = async () => ({ file: "content" });
    const [unused, used, fresh] = ["a", "b", "c"].map((letter) => `model-top-${letter.repeat(24)}`);
    const old = Date.now() / 1000 - 31 * 24 * 3600;
    for (const name of [unused, used, "photographs"]) await utimes(await cached(root, name, build), old, old);
    await cached(root, used, build);
    await cached(root, fresh, build);
    expect((await readdir(root)).sort()).toEqual([used, fresh, "photographs"].sort());
  });

  it("waits for a live lock and uses what its owner makes", async () => {
    const lock = path.join(root, "entry.lock");
    await writeFile(lock, String(process.pid));
    const waiting = cached(root, "entry", () => Promise.reject(new Error("must not build")));
    await delay(30);
    await mkdir(path.join(root, "entry"));
    expect(await waiting).toBe(path.join(root, "entry"));
  });
});

describe("contentKey", () => {
  it("depends on the content only", () => {
    expect(contentKey(["a", { b: 1 }])).toBe(contentKey(["a", { b: 1 }]));
    expect(contentKey(["a", { b: 1 }])).not.toBe(contentKey(["a", { b: 2 }]));
    expect(contentKey("x")).toMatch(/^[0-9a-f]{24}$/);
  });
});
