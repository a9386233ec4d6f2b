import { expect, it } from "vitest";
import { laterLargeRoom } from "./rooms.ts";

it("lets pieces be large once memory is full, and small again at the end", () => {
  const room = laterLargeRoom({ fitting: () => 32, take: () => 0 }, 24, 64, 4);
  const pieces: number[] = [];
  for (let left = 64; left > 0; left -= pieces[pieces.length - 1]) {
    const words = Math.min(left, 16, room.fitting(1));
    room.take(words, "layer");
    pieces.push(words);
  }
  expect(pieces).toEqual([4, 4, 4, 4, 4, 4, 16, 12, 6, 4, 2]);
});
