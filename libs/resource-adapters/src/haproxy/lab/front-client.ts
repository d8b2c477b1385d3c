import { Agent, request } from 'node:http';
import type { ArrivalStream } from '@levitate/queueing';
import { type OpenLoopRun, runOpenLoop, type Served } from '../../pools/lab/open-loop.ts';
import { workHeader } from './lab-server.ts';

/** Longer than anybody should wait, ms. */
const answerMs = 60_000;
/** Requests under way at once; what comes beyond is turned away at the door. */
const underWayMax = 2_000;

/** @see playRequests */
export interface PlayOptions {
  /** Path of the socket on which the balancer takes requests. */
  frontPath: string;
  /** What the fastest server would take for a request of work 1, ms; default 5. */
  serviceMs?: number | undefined;
  /** Later answers count as rejected, ms beyond the request's own service; default 1,000. */
  lateMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** Sends real requests through a balancer, each at its time (open loop). */
export async function playRequests(
  arrivals: ArrivalStream,
  { frontPath, serviceMs = 5, lateMs, signal }: PlayOptions,
): Promise<OpenLoopRun> {
  const agent = new Agent({ keepAlive: true, maxSockets: underWayMax });
  const serve = (ownMs: number) => send({ agent, frontPath, work: ownMs / serviceMs });
  try {
    return await runOpenLoop({ arrivals, serviceMs, serve, lateMs, underWayMax, signal });
  } finally {
    agent.destroy();
  }
}

function send(of: { agent: Agent; frontPath: string; work: number }): Promise<Served> {
  const { agent, frontPath: socketPath, work } = of;
  return new Promise((resolve) => {
    const headers = { [workHeader]: work.toFixed(4) };
    const sent = request({ agent, socketPath, path: '/', headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode === 200 ? 'served' : 'rejected'));
      response.on('error', () => resolve('failed'));
    });
    sent.setTimeout(answerMs, () => sent.destroy());
    sent.on('error', () => resolve('failed'));
    sent.end();
  });
}
