import { contracts } from '@levitate/contracts';
import { connect, type TlsFiles } from '@levitate/grpc-kit';
import { isExactName } from '../glob.ts';
import type { Losses } from '../live/losses.ts';
import { pollSource, type Source, streamSource } from '../live/source.ts';
import type { ServiceAddresses } from '../services.ts';
import type { LinkTable } from './link-table.ts';

/** @see openTopSources */
export interface TopSourceOptions {
  readonly addresses: ServiceAddresses;
  readonly tls: TlsFiles | undefined;
  /** Patterns of link names. */
  readonly links: readonly string[];
  readonly table: LinkTable;
  readonly losses: Losses;
  /** Monotonic, milliseconds. */
  readonly nowMs: () => number;
}

const pollMs = 1_000;
const deadlineMs = 2_000;

/** Everything `levitate top` draws from, into its table; each source stands alone. */
export function openTopSources(options: TopSourceOptions): { sources: Source[]; close(): void } {
  const { addresses, tls, table, losses, nowMs } = options;
  const telemetry = connect(contracts.telemetry, { address: addresses.telemetry, tls });
  const agent = connect(contracts.ebpfAgent, {
    address: addresses['ebpf-agent'],
    tls,
    deadlineMs,
  });
  const controller = connect(contracts.fsuController, {
    address: addresses['fsu-controller'],
    tls,
    deadlineMs,
  });
  const links = options.links.every(isExactName) ? [...options.links] : [];
  const sources = [
    streamSource({
      service: 'telemetry',
      open: (signal) => telemetry.streamSamples({ links }, { signal }),
      onMessage({ samples, lost }) {
        losses.add('telemetry', lost);
        table.addSamples(samples, nowMs());
      },
    }),
    pollSource({
      service: 'fsu-controller',
      everyMs: pollMs,
      ask: (signal) => controller.listTargets({}, { signal }),
      onAnswer: ({ targets }) => table.setTargets(targets),
    }),
    streamSource({
      service: 'fsu-controller',
      open: (signal) => controller.streamTicks({}, { signal }),
      onMessage({ ticks, lost }) {
        losses.add('fsu-controller', lost);
        table.addTicks(ticks, nowMs());
      },
    }),
    pollSource({
      service: 'ebpf-agent',
      everyMs: pollMs,
      ask: (signal) => agent.listLinks({}, { signal }),
      onAnswer: (answer) => table.setLinks(answer.links),
    }),
  ];
  return {
    sources,
    close() {
      telemetry.close();
      agent.close();
      controller.close();
    },
  };
}
