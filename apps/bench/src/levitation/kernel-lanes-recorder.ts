import { QdiscTable } from '@levitate/kernel';
import type { KernelLab } from '@levitate/kernel-lab';
import type { LaneRecord } from './kernel-lanes-record.ts';
import type { LaneRule } from './kernel-lanes-rules.ts';

/**
 * Time between two readings. Drops and limits are exact at any; occupancy is what the picture
 * shows of a queue that fills in 20-80 ms and drains in up to 150 ms.
 */
const INTERVAL_MS = 20;
/** Half an hour of readings. */
const READINGS_MAX = 90_000;

/** Reads every bottleneck of a lab, all in one netlink dump, until it is stopped. */
export class LaneRecorder<Rule extends string = LaneRule> {
  readonly #table: QdiscTable;
  readonly #lanes: Growing<Rule>[];
  readonly #byInterface: Map<string, Growing<Rule>>;
  readonly #timer: NodeJS.Timeout;
  #isStopped = false;

  constructor(options: { lab: KernelLab; rules: readonly Rule[] }) {
    const { lab, rules } = options;
    this.#table = QdiscTable.open({ netns: lab.layout.namespaces.router });
    this.#lanes = lab.links.map(({ link }, i) => ({
      name: link,
      rule: rules[i] as Rule,
      timeUnixMs: [],
      dropped: [],
      limitBytes: [],
      backlogBytes: [],
    }));
    this.#byInterface = new Map(
      lab.links.map((link, i) => [link.interface, this.#lanes[i] as Growing<Rule>]),
    );
    this.#timer = setInterval(() => this.#read(), INTERVAL_MS);
    this.#read();
  }

  /** The records; a second call gives the same ones. */
  stop(): LaneRecord<Rule>[] {
    if (!this.#isStopped) {
      this.#isStopped = true;
      clearInterval(this.#timer);
      this.#read();
      this.#table.close();
    }
    return this.#lanes.map((lane) => ({
      name: lane.name,
      rule: lane.rule,
      timeUnixMs: Float64Array.from(lane.timeUnixMs),
      dropped: Float64Array.from(lane.dropped),
      limitBytes: Float64Array.from(lane.limitBytes),
      backlogBytes: Float64Array.from(lane.backlogBytes),
    }));
  }

  #read(): void {
    const now = performance.timeOrigin + performance.now();
    for (const qdisc of this.#table.dump()) {
      if (qdisc.kind !== 'tbf') continue;
      const lane = this.#byInterface.get(qdisc.interface);
      if (lane === undefined || lane.timeUnixMs.length >= READINGS_MAX) continue;
      lane.timeUnixMs.push(now);
      lane.dropped.push(qdisc.dropped);
      lane.limitBytes.push(qdisc.limitBytes ?? 0);
      lane.backlogBytes.push(qdisc.backlogBytes);
    }
  }
}

interface Growing<Rule> {
  name: string;
  rule: Rule;
  timeUnixMs: number[];
  dropped: number[];
  limitBytes: number[];
  backlogBytes: number[];
}
