/** Entries that no other one beats: with their costs rising, each is worth more than all that cost less. */
export function paretoFront<T>(
  entries: readonly T[],
  cost: (entry: T) => number,
  value: (entry: T) => number,
): readonly T[] {
  const sorted = [...entries].sort((a, b) => cost(a) - cost(b) || value(b) - value(a));
  const front: T[] = [];
  for (const entry of sorted) {
    const last = front[front.length - 1];
    if (last === undefined || value(entry) > value(last)) front.push(entry);
  }
  return front;
}

/** At most `count` entries of a front, from its first to its last, at even steps of the logarithm of their value. */
export function thinned<T>(front: readonly T[], value: (entry: T) => number, count: number): readonly T[] {
  if (front.length <= count) return front;
  const levels = front.map((entry) => Math.log(value(entry)));
  const [low, high] = [levels[0], levels[levels.length - 1]];
  const chosen = new Set<number>();
  for (let step = 0; step < count; step++) {
    const wanted = low + ((high - low) * step) / (count - 1);
    const distances = levels.map((level) => Math.abs(level - wanted));
    chosen.add(distances.indexOf(Math.min(...distances)));
  }
  return front.filter((_, index) => chosen.has(index));
}
