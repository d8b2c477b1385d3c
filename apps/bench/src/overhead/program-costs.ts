import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { contracts, type ebpfAgent } from '@levitate/contracts';
import { connect } from '@levitate/grpc-kit';
import {
  attachXdp,
  BpfObject,
  enableRunStatistics,
  interfaceIndex,
  type RunStatistics,
} from '@levitate/kernel/bpf';

/** What the eBPF programs cost. */
export interface ProgramCosts {
  /** Nanoseconds a run by the kernel's own statistics, by program; those that ran. */
  nsPerRun: Record<string, number>;
  /** Runs behind each. */
  runs: Record<string, number>;
  /** Of an XDP program that does nothing, on the same traffic: what measuring costs. */
  emptyNsPerRun: number;
  /** Nanoseconds a run of the XDP program less those of the empty one, round by round. */
  netNsByRound: Float64Array;
  /** Every map update, microseconds; none unless asked for. */
  mapUpdateUs: Float64Array;
}

/** What the kernel had counted at one moment. */
export interface RunCounts {
  programs: readonly ebpfAgent.Program[];
  empty: RunStatistics;
}

/** Counting run times reads the clock twice a run, so it is on for this part only. */
const COUNTED_MS = 10_000;
/**
 * Whatever else the machine does in between (a timer, another process, the hypervisor) is in the
 * mean of ten seconds for good; in forty means it is in a few, and their median is without it.
 */
const ROUND_MS = 250;
const XDP = 'xdp_buffer_control';
const UPDATES_PER_TURN = 20;
const TURN_MS = 10;
const OBJECT = new URL('../../../ebpf-agent/bpf/levitate.bpf.o', import.meta.url);

/**
 * Let the kernel count how long the agent's programs run while the traffic goes on, and beside them
 * one that does nothing, at an interface of its own, in rounds that both run in. Meanwhile, if
 * asked for, update a map of virtual queues (one like the agent's) some thousand times.
 * @throws KernelError where BPF is not to be had
 */
export async function measureProgramCosts(options: {
  agentAddress: string;
  /** Interface without XDP that gets the same traffic. */
  spare: { netns: string; interface: string };
  hasUpdates: boolean;
  signal: AbortSignal;
}): Promise<ProgramCosts> {
  const { agentAddress, spare, hasUpdates, signal } = options;
  using stack = new DisposableStack();
  stack.use(enableRunStatistics());
  const agent = connect(contracts.ebpfAgent, { address: agentAddress });
  stack.defer(() => agent.close());
  const object = stack.use(BpfObject.open(fileURLToPath(OBJECT)));
  object.load();
  const empty = object.program('xdp_baseline');
  const ifindex = interfaceIndex(spare.interface, spare.netns);
  const attachment = attachXdp({ program: empty, netns: spare.netns, ifindex });
  stack.defer(() => attachment.close());
  const read = async (): Promise<RunCounts> => {
    const { programs } = await agent.listPrograms({}, { signal });
    return { programs, empty: empty.info() };
  };
  const [counts, mapUpdateUs] = await Promise.all([
    readRounds(read, signal),
    hasUpdates ? timeUpdates(object, signal) : new Float64Array(0),
  ]);
  const before = counts[0]?.programs ?? [];
  const after = counts.at(-1)?.programs ?? [];
  const { runCount, runTimeNs } = empty.info();
  const emptyNsPerRun = runCount > 0 ? runTimeNs / runCount : Number.NaN;
  const netNsByRound = netOfRounds(counts, XDP);
  return { ...costsBetween(before, after), emptyNsPerRun, netNsByRound, mapUpdateUs };
}

async function readRounds(
  read: () => Promise<RunCounts>,
  signal: AbortSignal,
): Promise<RunCounts[]> {
  const counts = [await read()];
  for (let at = ROUND_MS; at <= COUNTED_MS; at += ROUND_MS) {
    await sleep(ROUND_MS, undefined, { signal });
    counts.push(await read());
  }
  return counts;
}

/** Of each round in which both ran: mean of the program less mean of the empty one. Pure. */
export function netOfRounds(counts: readonly RunCounts[], program: string): Float64Array {
  const net: number[] = [];
  for (const [index, after] of counts.entries()) {
    const before = counts[index - 1];
    if (before === undefined) continue;
    const ns = costsBetween(before.programs, after.programs).nsPerRun[program];
    const emptyRuns = after.empty.runCount - before.empty.runCount;
    if (ns === undefined || emptyRuns <= 0) continue;
    net.push(ns - (after.empty.runTimeNs - before.empty.runTimeNs) / emptyRuns);
  }
  return Float64Array.from(net);
}

/** Nanoseconds a run of each program between two listings. Pure. */
export function costsBetween(
  before: readonly ebpfAgent.Program[],
  after: readonly ebpfAgent.Program[],
): Pick<ProgramCosts, 'nsPerRun' | 'runs'> {
  const nsPerRun: Record<string, number> = {};
  const runs: Record<string, number> = {};
  // A program that hangs in many places is listed for each, with the counts of all.
  const first = new Map(before.map((one) => [one.name, one]));
  for (const { name, runCount, runTimeNs } of after) {
    const counted = runCount - (first.get(name)?.runCount ?? 0);
    if (counted <= 0) continue;
    runs[name] = counted;
    nsPerRun[name] = (runTimeNs - (first.get(name)?.runTimeNs ?? 0)) / counted;
  }
  return { nsPerRun, runs };
}

async function timeUpdates(object: BpfObject, signal: AbortSignal): Promise<Float64Array> {
  const map = object.map('buffer_config_map');
  const key = Buffer.alloc(map.shape.keyBytes);
  const value = Buffer.alloc(map.lookupBytes);
  const times = new Float64Array((COUNTED_MS / TURN_MS) * UPDATES_PER_TURN);
  for (let at = 0; at < times.length; at++) {
    if (at % UPDATES_PER_TURN === 0) await sleep(TURN_MS, undefined, { signal });
    key.writeUInt32LE(at % map.shape.maxEntries);
    // As the actuator does it: look, change.
    map.lookup(key, value);
    value.writeBigUInt64LE(BigInt(at));
    const start = process.hrtime.bigint();
    map.update(key, value);
    times[at] = Number(process.hrtime.bigint() - start) / 1e3;
  }
  return times;
}
