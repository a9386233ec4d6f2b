import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { decodeIdx, floatInput, largestIndex, loadImages, quantizedInput } from "./index.ts";

const shipped = (name: string) => fileURLToPath(new URL(`../data/fashion-test-1000-${name}.idx.gz`, import.meta.url));

/** An idx file of bytes. */
function idx(shape: readonly number[], values: Uint8Array): Uint8Array {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, 8, shape.length]);
  shape.forEach((extent, i) => {
    header.writeUInt32BE(extent, 4 + 4 * i);
  });
  return Buffer.concat([header, values]);
}

describe("loadImages", () => {
  const inFolder = temporaryFolder();
  const write = (name: string, bytes: Uint8Array): string => {
    const path = inFolder(name);
    writeFileSync(path, bytes);
    return path;
  };

  it("reads the shipped test images", () => {
    const { count, height, width, images, labels } = loadImages(shipped("images"), shipped("labels"));
    expect([count, height, width, images.length, labels.length]).toEqual([1000, 28, 28, 1000, 1000]);
    expect(new Set(labels).size).toBe(10);
    expect([...labels.subarray(0, 5)]).toEqual([9, 2, 1, 1, 6]);
  });

  it("reports every unreadable or damaged file at once", () => {
    const half = gzipSync(idx([2, 1, 1], Uint8Array.of(1, 2))).subarray(0, 25);
    const images = write("half", half);
    expect(() => loadImages(images, inFolder("missing"))).toThrow(/cannot be unzipped[\s\S]*images\/unreadable/);
  });

  it("reports counts and dimensions that do not fit", () => {
    const images = write("images", idx([2, 1, 3], Uint8Array.of(1, 2, 3, 4, 5, 6)));
    const labels = write("labels", gzipSync(idx([3], Uint8Array.of(7, 8, 9))));
    expect(() => loadImages(images, labels)).toThrow("3 labels for the 2 images");
    expect(() => loadImages(labels, images)).toThrow(/1 dimensions where 3 are needed[\s\S]*3 dimensions where 1/);
  });
});

describe("decodeIdx", () => {
  it.each<[string, Uint8Array, string]>([
    ["nothing", new Uint8Array(), "does not begin"],
    ["text", new TextEncoder().encode("not an image file"), "does not begin"],
    ["float values", Uint8Array.of(0, 0, 13, 1, 0, 0, 0, 0), "element type is 13"],
    ["half a header", Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1), "header of 3 dimensions"],
    ["too few values", idx([2, 2], Uint8Array.of(1, 2, 3)), "holds 3 values where its shape [2,2] needs 4"],
    ["too many values", idx([2], Uint8Array.of(1, 2, 3)), "holds 3 values"],
  ])("refuses %s", (_, bytes, words) => {
    expect(() => decodeIdx(bytes, "file")).toThrow(words);
  });
});

describe("inputs", () => {
  it("are pixel / 255", () => {
    expect([...floatInput(Uint8Array.of(0, 51, 255))]).toEqual([0, Math.fround(0.2), 1]);
    const every = Uint8Array.from({ length: 256 }, (_, i) => i);
    const scale = Math.fround(1 / 255);
    expect(quantizedInput(every, { dtype: "uint8", scale, zeroPoint: 0 })).toEqual(every);
    const signed = quantizedInput(every, { dtype: "int8", scale, zeroPoint: -128 });
    expect([...signed]).toEqual([...every].map((pixel) => pixel - 128));
  });

  it("choose the first of the largest values", () => {
    expect([largestIndex([1, 3, 3, 2]), largestIndex([5])]).toEqual([1, 0]);
  });
});
