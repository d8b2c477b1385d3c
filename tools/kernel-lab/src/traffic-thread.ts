import { parentPort, workerData } from 'node:worker_threads';
import { withNamespace } from '@levitate/kernel';
import { BackgroundFlows } from './background-flow.ts';
import { DelayProbe, type ProbeArrival } from './delay-probe.ts';
import { goAhead } from './go-ahead.ts';
import { PacketSender } from './packet-batch.ts';
import { PacketSchedule } from './packet-schedule.ts';
import { TrafficCounters } from './traffic-counters.ts';
import type {
  DelayBatch,
  FromTrafficThread,
  LateMoment,
  ToTrafficThread,
  TrafficThreadData,
} from './traffic-messages.ts';
import { unixMs } from './unix-clock.ts';

/** Later than this is worth telling: a burst of 20 ms is then a quarter longer than asked. */
const LATE_MS = 5;
const LATE_MOMENTS_MAX = 1_000;
/**
 * A sender that was held up catches up at twice the pace, in lumps of 5 ms at most: all at once,
 * 50 overdue milliseconds of quiet traffic would look like a burst that nobody planned.
 */
const CATCH_UP_PACE = 2;
const CATCH_UP_STEPS_MAX = 5;
/** Probes are read and batches told at these intervals. */
const RECEIVE_INTERVAL_MS = 5;
const TELL_INTERVAL_MS = 500;

/**
 * The thread that makes all traffic of a lab: wakes every millisecond, sends what is due and reads
 * the probes. It lives and dies with the process that owns the lab, so none is ever left behind.
 */
class TrafficThread {
  readonly #data: TrafficThreadData;
  readonly #counters: TrafficCounters;
  readonly #schedule: PacketSchedule;
  readonly #sender: PacketSender;
  readonly #probe: DelayProbe | undefined;
  readonly #background: BackgroundFlows | undefined;
  readonly #arrivals: ProbeArrival[] = [];
  readonly #late: LateMoment[] = [];
  #startMs = 0;
  #nextProbeMs = 0;
  #nextReceiveMs = 0;
  #nextTellMs = 0;
  #lastTurnMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(data: TrafficThreadData) {
    this.#data = data;
    this.#counters = new TrafficCounters({ memory: data.counters });
    this.#schedule = new PacketSchedule(data.flows.length);
    const inside = <T>(side: 'source' | 'destination', open: () => T) =>
      withNamespace(data.namespaces[side], open);
    const destinationAddresses = data.lanes.map((lane) => lane.destinationAddress);
    const sinkAddresses = data.lanes.map((lane) => lane.sinkAddress);
    this.#sender = inside('source', () => new PacketSender({ sinkAddresses }));
    if (data.probeIntervalMs !== undefined) {
      this.#probe = new DelayProbe({ destinationAddresses, inside });
    }
    if (data.backgroundBitsPerSecond !== undefined) {
      const bitsPerSecond = data.backgroundBitsPerSecond;
      this.#background = new BackgroundFlows({ destinationAddresses, bitsPerSecond, inside });
    }
  }

  receive(message: ToTrafficThread): void {
    if (message.type === 'counts') this.#schedule.append(message.flow, message.counts);
    else if (message.type === 'start') this.#start();
    else this.#stop();
  }

  #start(): void {
    this.#startMs = performance.now();
    this.#counters.setThread('startUnixMs', unixMs());
    this.#turn();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#publish();
    tell({ type: 'stopped', ...this.#takeTold() });
    this.#sender.close();
    this.#probe?.close();
    this.#background?.close();
    parentPort?.close();
  }

  /**
   * One turn of the loop: packets first, then the small things. While a burst is late the
   * background flows wait (they forgo what they owe beyond 20 ms): 25 of them take a fifth of a
   * processor, and the burst is what is measured.
   */
  #turn(): void {
    this.#timer = setTimeout(() => this.#turn(), 1);
    const elapsedMs = performance.now() - this.#startMs;
    this.#sendDue(elapsedMs);
    const behindMs = elapsedMs - this.#schedule.nextStep;
    if (behindMs < LATE_MS) this.#background?.step(elapsedMs);
    if (this.#probe !== undefined && elapsedMs >= this.#nextProbeMs) this.#sendProbes(elapsedMs);
    if (elapsedMs >= this.#nextReceiveMs) {
      this.#nextReceiveMs = elapsedMs + RECEIVE_INTERVAL_MS;
      if (this.#probe !== undefined) this.#arrivals.push(...this.#probe.receive());
    }
    if (elapsedMs >= this.#nextTellMs) {
      this.#nextTellMs = elapsedMs + TELL_INTERVAL_MS;
      this.#publish();
      tell({ type: 'delays', ...this.#takeTold() });
    }
  }

  #sendDue(elapsedMs: number): void {
    const first = this.#schedule.nextStep;
    const pace = Math.ceil(CATCH_UP_PACE * (elapsedMs - this.#lastTurnMs));
    const due = this.#schedule.take(elapsedMs, Math.min(CATCH_UP_STEPS_MAX, pace));
    for (const { flow, packets } of due) {
      const lanes = this.#data.flows[flow] ?? [];
      this.#sender.add(lanes, packets);
      for (const lane of lanes) this.#counters.addLane(lane, 'packets', packets);
    }
    const refused = this.#sender.flush();
    if (refused > 0) this.#counters.addThread('refused', refused);
    const isStarved = this.#schedule.nextStep === this.#schedule.knownSteps;
    if (isStarved && elapsedMs > this.#schedule.knownSteps)
      this.#counters.addThread('starvedMs', elapsedMs - this.#lastTurnMs);
    this.#lastTurnMs = elapsedMs;
    this.#counters.setThread('steps', this.#schedule.nextStep);
    if (due.length > 0) this.#noteLateness(first);
  }

  /** Lateness of the last packet of a turn: from the end of its first step to when all had left. */
  #noteLateness(firstStep: number): void {
    const lateMs = performance.now() - this.#startMs - (firstStep + 1);
    if (lateMs <= LATE_MS) return;
    this.#counters.addThread('lateTimes', 1);
    if (lateMs > this.#counters.thread.latestMs) this.#counters.setThread('latestMs', lateMs);
    if (this.#late.length < LATE_MOMENTS_MAX) this.#late.push({ atMs: firstStep, lateMs });
  }

  #sendProbes(elapsedMs: number): void {
    // Probes missed while late are not made up for: one delay is measured once.
    const intervalMs = this.#data.probeIntervalMs ?? 0;
    this.#nextProbeMs = Math.max(this.#nextProbeMs + intervalMs, elapsedMs - intervalMs);
    const sent = this.#probe?.send() ?? 0;
    for (let lane = 0; lane < sent; lane++) this.#counters.addLane(lane, 'probesSent', 1);
  }

  #publish(): void {
    const { user, system } = process.threadCpuUsage();
    this.#counters.setThread('cpuMs', (user + system) / 1e3);
    this.#background?.totals().forEach((total, lane) => {
      this.#counters.setLane(lane, 'backgroundAcceptedBytes', total.acceptedBytes);
      this.#counters.setLane(lane, 'backgroundDeliveredBytes', total.deliveredBytes);
    });
  }

  #takeTold(): { delays: DelayBatch; late: LateMoment[] } {
    const arrivals = this.#arrivals.splice(0);
    for (const { lane } of arrivals) this.#counters.addLane(lane, 'probesReceived', 1);
    return {
      delays: {
        lane: Uint16Array.from(arrivals, (arrival) => arrival.lane),
        sentUnixMs: Float64Array.from(arrivals, (arrival) => arrival.sentUnixMs),
        delayMs: Float32Array.from(arrivals, (arrival) => arrival.delayMs),
      },
      late: this.#late.splice(0),
    };
  }
}

function tell(message: FromTrafficThread): void {
  parentPort?.postMessage(message);
}

if (parentPort !== null) {
  goAhead();
  const thread = new TrafficThread(workerData as TrafficThreadData);
  parentPort.on('message', (message: ToTrafficThread) => thread.receive(message));
  tell({ type: 'ready' });
}
