import { setTimeout as delay } from 'node:timers/promises';
import { resourceDefaults } from '@levitate/control';
import {
  type ArrivalStream,
  connectionPoolBench,
  threadPoolBench,
  trialCosts,
} from '@levitate/queueing';
import { PgbouncerPool } from '@levitate/resource-adapters/pgbouncer';
import {
  PgbouncerLab,
  PostgresLab,
  playSleepLane,
} from '@levitate/resource-adapters/pgbouncer/lab';
import { type WorkerPool, WorkerPoolResource } from '@levitate/resource-adapters/pools';
import {
  type LaneTotals,
  playWorkerLane,
  sleepingPool,
} from '@levitate/resource-adapters/pools/lab';
import { Controller, type ManagedResource } from '@levitate/resource-sdk';
import { assertInTime, type RealPair } from './runs.ts';
import { type PoolFigures, simulatedPools } from './simulated-pair.ts';
import type { RealTrial } from './trial.ts';
import type { RequestSystem } from './trials.ts';

/**
 * Every so many arrivals one, which takes so many times as long: as many places are busy, and a
 * machine of two cores can serve them.
 */
const thinning = 4;

const threads: PoolFigures = { resource: 'threadpool', ...threadPoolBench };
const connections: PoolFigures = { resource: 'connectionpool', ...connectionPoolBench };

/** Worker threads that sleep as long as their task says: one pool ruled, one that stays. */
export const realThreadPool: RequestSystem = {
  simulate: (trial) => simulatedOf(trial, threads),
  async play(trial, signal) {
    signal.throwIfAborted();
    const bench = threads;
    const { sizeMin: min, sizeMax: max } = bench;
    const pools = [startOf(trial, bench), trial.tunedSize].map((size) => sleepingPool({ size }));
    const lane = async (pool: WorkerPool<number, number>, isRuled: boolean) => {
      const controller = isRuled
        ? ruled(new WorkerPoolResource({ pool, min, max }), bench)
        : undefined;
      try {
        return await playWorkerLane({ pool, ...loadOf(trial, { bench, signal }) });
      } finally {
        await controller?.stop();
      }
    };
    try {
      // Starting a thread costs more than a task: nobody's load begins before all are there.
      while (pools.some(({ state }) => state.starting > 0)) await delay(100, undefined, { signal });
      const lanes = await Promise.all(pools.map((pool, index) => lane(pool, index === 0)));
      return pairOf(lanes, bench);
    } finally {
      await Promise.all(pools.map((pool) => pool.close()));
    }
  },
};

/** Two PgBouncers before one PostgreSQL, whose queries sleep: one ruled, one that stays. */
export const realConnectionPool: RequestSystem = {
  simulate: (trial) => simulatedOf(trial, connections),
  async play(trial, signal) {
    signal.throwIfAborted();
    const bench = connections;
    const postgres = await PostgresLab.start();
    const lane = async (size: number, isRuled: boolean): Promise<LaneTotals> => {
      const settings = { default_pool_size: size, query_wait_timeout: 1 };
      const lab = await PgbouncerLab.start({ postgres, settings });
      const { sizeMin: min, sizeMax: max } = bench;
      const at = { host: '127.0.0.1', port: lab.port, user: 'postgres', database: 'app' };
      const pool = isRuled
        ? new PgbouncerPool({ ...at, min, max, serverConnectionsMax: max })
        : undefined;
      const controller = pool && ruled(pool, bench);
      try {
        return await playSleepLane({ port: lab.port, ...loadOf(trial, { bench, signal }) });
      } finally {
        await controller?.stop();
        pool?.close();
        await lab.close();
      }
    };
    try {
      const lanes = await Promise.all([
        lane(startOf(trial, bench), true),
        lane(trial.tunedSize, false),
      ]);
      return pairOf(lanes, bench);
    } finally {
      await postgres.close();
    }
  },
};

function simulatedOf(trial: RealTrial, bench: PoolFigures): RealPair {
  return simulatedPools(trial, { bench, start: startOf(trial, bench) });
}

/** Under what is shipped for its kind. */
function ruled(resource: ManagedResource, bench: PoolFigures): Controller {
  return new Controller({ resource, ...resourceDefaults[bench.resource] }).start();
}

/** What the minute before would have left a controller at. */
function startOf({ recentPerSecondMax }: RealTrial, bench: PoolFigures): number {
  const busy = (recentPerSecondMax * bench.serviceMs) / 1_000;
  const wanted = Math.ceil(busy / resourceDefaults[bench.resource].setpoint);
  return Math.min(bench.sizeMax, Math.max(bench.sizeMin, wanted));
}

function loadOf(
  { arrivals, countedFromMs }: RealTrial,
  { bench, signal }: { bench: PoolFigures; signal: AbortSignal },
) {
  return {
    arrivals: thinned(arrivals),
    countedFromMs,
    serviceMs: thinning * bench.serviceMs,
    signal,
  };
}

function thinned({ atMs, work }: ArrivalStream): ArrivalStream {
  const isKept = (_: number, index: number) => index % thinning === 0;
  return { atMs: atMs.filter(isKept), work: work.filter(isKept) };
}

function pairOf([ours, other]: LaneTotals[], bench: PoolFigures): RealPair {
  if (ours === undefined || other === undefined) throw new Error('a pair has two lanes');
  assertInTime([ours, other]);
  return { cost: costOf(ours, bench), otherCost: costOf(other, bench) };
}

function costOf(totals: LaneTotals, { peak }: PoolFigures): number {
  const { arrived, served, rejected, delayP99S, reserved, changes, seconds } = totals;
  return trialCosts({
    ...{ arrived, served, rejected, changes },
    delayP99Seconds: delayP99S,
    reservedOverPeak: reserved / peak,
    elapsedSeconds: seconds,
  }).standard;
}
