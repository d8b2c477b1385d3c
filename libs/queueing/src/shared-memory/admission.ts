/** The packets of one step, and the queues they arrive at. */
export interface AdmissionStep {
  /** Packets that arrive, by queue. */
  arriving: ArrayLike<number>;
  /** Packets in each queue; afterwards with those that were let in, without those pushed out. */
  backlog: Int32Array;
  /** Packets dropped, by queue: zero before, filled by the rule. Includes those pushed out. */
  dropped: Int32Array;
  /** Packets that the memory holds. */
  memoryPackets: number;
  packetBytes: number;
  /** Limit of each queue, bytes, where the rule goes by limits. */
  limitBytes: ArrayLike<number>;
  /** The queue whose packet comes first; then they take turns. */
  first: number;
}

/** Decides which packets a shared memory takes in; its queues together never exceed it. */
export interface Admission {
  readonly name: string;
  admit(step: AdmissionStep): void;
}

/** Each queue has a limit of its own, which somebody sets; a full memory takes nothing. */
export const byLimits: Admission = {
  name: 'limits',
  admit(step) {
    const { backlog, packetBytes, limitBytes, memoryPackets } = step;
    const total = sum(backlog);
    // Where everything fits, whose packet comes first decides nothing.
    if (total + sum(step.arriving) <= memoryPackets) {
      for (let queue = 0; queue < backlog.length; queue++) {
        const packets = step.arriving[queue] as number;
        if (packets === 0) continue;
        const most = Math.floor((limitBytes[queue] as number) / packetBytes);
        const accepted = Math.min(packets, Math.max(0, most - (backlog[queue] as number)));
        backlog[queue] = (backlog[queue] as number) + accepted;
        step.dropped[queue] = packets - accepted;
      }
      return;
    }
    inTurns(step, (queue, held) => {
      const after = ((backlog[queue] as number) + 1) * packetBytes;
      return held < memoryPackets && after <= (limitBytes[queue] as number);
    });
  },
};

/**
 * Dynamic Thresholds (Choudhury and Hahne, IEEE/ACM ToN 6(2), 1998): a queue takes a packet while
 * it is shorter than alpha x the memory that is free.
 * @param alpha above 0; the paper's and most switches' is 1
 */
export function dynamicThresholds(alpha: number): Admission {
  return {
    name: `dynamic thresholds, alpha ${alpha}`,
    admit(step) {
      const { backlog, memoryPackets } = step;
      inTurns(step, (queue, held) => {
        const free = memoryPackets - held;
        return free > 0 && (backlog[queue] as number) < alpha * free;
      });
    },
  };
}

/**
 * Push-out, longest queue drop (LQD): everything is taken in while there is room; a packet that
 * meets a full memory takes the place of the last one of the longest queue, and is dropped itself
 * where that queue is its own or as long. In the worst case it carries at least half of what a rule
 * could that knows the future (Hahne, Kesselman and Mansour, SPAA 2001).
 */
export const pushOutLongest: Admission = {
  name: 'push-out LQD',
  admit(step) {
    const { backlog, dropped, memoryPackets } = step;
    inTurns(step, (queue, held) => {
      if (held < memoryPackets) return true;
      const longest = longestOf(backlog);
      if ((backlog[queue] as number) >= (backlog[longest] as number)) return false;
      backlog[longest] = (backlog[longest] as number) - 1;
      dropped[longest] = (dropped[longest] as number) + 1;
      return true;
    });
  },
};

/** One packet of each queue after the other, until all of the step have come. */
function inTurns(step: AdmissionStep, takes: (queue: number, held: number) => boolean): void {
  const { arriving, backlog, dropped, first } = step;
  const queues = backlog.length;
  let most = 0;
  for (let queue = 0; queue < queues; queue++) most = Math.max(most, arriving[queue] as number);
  let held = sum(backlog);
  for (let round = 0; round < most; round++) {
    for (let turn = 0; turn < queues; turn++) {
      const queue = (first + turn) % queues;
      if ((arriving[queue] as number) <= round) continue;
      if (takes(queue, held)) {
        backlog[queue] = (backlog[queue] as number) + 1;
        // One that took another's place leaves the memory as full as it was.
        held = Math.min(step.memoryPackets, held + 1);
      } else dropped[queue] = (dropped[queue] as number) + 1;
    }
  }
}

/** The first of the longest. */
function longestOf(backlog: Int32Array): number {
  let longest = 0;
  for (let queue = 1; queue < backlog.length; queue++) {
    if ((backlog[queue] as number) > (backlog[longest] as number)) longest = queue;
  }
  return longest;
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let index = 0; index < values.length; index++) total += values[index] as number;
  return total;
}
