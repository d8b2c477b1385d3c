import { setTimeout as sleep } from 'node:timers/promises';
import { connectHealth, type HealthClient, RpcError, type TlsFiles } from '@levitate/grpc-kit';
import type { ServiceView } from './view.ts';

/** One service to watch. */
export interface WatchedService {
  readonly name: string;
  /** gRPC address. */
  readonly address: string;
  /** Plain HTTP address of its operations routes. */
  readonly ops: string;
}

/** @see watchServices */
export interface ServiceWatchOptions {
  readonly services: readonly WatchedService[];
  readonly tls: TlsFiles | undefined;
  readonly signal: AbortSignal;
  readonly onStates: (states: ServiceView[]) => void;
}

const pollMs = 1_000;
const deadlineMs = 900;
/** Answers a service may owe in a row before it counts as down: a busy machine is late at times. */
const missesMax = 3;

/** Asks every service for its health once a second until the signal is aborted. */
export async function watchServices(options: ServiceWatchOptions): Promise<void> {
  const { services, tls, signal, onStates } = options;
  const watched = services.map((service) => ({
    service,
    client: connectHealth({ address: service.address, tls, deadlineMs }),
    misses: 0,
  }));
  while (!signal.aborted) {
    const states = watched.map((one) => stateOf(one, signal));
    onStates(await Promise.all(states));
    await sleep(pollMs, undefined, { signal }).catch(() => {});
  }
  for (const { client } of watched) client.close();
}

interface Watched {
  readonly service: WatchedService;
  readonly client: HealthClient;
  /** Answers owed in a row. */
  misses: number;
}

async function stateOf(watched: Watched, signal: AbortSignal): Promise<ServiceView> {
  const { name, address, ops } = watched.service;
  try {
    const status = await watched.client.check('', { signal });
    watched.misses = 0;
    if (status === 'SERVING') return { name, address, state: 'up', why: '' };
    return { name, address, state: 'degraded', why: await whyNotReady(ops) };
  } catch (error) {
    const isLate = error instanceof RpcError && error.code === 'DEADLINE_EXCEEDED';
    watched.misses = isLate ? watched.misses + 1 : missesMax;
    const state = watched.misses < missesMax ? 'degraded' : 'down';
    return { name, address, state, why: whyDown(error, address) };
  }
}

/** The components that `/readyz` says do not work. */
async function whyNotReady(ops: string): Promise<string> {
  try {
    const answer = await fetch(`http://${ops}/readyz`, {
      signal: AbortSignal.timeout(deadlineMs),
    });
    const { components } = (await answer.json()) as {
      components: { name: string; ok: boolean; why: string }[];
    };
    const broken = components.filter(({ ok }) => !ok).map((part) => `${part.name}: ${part.why}`);
    return broken.slice(0, 8).join('; ') || 'not serving';
  } catch {
    return 'not serving, and its operations address does not say why';
  }
}

function whyDown(error: unknown, address: string): string {
  if (!(error instanceof RpcError)) return String(error);
  if (error.code === 'DEADLINE_EXCEEDED') return `no answer from ${address} in ${deadlineMs} ms`;
  if (error.code === 'UNAVAILABLE') return `nobody answers at ${address}`;
  return `${error.code}: ${error.message}`;
}
