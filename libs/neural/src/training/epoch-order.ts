import type { SeededRandom } from '@levitate/clock';

/**
 * The examples of one epoch in a random order, cut into batches of one size. What does not fill a
 * batch waits for another epoch, whose order is another.
 *
 * @param options.batch at most `count`
 */
export function epochBatches({
  count,
  batch,
  random,
}: {
  count: number;
  batch: number;
  random: SeededRandom;
}): number[][] {
  const order = Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    const own = order[last] as number;
    order[last] = order[other] as number;
    order[other] = own;
  }
  const batches = Math.floor(count / batch);
  return Array.from({ length: batches }, (_, index) =>
    order.slice(index * batch, (index + 1) * batch),
  );
}

/** Cuts a batch into `workers` parts whose sizes differ by one at most. */
export function shares(batch: readonly number[], workers: number): number[][] {
  const cut = (worker: number) => Math.floor((worker * batch.length) / workers);
  return Array.from({ length: workers }, (_, worker) => batch.slice(cut(worker), cut(worker + 1)));
}
