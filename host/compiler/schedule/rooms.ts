import type { Room } from "../lower/pieces.ts";

/** Room for the pieces of an operation at a boundary: the first one is small, so that it begins early. */
export function boundaryRoom(words: number): Room {
  let most = 0;
  return {
    fitting: (least) => Math.max(least, most),
    take: (taken) => {
      most = Math.ceil(words / 4);
      return taken;
    },
  };
}

/**
 * Room for the pieces of an operation that uses weights up faster than they come: large ones, so that few commands take
 * the bus's time; but small ones as long as memory fills up ahead, and at the end, where nothing is left to compute then.
 *
 * @param inner the memory, of `depth` words
 * @param words of all pieces
 * @param small words of small ones
 */
export function laterLargeRoom(inner: Room, depth: number, words: number, small: number): Room {
  let done = 0;
  return {
    fitting: (least) => Math.min(inner.fitting(least), done < depth ? small : Math.max(small, (words - done) / 2)),
    take: (taken, layer) => {
      done += taken;
      return inner.take(taken, layer);
    },
  };
}
