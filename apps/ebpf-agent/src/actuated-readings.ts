import type { PolledKernel, QueueReading } from './kernel.ts';

/**
 * A kernel whose readings show the limit in force where it is not the queue's own: of a link that
 * is driven by socket buffers, a parameter, a BPF map, or by nothing but a simulation.
 * @param hiddenLimit bytes, `undefined` where the queue itself shows the limit
 */
export function withActuatedLimits(
  kernel: PolledKernel,
  hiddenLimit: (link: string) => number | undefined,
): PolledKernel {
  const { kind, links } = kernel;
  return {
    kind,
    links,
    poll: () => kernel.poll().map((reading, index) => shown(reading, links[index]?.name)),
  };

  function shown(reading: QueueReading | undefined, name = ''): QueueReading | undefined {
    const limitBytes = reading === undefined ? undefined : hiddenLimit(name);
    if (reading === undefined || limitBytes === undefined) return reading;
    return { ...reading, limitBytes };
  }
}
