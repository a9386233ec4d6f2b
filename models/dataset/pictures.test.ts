import { mkdirSync, writeFileSync } from "node:fs";
import { deflateRawSync } from "node:zlib";
import { encode as encodeJpeg } from "jpeg-js";
import { PNG } from "pngjs";
import { beforeAll, describe, expect, it } from "vitest";
import { shippedImages } from "../shipped.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { openPictures, preprocess } from "./index.ts";

/** A .npy file as NumPy writes it. */
function npy(type: string, shape: readonly number[], data: ArrayBufferView, order = "False"): Buffer {
  const extents = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const header = `{'descr': '${type}', 'fortran_order': ${order}, 'shape': (${extents}), }`.padEnd(117);
  const prefix = Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, 118, 0]);
  return Buffer.concat([
    prefix,
    Buffer.from(`${header}\n`),
    Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  ]);
}

/** A zip archive of one deflated file. */
function zip(name: string, data: Uint8Array): Buffer {
  const packed = deflateRawSync(data);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(name.length, 26);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(8, 10);
  entry.writeUInt32LE(packed.length, 20);
  entry.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(30 + name.length + packed.length, 16);
  return Buffer.concat([local, Buffer.from(name), packed, entry, Buffer.from(name), end]);
}

function png(width: number, height: number, rgb: (i: number) => readonly [number, number, number]): Buffer {
  const image = new PNG({ width, height });
  for (let i = 0; i < width * height; i++) image.data.set([...rgb(i), 255], 4 * i);
  return PNG.sync.write(image);
}

const inFolder = temporaryFolder();
const write = (name: string, bytes: Uint8Array): string => {
  const path = inFolder(name);
  writeFileSync(path, bytes);
  return path;
};
beforeAll(() => {
  mkdirSync(inFolder("set/deep"), { recursive: true });
  mkdirSync(inFolder("empty"));
});

const rgb = { channels: 3, height: 2, width: 2 };
const grey = { channels: 1, height: 2, width: 2 };
const ramp = Uint8Array.from({ length: 24 }, (_, i) => i);
/** Channels of the first image of `ramp` where they are interleaved. */
const first = [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11];

describe("openPictures", () => {
  it("reads idx files", () => {
    const set = openPictures(shippedImages.images, { channels: 1, height: 28, width: 28 });
    expect(set.count).toBe(1000);
    expect(set.read(999).values).toHaveLength(784);
  });

  it("reads NumPy arrays: channels first for float, last for bytes, and either where it alone fits", () => {
    const float = openPictures(write("f.npy", npy("<f4", [2, 3, 2, 2], Float32Array.from(ramp))), rgb);
    expect([float.count, ...float.read(1).values]).toEqual([2, ...ramp.slice(12)]);
    const bytes = openPictures(write("b.npy", npy("|u1", [2, 2, 2, 3], ramp)), rgb);
    expect([bytes.count, ...bytes.read(0).values]).toEqual([2, ...first]);
    const turned = openPictures(write("t.npy", npy("<f8", [2, 2, 2, 3], Float64Array.from(ramp))), rgb);
    expect([...turned.read(0).values]).toEqual(first);
    expect(openPictures(write("s.npy", npy("|u1", [3, 2, 2], ramp.slice(0, 12))), rgb).count).toBe(1);
    expect(openPictures(write("g.npy", npy("|u1", [6, 2, 2], ramp)), grey).count).toBe(6);
  });

  it("reads the first array of an .npz", () => {
    const array = npy("<f4", [2, 3, 2, 2], Float32Array.from(ramp));
    const set = openPictures(write("z.npz", zip("images.npy", array)), rgb);
    expect([...set.read(0).values]).toEqual([...ramp.slice(0, 12)]);
  });

  it("reads folders of PNG, JPEG and NumPy files in the order of their paths", () => {
    write(
      "set/b.png",
      png(2, 2, (i) => [3 * i, 3 * i + 1, 3 * i + 2]),
    );
    const data = Buffer.alloc(16, 100);
    write("set/deep/a.jpg", encodeJpeg({ data, width: 2, height: 2 }, 100).data);
    write("set/a.npy", npy("|u1", [2, 2, 3], ramp.slice(0, 12)));
    write("set/notes.txt", Buffer.from("no image"));
    const set = openPictures(inFolder("set"), rgb);
    expect(set.count).toBe(3);
    expect([...set.read(0).values]).toEqual(first);
    expect([...set.read(1).values]).toEqual(first);
    for (const value of set.read(2).values) expect(Math.abs(value - 100)).toBeLessThan(3);
    expect([
      ...openPictures(
        write(
          "g.png",
          png(2, 2, (i) => [i, i, i]),
        ),
        grey,
      ).read(0).values,
    ]).toEqual([0, 1, 2, 3]);
  });

  it.each<[string, () => string, string]>([
    ["a path to nothing", () => inFolder("nothing"), "no such file or folder"],
    ["an empty folder", () => inFolder("empty"), "the folder holds no image"],
    ["text", () => write("text.npy", Buffer.from("no array at all")), "does not begin as a .npy"],
    ["half an array", () => write("half.npy", npy("<f4", [2, 3, 2, 2], new Float32Array(3))), "needs 96"],
    ["another type", () => write("i.npy", npy("<i8", [3, 2, 2], new BigInt64Array(12))), "element type is <i8"],
    ["Fortran order", () => write("o.npy", npy("|u1", [3, 2, 2], ramp.slice(0, 12), "True")), "C order"],
    ["an array of another size", () => write("l.npy", npy("|u1", [2, 2, 2], ramp.slice(0, 8))), "takes 3x2x2"],
    ["a broken archive", () => write("b.npz", Buffer.from("PK and no more of a zip file")), "no directory"],
    ["an archive of something else", () => write("e.npz", zip("a.txt", ramp)), "holds no array"],
    ["a broken PNG", () => write("b.png", Buffer.from("\x89PNG and no more of it, really")), "cannot be decoded"],
    ["a broken JPEG", () => write("b.jpg", Buffer.from("nothing")), "cannot be decoded"],
    [
      "an image of another size",
      () =>
        write(
          "big.png",
          png(3, 2, () => [1, 2, 3]),
        ),
      "it is 3x2x3",
    ],
    ["grey images for a colour network", () => shippedImages.images, "it is 1x28x28"],
    ["labels instead of images", () => shippedImages.labels, "1 dimensions where images have 3"],
  ])("refuses %s", (_, path, words) => {
    expect(() => openPictures(path(), rgb)).toThrow(words);
  });

  it("refuses colours where one channel is wanted, and images of a folder that do not fit when they are read", () => {
    expect(() =>
      openPictures(
        write(
          "c.png",
          png(2, 2, () => [1, 2, 3]),
        ),
        grey,
      ),
    ).toThrow("coloured");
    mkdirSync(inFolder("mixed"));
    write(
      "mixed/a.png",
      png(2, 2, () => [1, 2, 3]),
    );
    write(
      "mixed/b.png",
      png(2, 4, () => [1, 2, 3]),
    );
    const set = openPictures(inFolder("mixed"), rgb);
    expect(set.read(0).shape).toEqual(rgb);
    expect(() => set.read(1)).toThrow(/b\.png: it is 3x4x2/);
  });
});

describe("preprocess", () => {
  it("scales, then subtracts and divides by channel", () => {
    const picture = { shape: { channels: 2, height: 1, width: 2 }, values: Uint8Array.of(0, 255, 51, 102) };
    expect([...preprocess(picture, {})]).toEqual([0, 1, 0.2, 0.4].map(Math.fround));
    expect([...preprocess(picture, { scale: 1, mean: [1, 2], std: [2] })]).toEqual([-0.5, 127, 24.5, 50]);
    const real = { ...picture, values: Float32Array.of(0, 1, 2, 3) };
    expect([...preprocess(real, { std: [1, 2] })]).toEqual([0, 1, 1, 1.5]);
  });
});
