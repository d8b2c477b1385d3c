import { contracts } from '@levitate/contracts';
import { connect, type TlsFiles } from '@levitate/grpc-kit';
import { isExactName } from '../glob.ts';
import { type Source, streamSource } from '../live/source.ts';
import type { ServiceAddresses } from '../services.ts';
import type { RecordQueue } from './record-queue.ts';
import type { TapFilterOptions } from './tap-filter.ts';
import {
  decisionRecord,
  eventRecord,
  type RecordKind,
  sampleRecord,
  type TapRecord,
} from './tap-record.ts';

/** @see openTapSources */
export interface TapSourceOptions {
  readonly kinds: readonly RecordKind[];
  readonly addresses: ServiceAddresses;
  readonly tls: TlsFiles | undefined;
  readonly filter: TapFilterOptions;
  readonly passes: (record: TapRecord) => boolean;
  readonly queue: RecordQueue;
}

/**
 * One stream per kind of record, from the service that has it, into the queue. A name without a
 * wildcard is asked of the service, so that the rest never crosses the wire.
 */
export function openTapSources(options: TapSourceOptions): { sources: Source[]; close(): void } {
  const opened = options.kinds.map((kind) => openers[kind](options));
  return {
    sources: opened.map(({ source }) => source),
    close: () => {
      for (const { close } of opened) close();
    },
  };
}

interface Opened {
  readonly source: Source;
  readonly close: () => void;
}

const openers: Readonly<Record<RecordKind, (options: TapSourceOptions) => Opened>> = {
  sample({ addresses, tls, filter, ...out }) {
    const client = connect(contracts.telemetry, { address: addresses.telemetry, tls });
    const source = streamSource({
      service: 'telemetry',
      open: (signal) => client.streamSamples({ links: namesOf(filter.links) }, { signal }),
      onMessage({ samples, lost }) {
        out.queue.losses.add('telemetry', lost);
        for (const sample of samples) put(sampleRecord(sample), out);
      },
    });
    return { source, close: client.close };
  },
  decision({ addresses, tls, filter, ...out }) {
    const client = connect(contracts.fsuController, { address: addresses['fsu-controller'], tls });
    const source = streamSource({
      service: 'fsu-controller',
      open: (signal) => client.streamTicks({ targets: namesOf(filter.targets) }, { signal }),
      onMessage({ ticks, lost }) {
        out.queue.losses.add('fsu-controller', lost);
        for (const tick of ticks) put(decisionRecord(tick), out);
      },
    });
    return { source, close: client.close };
  },
  event({ addresses, tls, filter, ...out }) {
    const client = connect(contracts.ebpfAgent, { address: addresses['ebpf-agent'], tls });
    const source = streamSource({
      service: 'ebpf-agent',
      open: (signal) => client.streamMicrobursts({ links: namesOf(filter.links) }, { signal }),
      onMessage({ microbursts, lost }) {
        out.queue.losses.add('ebpf-agent', lost);
        for (const microburst of microbursts) put(eventRecord(microburst), out);
      },
    });
    return { source, close: client.close };
  },
};

function put(
  record: TapRecord | undefined,
  { passes, queue }: Pick<TapSourceOptions, 'passes' | 'queue'>,
): void {
  if (record !== undefined && passes(record)) queue.push(record);
}

/** Names to ask the service for; none, which is all, as soon as one of them is a pattern. */
function namesOf(patterns: readonly string[]): string[] {
  return patterns.every(isExactName) ? [...patterns] : [];
}
