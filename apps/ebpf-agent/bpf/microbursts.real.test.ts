import { realBpf } from '@levitate/testing';
import { afterEach, beforeEach, expect } from 'vitest';
import { EventStand } from './testing/event-stand.ts';
import { synFrame } from './testing/packets.ts';
import type { Programs } from './testing/programs.ts';

const LINK = 5;
const FRAME = synFrame.length;
/** Longer than any pause of this test: every packet is in one run. */
const GAP_MAX = 0xffff_ffff;
const THRESHOLD = 10;
const GOES_ON = 1;

realBpf.describe('microbursts', () => {
  let stand: EventStand;
  let programs: Programs;
  const configure = (gapNs: number, packets = THRESHOLD) =>
    programs.configure(LINK, { microburst_gap_ns: gapNs, microburst_packets: packets });
  const send = (packets = 1) => programs.run('xdp_buffer_control', synFrame, packets);
  const counters = () => programs.counters(LINK);
  const events = () => stand.events();
  const now = () => Number(process.hrtime.bigint());

  beforeEach(() => {
    stand = new EventStand(LINK);
    ({ programs } = stand);
  });
  afterEach(() => stand.close());

  realBpf.it('is counted when the run reaches its threshold, and reported when it ends', () => {
    configure(GAP_MAX);
    const start = now();
    send(THRESHOLD - 1);
    expect(counters().microbursts).toBe(0);
    send(16);
    expect(counters().microbursts).toBe(1);
    expect(events()).toEqual([]);
    const end = now();
    // A gap that no two packets keep ends the run with the next packet.
    configure(1);
    send();
    const [event, ...more] = events();
    expect(more).toEqual([]);
    expect(event).toMatchObject({ link: LINK, packets: 25, bytes: 25 * FRAME, flags: 0 });
    expect(event?.time_ns).toBeGreaterThanOrEqual(start);
    expect((event?.time_ns ?? 0) + (event?.duration_ns ?? 0)).toBeLessThanOrEqual(end);
    expect(event?.duration_ns).toBeGreaterThan(0);
    expect(counters()).toMatchObject({ burst_packets: 1, burst_bytes: FRAME, microbursts: 1 });
  });

  realBpf.it('a run below the threshold is none', () => {
    configure(GAP_MAX);
    send(THRESHOLD - 1);
    configure(1);
    send(3);
    expect(events()).toEqual([]);
    expect(counters().microbursts).toBe(0);
  });

  realBpf.it('packets that keep their distance are none, however many', () => {
    configure(1);
    send(5_000);
    expect(counters()).toMatchObject({ packets: 5_000, microbursts: 0, burst_packets: 1 });
    expect(events()).toEqual([]);
  });

  realBpf.it(
    'without a gap or a threshold of two nothing is looked for, nor the clock read',
    () => {
      configure(0);
      send(100);
      configure(GAP_MAX, 1);
      send(100);
      expect(counters()).toMatchObject({ packets: 200, microbursts: 0, burst_packets: 0 });
      expect(counters().timed_ns).toBe(0);
    },
  );

  realBpf.it('a run that does not pause is reported in pieces of 100 ms', () => {
    configure(GAP_MAX);
    const burst = { burst_packets: 500, burst_bytes: 500 * FRAME };
    const start = now() - 150e6;
    programs.writeCounters(LINK, stand.cpu, {
      ...burst,
      burst_start_ns: start,
      timed_ns: now(),
    });
    send();
    const [event] = events();
    expect(event).toMatchObject({ packets: 500, time_ns: start, flags: GOES_ON });
    expect(event?.duration_ns).toBeGreaterThan(100e6);
    expect(counters().burst_packets).toBe(1);
  });

  realBpf.it('what the ring buffer cannot take is counted, nothing else is lost', () => {
    const bursts = 7_000;
    configure(1);
    for (let index = 0; index < bursts; index++) {
      const { packets = 0, events_lost = 0 } = index === 0 ? {} : counters();
      programs.writeCounters(LINK, stand.cpu, {
        packets,
        events_lost,
        burst_packets: 20,
        timed_ns: 2,
        burst_start_ns: 1,
      });
      send();
    }
    const { packets = 0, events_lost = 0 } = counters();
    const reported = events().length;
    expect(packets).toBe(bursts);
    expect(events_lost).toBeGreaterThan(0);
    expect(reported + events_lost).toBe(bursts);
    // 256 KiB of records of 48 B.
    expect(reported).toBeGreaterThan(5_000);
  });
});
