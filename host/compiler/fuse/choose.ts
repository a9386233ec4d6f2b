import type { Geometry } from "../geometry.ts";
import { type Storage, storageWords } from "../layout/storage.ts";
import type { Operation } from "../lower/operation.ts";
import { FitError } from "../place/fit-error.ts";
import { type Placement, placeStorages } from "../place/residency.ts";
import { rolesOf } from "../place/roles.ts";
import { StripPlanner } from "../place/strip-planner.ts";
import { ConstantsBudget, canFuse, fusedPlans, ringWords } from "./plan-fused.ts";
import { innerStorages, type Span, unitsOf } from "./unit.ts";

/**
 * Places storages, and fuses runs of operations by rows where that makes less pass through buffers: runs are chosen as if
 * all that enters or leaves one passed, then each is given up that does not help after all.
 *
 * @throws FitError if an operation does not fit even with all storages in DRAM
 */
export function placeFused(geometry: Geometry, operations: readonly Operation[]): Placement {
  const planner = new StripPlanner(geometry, operations);
  const apart = placeStorages(geometry, operations, { planner });
  if (apart.traffic === 0) return apart;
  const attempt = (spans: readonly Span[]): Placement | undefined => {
    try {
      return placeStorages(geometry, operations, { planner, spans });
    } catch (error) {
      if (error instanceof FitError) return undefined;
      throw error;
    }
  };
  let spans = chooseSpans(geometry, operations, apart);
  let best = spans.length === 0 ? apart : attempt(spans);
  for (const span of [...spans].reverse()) {
    const others = spans.filter((other) => other !== span);
    const without = others.length === 0 ? apart : attempt(others);
    if (without === undefined || (best !== undefined && without.traffic > best.traffic)) continue;
    [spans, best] = [others, without];
  }
  return best !== undefined && best.traffic < apart.traffic ? best : apart;
}

/** The first and the last operation that touch a storage. */
type Life = readonly [first: number, last: number];

/** The spans that make the fewest words pass: of each operation by itself what it passes now, of a span all but its inside. */
function chooseSpans(geometry: Geometry, operations: readonly Operation[], apart: Placement): readonly Span[] {
  const lives = new Map<Storage, Life>();
  for (const [index, operation] of operations.entries())
    for (const [, { storage }] of rolesOf(operation)) lives.set(storage, [lives.get(storage)?.[0] ?? index, index]);
  const alone = operations.map((operation) => passingAlone(operation, apart));
  const least = new Array<number>(operations.length + 1).fill(0);
  const ends = operations.map((_, index) => index + 1);
  for (let first = operations.length - 1; first >= 0; first--) {
    least[first] = least[first + 1] + alone[first];
    const budget = new ConstantsBudget(geometry);
    const passing = new Map<Storage, number>();
    for (let end = first + 1; end <= operations.length; end++) {
      const operation = operations[end - 1];
      if (!canFuse(geometry, operation) || !budget.take(operation)) break;
      for (const [, { storage }] of rolesOf(operation)) {
        const [begin, last] = lives.get(storage) ?? [0, 0];
        if (begin >= first && last < end) passing.delete(storage);
        else passing.set(storage, storageWords(storage));
      }
      const words = [...passing.values()].reduce((sum, value) => sum + value, 0) + least[end];
      if (end === first + 1 || words >= least[first] || !ringsFit(geometry, operations, [first, end])) continue;
      least[first] = words;
      ends[first] = end;
    }
  }
  const spans: Span[] = [];
  for (let first = 0; first < operations.length; first = ends[first])
    if (ends[first] > first + 1) spans.push([first, ends[first]]);
  return spans;
}

/** Words of its storages that do not stay on chip when nothing is fused. */
function passingAlone(operation: Operation, { resident }: Placement): number {
  return rolesOf(operation).reduce(
    (sum, [, { storage }]) => sum + (resident.has(storage.name) ? 0 : storageWords(storage)),
    0,
  );
}

/** Whether a span's rings fit into an empty memory when all that it shares with others passes. */
function ringsFit(geometry: Geometry, operations: readonly Operation[], span: Span): boolean {
  const units = unitsOf(operations, [span]);
  const unit = units.find(({ first }) => first === span[0]);
  const plan = unit && fusedPlans(geometry, unit, () => false, innerStorages(units)).at(-1);
  if (plan === undefined) return false;
  const words = [...plan.rings].reduce((sum, [storage, rows]) => sum + ringWords(storage, rows), 0);
  return words <= geometry.config.featureDepth;
}
