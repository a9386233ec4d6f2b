import { describe, expect, it } from "vitest";
import { presets } from "../../../hdl-gen/index.ts";
import type { NetworkBuilder } from "../../../models/ir/builder.ts";
import { convLayer, networkOver, testQuantization } from "../../testing/networks.ts";
import { laidOutOperations } from "../../testing/operations.ts";
import { Geometry } from "../geometry.ts";
import type { Operation } from "../lower/operation.ts";
import { segmentsOf } from "../lower/segments.ts";

const geometry = new Geometry(presets.g8m8p7);

/** A network of square maps of 6 pixels over `x` with the channels given, written by short methods. */
class Sketch {
  readonly #builder: NetworkBuilder;

  constructor(channels: number) {
    this.#builder = networkOver(channels, 6);
  }

  conv(name: string, input: string, outputs: number, groups = 1): this {
    const inputs = this.#builder.shapeOf(input).channels;
    this.#builder.add(convLayer(name, input, { inputs, outputs, groups }), testQuantization);
    return this;
  }

  concat(name: string, ...inputs: string[]): this {
    this.#builder.add({ kind: "concat", name, inputs, output: name }, testQuantization);
    return this;
  }

  add(name: string, a: string, b: string): this {
    this.#builder.add({ kind: "add", name, inputs: [a, b], output: name }, { ...testQuantization, scale: 0.75 });
    return this;
  }

  channels(name: string, input: string, order: readonly number[]): this {
    this.#builder.add({ kind: "channels", name, input, output: name, order: Int32Array.from(order) }, testQuantization);
    return this;
  }

  operations(): readonly Operation[] {
    return laidOutOperations(geometry, this.#builder.build());
  }

  /** What each operation makes. */
  outputs(): readonly string[] {
    return this.operations().map(({ output }) => output.tensor);
  }
}

const range = (count: number, first = 0): readonly number[] => Array.from({ length: count }, (_, i) => first + i);
const shuffled = (count: number, groups: number): readonly number[] =>
  range(count).map((to) => (to % groups) * (count / groups) + Math.floor(to / groups));

describe("a concatenation", () => {
  it("is written straight into its storage by what makes its inputs, also where they are read elsewhere", () => {
    const sketch = new Sketch(8).conv("a", "x", 12).conv("b", "a", 5).concat("cat", "a", "b").conv("c", "cat", 8);
    const operations = sketch.operations();
    expect(operations.map(({ output }) => output.tensor)).toEqual(["a", "b", "c"]);
    const [a, b, c] = operations;
    expect(b.output.storage).toBe(a.output.storage);
    expect(b.input.storage).toBe(a.output.storage);
    expect(c.input.storage.parts.map(({ firstGroup, groups }) => [firstGroup, groups])).toEqual([
      [0, 2],
      [2, 1],
    ]);
    expect([...c.input.channels]).toEqual([...range(12), ...range(5, 16)]);
  });

  it("of a concatenation shares its storage", () => {
    const sketch = new Sketch(8).conv("a", "x", 8).conv("b", "x", 8).concat("ab", "a", "b").conv("c", "ab", 8);
    expect(sketch.concat("abc", "ab", "c").conv("d", "abc", 8).outputs()).toEqual(["a", "b", "c", "d"]);
  });

  it("copies the network's input, what another one has already, and scattered channels", () => {
    const sketch = new Sketch(8).conv("a", "x", 8).conv("b", "x", 8).concat("ab", "a", "b").concat("xa", "x", "a");
    expect(sketch.outputs()).toEqual(["a", "b", "xa copy 0", "xa copy 1"]);
    const halves = new Sketch(8).conv("a", "x", 32).channels("half", "a", range(16)).conv("b", "half", 8);
    expect(halves.concat("cat", "half", "b").outputs()).toEqual(["a", "b", "cat copy 0"]);
  });

  it("of a tensor with itself or with its own channels needs no copy", () => {
    const sketch = new Sketch(8).conv("a", "x", 8).channels("s", "a", shuffled(8, 2)).concat("cat", "a", "s", "a");
    expect(sketch.outputs()).toEqual(["a"]);
  });
});

describe("a choice of channels", () => {
  it("is no operation, and keeps a depthwise convolution at one channel group a block", () => {
    const sketch = new Sketch(8).conv("a", "x", 48).channels("s", "a", shuffled(48, 3)).conv("d", "s", 48, 48);
    const [, depthwise] = sketch.operations();
    expect([...depthwise.output.channels]).toEqual(shuffled(48, 3));
    expect(segmentsOf(geometry, depthwise, 0, 6)).toMatchObject([{ blocks: 6, channelGroups: 1, groupStep: 1 }]);
  });

  it("leaves out the channel groups between", () => {
    const every = [...range(8), ...range(8, 32)];
    const sketch = new Sketch(8).conv("a", "x", 40).channels("s", "a", every).conv("d", "s", 16, 16);
    const [, depthwise] = sketch.operations();
    expect(depthwise.part.groups).toBe(2);
    expect([...depthwise.output.channels]).toEqual(range(16));
  });

  it("is copied for a convolution where a channel comes twice", () => {
    const sketch = new Sketch(8).channels("s", "x", [0, 0, 1]).conv("d", "s", 8);
    expect(sketch.outputs()).toEqual(["s in order for d", "d"]);
    expect(new Sketch(8).channels("s", "x", [0, 0, 1]).conv("d", "s", 3, 3).outputs()).toEqual(["d"]);
  });
});

describe("an addition", () => {
  it("lies as the tensor added does", () => {
    const sketch = new Sketch(16).channels("s", "x", shuffled(16, 2)).conv("a", "s", 16).add("sum", "a", "s");
    const [sum] = sketch.operations();
    expect([...sum.output.channels]).toEqual(shuffled(16, 2));
  });

  it("has that copied first where its channel groups are not together", () => {
    const apart = [...range(8), ...range(8, 40)];
    const sketch = new Sketch(48).channels("s", "x", apart).conv("a", "x", 16).add("sum", "a", "s");
    expect(sketch.outputs()).toEqual(["s added for sum", "sum"]);
  });
});
