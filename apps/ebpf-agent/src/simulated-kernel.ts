import type { Clock } from '@levitate/clock';
import type { Capability } from '@levitate/kernel';
import { ByteFifo } from '@levitate/queueing';
import type {
  Kernel,
  LinkName,
  QueueIdentity,
  QueueInspection,
  QueueReading,
  RestoreOutcome,
} from './kernel.ts';
import { SimulatedTraffic, type SimulatedTrafficOptions } from './simulated-traffic.ts';

/** After a suspension of the machine the simulation goes on from here, not through all of it. */
const CATCH_UP_MS_MAX = 5_000;
/** The queue simulator sums up samples of its own; they are dropped this often to bound them. */
const DISCARD_STEPS = 1_000;
/** `1:`, as `tc` would have made it. */
const HANDLE = 0x10000;
const ROOT = 0xffff_ffff;

/** One simulated lane. Lanes with equal traffic get the very same packets. */
export interface SimulatedLane {
  name: string;
  limitBytes: number;
  drainBytesPerSecond: number;
  packetBytes: number;
  traffic: SimulatedTrafficOptions;
}

/** What a simulated kernel is made from. */
export interface SimulatedKernelOptions {
  lanes: readonly SimulatedLane[];
  /** Why the kernel is not a real one. */
  reason: string;
  capabilities: readonly Capability[];
  clock: Clock;
}

/**
 * Queues that do not exist, in real time and in steps of 1 ms, behind the interface of the real
 * ones. What happens depends on the seeds and on the limits set, not on when it is looked at.
 */
export class SimulatedKernel implements Kernel {
  readonly kind = 'simulated';
  readonly simulatedReason: string;
  readonly capabilities: readonly Capability[];
  readonly links: readonly LinkName[];
  readonly #clock: Clock;
  readonly #lanes: Lane[];
  #startMs: number;
  #steps = 0;

  constructor(options: SimulatedKernelOptions) {
    this.simulatedReason = options.reason;
    this.capabilities = options.capabilities;
    this.#clock = options.clock;
    this.#startMs = options.clock.monotonicMs();
    const shared = new Map<string, SimulatedTraffic>();
    this.#lanes = options.lanes.map((lane, index) => {
      const key = JSON.stringify([lane.traffic, lane.drainBytesPerSecond, lane.packetBytes]);
      const traffic = shared.get(key) ?? new SimulatedTraffic(lane, lane.traffic);
      shared.set(key, traffic);
      return new Lane(lane, traffic, index + 1);
    });
    this.links = options.lanes.map(({ name }, index) => ({ name, interface: `sim${index}` }));
  }

  poll(): readonly (QueueReading | undefined)[] {
    this.#advance();
    return this.#lanes.map((lane) => lane.reading());
  }

  /** Nothing in here changes by itself. */
  review(): void {}

  inspectAll(): QueueInspection[] {
    this.#advance();
    return this.#lanes.map((lane) => ({
      reading: lane.reading(),
      notControllableReason: '',
      queues: [{ identity: lane.identity, limit: lane.queue.limitBytes, unit: 'bytes' }],
      label: `simulated queue ${lane.identity.interface}`,
    }));
  }

  setLimit(identity: QueueIdentity, limitBytes: number): { previousLimit: number; limit: number } {
    this.#advance();
    const lane = this.#lanes[identity.ifindex - 1];
    if (lane === undefined) throw new RangeError(`no simulated queue ${identity.ifindex}`);
    const previousLimit = lane.queue.limitBytes;
    lane.queue.setLimit(limitBytes);
    return { previousLimit, limit: lane.queue.limitBytes };
  }

  restore(identity: QueueIdentity, limitBytes: number): RestoreOutcome {
    this.setLimit(identity, limitBytes);
    return 'restored';
  }

  close(): void {}

  #advance(): void {
    const nowMs = this.#clock.monotonicMs();
    const behind = Math.floor(nowMs - this.#startMs) - this.#steps;
    if (behind > CATCH_UP_MS_MAX) this.#startMs += behind - CATCH_UP_MS_MAX;
    const until = Math.floor(nowMs - this.#startMs);
    for (; this.#steps < until; this.#steps++) {
      for (const lane of this.#lanes) lane.step(this.#steps);
    }
  }
}

class Lane {
  readonly queue: ByteFifo;
  readonly identity: QueueIdentity;
  readonly #lane: SimulatedLane;
  readonly #traffic: SimulatedTraffic;

  constructor(lane: SimulatedLane, traffic: SimulatedTraffic, ifindex: number) {
    this.#lane = lane;
    this.#traffic = traffic;
    this.queue = new ByteFifo({ ...lane, link: lane.name });
    this.identity = {
      netns: undefined,
      netnsInode: 0,
      bootId: 'simulated',
      interface: `sim${ifindex - 1}`,
      ifindex,
      handle: HANDLE,
      parent: ROOT,
      kind: 'simulated',
      rateBytesPerSecond: lane.drainBytesPerSecond,
    };
  }

  step(index: number): void {
    const { packets, drainFactor } = this.#traffic.at(index);
    this.queue.setDrain(this.#lane.drainBytesPerSecond * drainFactor);
    this.queue.step(packets);
    if ((index + 1) % DISCARD_STEPS === 0) this.queue.takeSample(0);
  }

  reading(): QueueReading {
    const { sentPackets, droppedPackets } = this.queue.counters;
    const { packetBytes, drainBytesPerSecond } = this.#lane;
    return {
      ifindex: this.identity.ifindex,
      handle: HANDLE,
      kind: 'simulated',
      sentBytes: sentPackets * packetBytes,
      sentPackets,
      dropped: droppedPackets,
      droppedBytes: droppedPackets * packetBytes,
      backlogBytes: this.queue.backlogPackets * packetBytes,
      backlogPackets: this.queue.backlogPackets,
      limitBytes: this.queue.limitBytes,
      drainBytesPerSecond,
    };
  }
}
