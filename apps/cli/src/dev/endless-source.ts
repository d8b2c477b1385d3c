import type { PacketSource } from '@levitate/kernel-lab';

/**
 * One source after another without a gap.
 * @param source gives the packets of a round; asked once a round, in order.
 */
export function endlessSource(
  source: (round: number) => PacketSource,
  roundSteps: number,
): PacketSource {
  let round = 0;
  let current = source(0);
  let left = roundSteps;
  return {
    next(steps) {
      const counts = new Uint16Array(steps);
      for (let done = 0; done < steps; ) {
        if (left === 0) {
          round += 1;
          current = source(round);
          left = roundSteps;
        }
        const part = Math.min(left, steps - done);
        counts.set(current.next(part), done);
        done += part;
        left -= part;
      }
      return counts;
    },
  };
}
