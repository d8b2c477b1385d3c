/** A server that a rotation is chosen from. */
export interface Candidate {
  name: string;
  /** It takes requests if it is asked to. */
  isUp: boolean;
  /** It is in rotation now. */
  isIn: boolean;
  /** At full speed, in the unit of the capacity that is asked for. */
  capacity: number;
  /** How fast it is now, as a share of that, 0 to 1. */
  speed: number;
  /** Of the configuration, at least 1. */
  nominalWeight: number;
}

/**
 * Which servers take requests, and their weights: as few as together have the capacity, at the
 * speed they have now. Sound servers come before slow ones, those that are in before those that
 * are out, larger before smaller; those that are down only where the others do not suffice, so
 * that they serve at once when they come back. At least one is always in.
 * @returns weights by name, 0 for those that are out
 */
export function chooseRotation(
  candidates: readonly Candidate[],
  capacity: number,
): Map<string, number> {
  const order = [...candidates].sort(byWorth);
  const chosen: Candidate[] = [];
  let sum = 0;
  for (const candidate of order) {
    if (chosen.length > 0 && sum >= capacity - tolerance) break;
    chosen.push(candidate);
    sum += useful(candidate);
  }
  const last = chosen.pop();
  if (last !== undefined) chosen.push(smallestThatFits({ last, order, chosen, capacity }));
  const names = new Set(chosen.map(({ name }) => name));
  return new Map(
    candidates.map(({ name, nominalWeight, speed }) => [
      name,
      names.has(name) ? Math.max(1, Math.round(nominalWeight * speed)) : 0,
    ]),
  );
}

/** Of sums of capacities. */
const tolerance = 1e-6;

/** Capacity that serves. */
function useful({ isUp, capacity, speed }: Candidate): number {
  return isUp ? capacity * speed : 0;
}

function byWorth(one: Candidate, other: Candidate): number {
  return (
    Number(other.isUp) - Number(one.isUp) ||
    Number(other.speed === 1) - Number(one.speed === 1) ||
    Number(other.isIn) - Number(one.isIn) ||
    useful(other) - useful(one) ||
    other.capacity - one.capacity ||
    (one.name < other.name ? -1 : 1)
  );
}

/** The last one to come in may be more than is missing: a smaller one of its kind will do. */
function smallestThatFits(of: {
  last: Candidate;
  order: readonly Candidate[];
  chosen: readonly Candidate[];
  capacity: number;
}): Candidate {
  const { last, order, chosen, capacity } = of;
  const missing = capacity - chosen.reduce((sum, each) => sum + useful(each), 0);
  const others = order.filter(
    (each) =>
      each.isUp === last.isUp &&
      each.speed >= last.speed &&
      each.capacity < last.capacity &&
      useful(each) >= missing - tolerance &&
      !chosen.includes(each),
  );
  return others.reduce((least, each) => (each.capacity < least.capacity ? each : least), last);
}
