import { Counter, Gauge, type Registry } from 'prom-client';
import type { KernelPrograms } from './kernel-programs.ts';

/** What the programs counted, read when somebody scrapes. Labels: links, words of the kernel. */
export function observePrograms(registry: Registry, programs: KernelPrograms): void {
  const registers = [registry];
  const ingress = oncePerScrape(() => programs.ingress());
  new Counter({
    name: 'levitate_agent_dropped_packets_total',
    help: "Packets of a link the kernel threw away, by the kernel's own reason.",
    labelNames: ['link', 'reason'],
    registers,
    collect() {
      this.reset();
      for (const { link, reason, packets } of programs.drops()) this.inc({ link, reason }, packets);
    },
  });
  const ofIngress = (name: string, help: string, read: (of: IngressOf) => number) =>
    new Counter({
      name: `levitate_agent_ingress_${name}_total`,
      help,
      labelNames: ['link'],
      registers,
      collect() {
        this.reset();
        for (const one of ingress()) this.inc({ link: one.link }, read(one));
      },
    });
  ofIngress('packets', 'Packets that arrived at an XDP program.', ({ packets }) => packets);
  ofIngress('bytes', 'Bytes of those packets.', ({ bytes }) => bytes);
  ofIngress('syns', 'TCP connections that began.', ({ syns }) => syns);
  ofIngress('microbursts', 'Runs of close packets.', ({ microbursts }) => microbursts);
  ofIngress(
    'policed_packets',
    'Packets dropped by the mode police.',
    ({ policedPackets }) => policedPackets,
  );
  ofIngress(
    'microburst_events_lost',
    'Microbursts that found the ring full.',
    ({ eventsLost }) => eventsLost,
  );
  new Gauge({
    name: 'levitate_agent_ingress_drop_probability_ratio',
    help: 'What the PID on the virtual queue would drop.',
    labelNames: ['link'],
    registers,
    collect() {
      this.reset();
      for (const { link, dropProbability } of ingress()) {
        this.set({ link }, dropProbability);
      }
    },
  });
  new Gauge({
    name: 'levitate_agent_counting_ratio',
    help: '1 while what leaves the link is counted in the kernel, 0 while its queue is polled.',
    labelNames: ['link'],
    registers,
    collect() {
      this.reset();
      programs.names.forEach((link, index) => {
        this.set({ link }, Number(programs.isCounting(index)));
      });
    },
  });
}

/** A scrape asks every metric in one go; what they share is read for the first of them. */
function oncePerScrape<Value>(read: () => Value): () => Value {
  let kept: { value: Value } | undefined;
  return () => {
    if (kept === undefined) {
      kept = { value: read() };
      queueMicrotask(() => {
        kept = undefined;
      });
    }
    return kept.value;
  };
}

type IngressOf = ReturnType<KernelPrograms['ingress']>[number];
