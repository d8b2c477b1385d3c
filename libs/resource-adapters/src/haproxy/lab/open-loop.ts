import { strict as assert } from 'node:assert';
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { SeededRandom } from '@levitate/clock';
import { giveUpMs, workHeader } from './lab-server.ts';

/** When requests come, and how much work each is, in mean services. */
export interface Arrivals {
  atMs: number[];
  work: number[];
}

/** What became of one request. */
export interface Outcome {
  atMs: number;
  isServed: boolean;
  /** From its time to its answer, ms. */
  latencyMs: number;
  work: number;
}

/** Requests under way at once; beyond, a request counts as turned away. */
const underWayMax = 2_000;
/** Longer than a server lets anybody wait, ms. */
const answerMs = 4 * giveUpMs;

/**
 * Poisson arrivals of exponential work: at a rate for each second.
 * @param ratesPerSecond one for each second from the start
 */
export function poissonArrivals(ratesPerSecond: readonly number[], random: SeededRandom): Arrivals {
  const arrivals: Arrivals = { atMs: [], work: [] };
  ratesPerSecond.forEach((rate, second) => {
    assert(rate >= 0 && rate <= 10_000, `a rate is from 0 to 10,000/s, not ${rate}`);
    const times = Array.from({ length: random.poisson(rate) }, () => random.uniform(0, 1_000));
    for (const ms of times.sort((one, other) => one - other)) {
      arrivals.atMs.push(second * 1_000 + ms);
      arrivals.work.push(random.exponential(1));
    }
  });
  return arrivals;
}

/**
 * Sends each request at its time, whatever became of those before (open loop).
 * @param socketPath where the balancer listens
 * @returns in the order of arrival, once all are answered or given up
 */
export async function playArrivals(
  { atMs, work }: Arrivals,
  { socketPath, signal }: { socketPath: string; signal?: AbortSignal | undefined },
): Promise<Outcome[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: underWayMax });
  const startMs = performance.now();
  const underWay: Promise<Outcome>[] = [];
  let open = 0;
  try {
    for (const [index, at] of atMs.entries()) {
      const aheadMs = at - (performance.now() - startMs);
      if (aheadMs > 0) await delay(aheadMs, undefined, signal === undefined ? {} : { signal });
      signal?.throwIfAborted();
      const isTooMany = open >= underWayMax;
      const sent = { agent, socketPath, work: work[index] ?? 1 };
      if (!isTooMany) open++;
      const answered = isTooMany ? Promise.resolve(false) : send(sent).finally(() => open--);
      underWay.push(
        answered.then((isServed) => {
          const latencyMs = performance.now() - startMs - at;
          return { atMs: at, isServed, latencyMs, work: sent.work };
        }),
      );
    }
    return await Promise.all(underWay);
  } finally {
    agent.destroy();
  }
}

/** @returns whether it was served */
function send(of: { agent: Agent; socketPath: string; work: number }): Promise<boolean> {
  const { agent, socketPath, work } = of;
  return new Promise((resolve) => {
    const headers = { [workHeader]: work.toFixed(4) };
    const sent = request({ agent, socketPath, path: '/', headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode === 200));
      response.on('error', () => resolve(false));
    });
    sent.setTimeout(answerMs, () => sent.destroy());
    sent.on('error', () => resolve(false));
    sent.end();
  });
}
