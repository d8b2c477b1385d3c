import { realBpf } from '@levitate/testing';
import { afterEach, beforeEach, expect } from 'vitest';
import { EventStand } from './testing/event-stand.ts';
import { synFrame } from './testing/packets.ts';
import type { Programs } from './testing/programs.ts';
import { QueueStand } from './testing/queue-stand.ts';
import type { Values } from './testing/structs.ts';

const LINK = 7;
const FRAME = synFrame.length;
const EVERY = 8;
const THRESHOLD = 64;
/** Long, so that no pause of the machine decides a test. */
const GAP_NS = 500_000_000;
const SECOND_NS = 1e9;

realBpf.describe('packets that are timed together', () => {
  let stand: EventStand;
  let programs: Programs;
  const send = (packets = 1) => programs.run('xdp_buffer_control', synFrame, packets);
  const counters = () => programs.counters(LINK);
  const now = () => Number(process.hrtime.bigint());
  const detect = (mode = 0) =>
    programs.configure(LINK, {
      mode,
      microburst_gap_ns: GAP_NS,
      microburst_packets: THRESHOLD,
      timed_every: EVERY,
    });
  /** Seven packets wait; the next one is of another jiffy, so it is timed, for all eight. */
  const waiting = (state: Values) =>
    programs.writeCounters(LINK, stand.cpu, {
      group_packets: EVERY - 1,
      group_bytes: (EVERY - 1) * FRAME,
      burst_start_ns: now(),
      ...state,
    });
  const events = () => stand.events();

  beforeEach(() => {
    stand = new EventStand(LINK);
    ({ programs } = stand);
  });
  afterEach(() => stand.close());

  realBpf.it(
    'wait for one another within a jiffy, and the clock is not read meanwhile',
    async () => {
      detect();
      const pair = () => {
        send();
        const first = counters();
        send();
        return { first, second: counters() };
      };
      const waits = ({ first, second }: ReturnType<typeof pair>) =>
        second.group_packets === (first.group_packets ?? 0) + 1;
      let found = pair();
      // Between two calls a jiffy may end.
      for (let tries = 0; tries < 1_000 && !waits(found); tries++) found = pair();
      expect(waits(found)).toBe(true);
      expect(found.second.timed_ns).toBe(found.first.timed_ns);
      expect(found.second.group_bytes).toBe((found.second.group_packets ?? 0) * FRAME);
    },
  );

  realBpf.it('are never more than eight, and every one of them is counted once', () => {
    detect();
    send(1_003);
    const { group_packets = 0, group_bytes = 0, burst_packets = 0, ...rest } = counters();
    expect(group_packets).toBeLessThan(EVERY);
    expect(burst_packets + group_packets).toBe(1_003);
    expect((rest.burst_bytes ?? 0) + group_bytes).toBe(1_003 * FRAME);
    const each = { packets: 1_003, bytes: 1_003 * FRAME, syns: 1_003, microbursts: 1 };
    expect(rest).toMatchObject(each);
  });

  realBpf.it('a run that does not pause is cut, and the next piece begins with all of them', () => {
    detect();
    const start = now() - 0.15 * SECOND_NS;
    waiting({ burst_packets: 70, burst_start_ns: start, timed_ns: now() });
    send();
    expect(events()).toMatchObject([{ packets: 70, flags: 1 }]);
    expect(counters()).toMatchObject({ burst_packets: EVERY, burst_bytes: EVERY * FRAME });
  });

  realBpf.it('a run goes on by their mean gap, and reaches the threshold among them', () => {
    detect();
    // Eight packets in a second: each gap may have been longer than half a second, the mean not.
    waiting({ burst_packets: 60, timed_ns: now() - SECOND_NS });
    send();
    expect(counters()).toMatchObject({ burst_packets: 68, group_packets: 0, microbursts: 1 });
    expect(events()).toEqual([]);
  });

  realBpf.it('a run ends where their mean gap is too long; they belong to no run', () => {
    detect();
    waiting({ burst_packets: 70, burst_bytes: 70 * FRAME, timed_ns: now() - 5 * SECOND_NS });
    send();
    expect(events()).toMatchObject([{ link: LINK, packets: 70, bytes: 70 * FRAME, flags: 0 }]);
    expect(counters()).toMatchObject({ burst_packets: 1, burst_bytes: FRAME, group_packets: 0 });
  });

  for (const [mode, packets] of [
    ['monitor', EVERY],
    ['police', 1],
  ] as const) {
    realBpf.it(`in ${mode} mode the queue is offered ${packets} of eight at once`, () => {
      const queue = new QueueStand(programs, LINK);
      queue.configure({ mode, maxSize: 4 * FRAME, timedEvery: EVERY });
      queue.set({ levelBytes: 0, steps: 0 });
      waiting({});
      send();
      const isOver = packets * FRAME > 4 * FRAME;
      expect(counters()).toMatchObject({
        over_limit_packets: isOver ? packets : 0,
        over_limit_bytes: isOver ? packets * FRAME : 0,
        policed_packets: 0,
      });
      queue.configure({ mode, maxSize: 100 * FRAME, timedEvery: EVERY });
      queue.set({ levelBytes: 0, steps: 0 });
      waiting({});
      send();
      expect(queue.levelBytes).toBeGreaterThan((packets - 1) * FRAME);
      expect(queue.levelBytes).toBeLessThanOrEqual(packets * FRAME);
    });
  }

  realBpf.it('in police mode none waits', () => {
    detect(2);
    send(3);
    expect(counters()).toMatchObject({ packets: 3, group_packets: 0, burst_packets: 3 });
  });
});
