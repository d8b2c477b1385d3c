import type { Sample } from '@levitate/series';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Collector } from './collector.ts';
import type { Kernel } from './kernel.ts';
import type { LimitControl } from './limit-control.ts';
import type { ReaderFeed } from './reader-feed.ts';

/** Every metric of the agent. */
export interface AgentMetrics {
  pollSecondsMax: Histogram;
  pollsMissed: Counter;
  samples: Counter;
  limitChanges: Counter<'link' | 'outcome'>;
  restores: Counter<'link' | 'reason' | 'outcome'>;
  resourceRestores: Counter<'resource' | 'reason' | 'outcome'>;
  kernelFaults: Counter<'code'>;
  supervisorRestarts: Counter;
}

/** Make them and register them. Labels are names of configured links and closed sets only. */
export function agentMetrics(registry: Registry): AgentMetrics {
  const registers = [registry];
  return {
    pollSecondsMax: new Histogram({
      name: 'levitate_agent_poll_max_seconds',
      help: 'Slowest look at all queues within each interval.',
      buckets: [25e-6, 50e-6, 100e-6, 250e-6, 500e-6, 1e-3, 2.5e-3, 5e-3, 10e-3, 50e-3],
      registers,
    }),
    pollsMissed: new Counter({
      name: 'levitate_agent_polls_missed_total',
      help: 'Looks at the queues that were due and did not happen.',
      registers,
    }),
    samples: new Counter({
      name: 'levitate_agent_samples_total',
      help: 'Samples made.',
      registers,
    }),
    limitChanges: new Counter({
      name: 'levitate_agent_limit_changes_total',
      help: 'Requests to change a limit, by outcome: changed or the reason of the refusal.',
      labelNames: ['link', 'outcome'],
      registers,
    }),
    restores: new Counter({
      name: 'levitate_agent_restores_total',
      help: 'Originals put back, by why and by what became of it.',
      labelNames: ['link', 'reason', 'outcome'],
      registers,
    }),
    resourceRestores: new Counter({
      name: 'levitate_agent_resource_restores_total',
      help: 'Originals of resources put back, by why and by what became of it.',
      labelNames: ['resource', 'reason', 'outcome'],
      registers,
    }),
    kernelFaults: new Counter({
      name: 'levitate_agent_kernel_faults_total',
      help: 'Times reading a namespace began to fail, by code.',
      labelNames: ['code'],
      registers,
    }),
    supervisorRestarts: new Counter({
      name: 'levitate_agent_supervisor_restarts_total',
      help: 'Times the supervisor ended and was started again.',
      registers,
    }),
  };
}

/** Gauges that are read off when someone scrapes. */
export function observeAgent(
  registry: Registry,
  parts: { kernel: Kernel; collector: Collector; control: LimitControl; feed: ReaderFeed<Sample> },
): void {
  const { kernel, collector, control, feed } = parts;
  const registers = [registry];
  const names = kernel.links.map(({ name }) => name);
  const perLink =
    (valuesOf: () => readonly (number | undefined)[]) =>
    (metric: { reset(): void; inc(labels: { link: string }, value: number): void }) => {
      metric.reset();
      valuesOf().forEach((value, index) => {
        if (value !== undefined) metric.inc({ link: names[index] ?? '' }, value);
      });
    };
  const gauge = (name: string, help: string, valuesOf: () => readonly (number | undefined)[]) => {
    const collect = perLink(valuesOf);
    new Gauge({ name, help, labelNames: ['link'], registers, collect: onThis(collect) });
  };
  const counter = (name: string, help: string, valuesOf: () => readonly number[]) => {
    const collect = perLink(valuesOf);
    new Counter({ name, help, labelNames: ['link'], registers, collect: onThis(collect) });
  };
  gauge('levitate_agent_link_present', 'Whether the queue of the link is there.', () =>
    kernel.inspectAll().map(({ reading }) => (reading === undefined ? 0 : 1)),
  );
  gauge('levitate_agent_limit_bytes', 'Limit in force.', () =>
    kernel
      .inspectAll()
      .map(({ reading }, index) => control.hiddenLimit(names[index] ?? '') ?? reading?.limitBytes),
  );
  gauge('levitate_agent_leased', 'Whether a controller holds the link.', () =>
    names.map((name) => (control.status(name).holder === '' ? 0 : 1)),
  );
  counter('levitate_agent_counter_resets_total', 'Times the counters began anew.', () =>
    collector.counts.map(({ resets }) => resets),
  );
  counter('levitate_agent_disappearances_total', 'Times the queue went away.', () =>
    collector.counts.map(({ disappearances }) => disappearances),
  );
  new Gauge({
    name: 'levitate_agent_actuator',
    help: 'What a limit of the link is written to; 1 for the one of each link.',
    labelNames: ['link', 'actuator'],
    registers,
    collect() {
      this.reset();
      control.lookAll().forEach(({ actuation }, index) => {
        if (actuation === undefined) return;
        this.set({ link: names[index] ?? '', actuator: actuation.kind }, 1);
      });
    },
  });
  new Gauge({
    name: 'levitate_agent_sample_readers',
    help: 'Readers of the stream of samples.',
    registers,
    collect() {
      this.set(feed.readers);
    },
  });
}

/** prom-client hands the metric over as `this`. */
function onThis<Metric>(collect: (metric: Metric) => void): (this: Metric) => void {
  return function read(this: Metric) {
    collect(this);
  };
}
