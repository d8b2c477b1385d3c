import type { Kernel, QueueReading } from './kernel.ts';

/**
 * A kernel whose readings show the limit in force where it is not the queue's own: of a link that
 * is driven by socket buffers, a parameter, a BPF map, or by nothing but a simulation.
 * @param hiddenLimit bytes, `undefined` where the queue itself shows the limit
 */
export function withActuatedLimits(
  kernel: Kernel,
  hiddenLimit: (link: string) => number | undefined,
): Kernel {
  const { kind, simulatedReason, capabilities, links } = kernel;
  return {
    ...{ kind, simulatedReason, capabilities, links },
    poll: () => kernel.poll().map((reading, index) => shown(reading, links[index]?.name)),
    inspectAll: () => kernel.inspectAll(),
    setLimit: (identity, limit) => kernel.setLimit(identity, limit),
    restore: (identity, limit) => kernel.restore(identity, limit),
    close: () => kernel.close(),
  };

  function shown(reading: QueueReading | undefined, name = ''): QueueReading | undefined {
    const limitBytes = reading === undefined ? undefined : hiddenLimit(name);
    if (reading === undefined || limitBytes === undefined) return reading;
    return { ...reading, limitBytes };
  }
}
