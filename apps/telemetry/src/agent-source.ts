import { contracts, type ebpfAgent } from '@levitate/contracts';
import { samplesBetween, samplesOfMessage } from '@levitate/feature-windows';
import {
  type Client,
  connect,
  type ReceivedMessage,
  RpcError,
  reconnecting,
  type TlsFiles,
} from '@levitate/grpc-kit';
import type { Sample } from '@levitate/series';
import { type SourceContext, SourceState } from './source.ts';

/** @see followAgent */
export interface AgentOptions {
  /** `host:port` of an ebpf-agent. */
  address: string;
  /** Silence after which its connection counts as lost, milliseconds. */
  stallMs: number;
  tls?: TlsFiles | undefined;
}

/**
 * Takes the samples of one agent until the signal aborts, over any number of connections. The
 * agent keeps no backlog, so what it measured while it could not be reached is lost; how much that
 * is the sequences tell, and it is counted.
 */
export async function followAgent(options: AgentOptions, context: SourceContext): Promise<void> {
  const { address, stallMs, tls } = options;
  const name = `agent ${address}`;
  const state = new SourceState(name, context);
  const client = connect(contracts.ebpfAgent, { address, tls });
  const messages = reconnecting({
    open: (signal) => messagesOf(client, { stallMs, signal }),
    signal: context.signal,
    onDown: (error, waitMs) => {
      state.down(`${reasonOf(error)}; trying again in ${Math.round(waitMs)} ms`);
      resumed.clear();
    },
  });
  const newest = new Map<string, Sample>();
  /** Links that have come on this connection. */
  const resumed = new Set<string>();
  try {
    for await (const message of messages) {
      state.up();
      const { taken, lost } = await appendMessage(name, message, context);
      const missed = taken.reduce((sum, sample) => sum + missedBefore(sample, newest, resumed), 0);
      context.metrics.lost(name, lost + missed);
    }
  } catch (error) {
    state.down(`${reasonOf(error)}; this will not mend by itself`);
  } finally {
    client.close();
  }
}

type Message = ReceivedMessage<ebpfAgent.StreamSamplesResponse>;

async function appendMessage(
  name: string,
  { bytes, decode }: Message,
  { ingest }: SourceContext,
): Promise<{ taken: Sample[]; lost: number }> {
  const plain = samplesOfMessage(bytes);
  if (plain !== undefined) {
    if (plain.samples.length > 0) await ingest.append(plain.samples);
    return { taken: plain.samples, lost: plain.lost };
  }
  const { samples, lost } = decode();
  return { taken: await ingest.appendUnchecked({ name, origin: 'kernel' }, samples), lost };
}

/** Ends with an error when the agent falls silent, which no broken connection may hide. */
async function* messagesOf(
  client: Client<ebpfAgent.EbpfAgentServiceMethods>,
  { stallMs, signal }: { stallMs: number; signal: AbortSignal },
): AsyncGenerator<Message, void, undefined> {
  const stalled = new AbortController();
  const silence = setTimeout(() => {
    const message = `silent for ${stallMs} ms (agent_stall_ms)`;
    stalled.abort(new RpcError({ code: 'UNAVAILABLE', reason: 'STALLED', message }));
  }, stallMs);
  try {
    const either = AbortSignal.any([signal, stalled.signal]);
    for await (const message of client.streamSamples.encoded({}, { signal: either })) {
      silence.refresh();
      yield message;
      silence.refresh();
    }
  } finally {
    clearTimeout(silence);
  }
}

function missedBefore(sample: Sample, newest: Map<string, Sample>, resumed: Set<string>): number {
  const had = newest.get(sample.link);
  const isFirst = !resumed.has(sample.link);
  resumed.add(sample.link);
  if (newest.size < agentLinksMax || had !== undefined) newest.set(sample.link, sample);
  return isFirst && had !== undefined ? samplesBetween(had, sample) : 0;
}

/** Links of one agent that losses are counted for. */
const agentLinksMax = 10_000;

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
