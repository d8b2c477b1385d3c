import { setTimeout as sleep } from 'node:timers/promises';
import { contracts } from '@levitate/contracts';
import { connect, type TlsFiles } from '@levitate/grpc-kit';
import type { Picture } from './picture.ts';

/** How a dashboard reaches the services it draws from. */
export interface FeedOptions {
  readonly agentAddress: string;
  readonly controllerAddress: string;
  readonly tls: TlsFiles | undefined;
  readonly picture: Picture;
  readonly signal: AbortSignal;
  /** Told whether each feed flows, and why not. */
  readonly onState: (feed: string, isFlowing: boolean, why: string) => void;
}

/** Time between two looks at counters and targets. */
const pollMs = 200;
/** Time between two looks at what rarely changes. */
const slowPollMs = 2_000;
/** Wait before a feed that broke is opened again. */
const reopenMs = 500;

/**
 * Fills a picture from agent and controller until the signal is aborted. Each feed stands alone:
 * one that breaks is opened again for ever, and the others go on.
 */
export async function runFeeds(options: FeedOptions): Promise<void> {
  const { tls, picture, signal } = options;
  const agent = connect(contracts.ebpfAgent, {
    address: options.agentAddress,
    tls,
    deadlineMs: 1_000,
  });
  const controller = connect(contracts.fsuController, {
    address: options.controllerAddress,
    tls,
    deadlineMs: 1_000,
  });
  const feeds: Record<string, Feed> = {
    'ebpf-agent links': every(pollMs, signal, async () => {
      picture.setLinks((await agent.listLinks({}, { signal })).links);
    }),
    'ebpf-agent capabilities': every(slowPollMs, signal, async () => {
      const answer = await agent.getCapabilities({}, { signal });
      picture.setKernel(answer);
      picture.setCapabilities(answer.capabilities);
    }),
    'ebpf-agent programs': every(slowPollMs, signal, async () => {
      picture.setPrograms(await agent.listPrograms({}, { signal }));
    }),
    'ebpf-agent samples': async (flows) => {
      for await (const { samples, lost } of agent.streamSamples({}, { signal })) {
        picture.addSamples(samples, lost);
        flows();
      }
    },
    'fsu-controller targets': every(pollMs * 2, signal, async () => {
      const { targets } = await controller.listTargets({}, { signal });
      // Lanes are queues; what else is sized has a page of its own.
      picture.setTargets(targets.filter(({ source }) => source === ''));
    }),
    'fsu-controller ticks': async (flows) => {
      for await (const { ticks, lost } of controller.streamTicks({}, { signal })) {
        picture.addTicks(
          ticks.filter(({ decision }) => (decision?.unit ?? '') === ''),
          lost,
        );
        flows();
      }
    },
    'fsu-controller decisions': every(pollMs * 2, signal, async () => {
      const { decisions } = await controller.listDecisions({ limit: 100 }, { signal });
      picture.setDecisions(decisions.filter(({ unit }) => unit === ''));
    }),
  };
  await Promise.all(Object.entries(feeds).map(([name, feed]) => keepOpen(name, feed, options)));
  agent.close();
  controller.close();
}

/** Runs until it breaks or the signal is aborted, and calls `flows` with every answer. */
type Feed = (flows: () => void) => Promise<void>;

async function keepOpen(name: string, feed: Feed, options: FeedOptions): Promise<void> {
  const { signal, onState } = options;
  while (!signal.aborted) {
    let why = 'ended by the service';
    try {
      await feed(() => onState(name, true, ''));
    } catch (error) {
      why = error instanceof Error ? error.message : String(error);
    }
    if (signal.aborted) return;
    onState(name, false, why);
    await sleep(reopenMs, undefined, { signal }).catch(() => {});
  }
}

function every(ms: number, signal: AbortSignal, look: () => Promise<void>): Feed {
  return async (flows) => {
    while (!signal.aborted) {
      await look();
      flows();
      await sleep(ms, undefined, { signal }).catch(() => {});
    }
  };
}
