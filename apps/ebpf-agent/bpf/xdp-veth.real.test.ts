import { type Attachment, attachXdp } from '@levitate/kernel/bpf';
import { realBpf } from '@levitate/testing';
import { afterEach, beforeEach, expect } from 'vitest';
import { Bottleneck } from './testing/bottleneck.ts';
import { Programs } from './testing/programs.ts';
import { QueueStand } from './testing/queue-stand.ts';

const LINK = 6;
const FRAME = 542;
const PACKETS = 200;

for (const mode of ['native', 'generic'] as const) {
  realBpf.describe(`XDP (${mode}) on real packets`, () => {
    let lab: Bottleneck;
    let programs: Programs;
    let queue: QueueStand;
    let attachment: Attachment;
    const counters = () => programs.counters(LINK);
    /** Packets that came through to the network stack. */
    const arrived = async (): Promise<number> => {
      for (let last = lab.arrived(); ; ) {
        await lab.settled();
        const now = lab.arrived();
        if (now === last) return now;
        last = now;
      }
    };

    beforeEach(() => {
      lab = new Bottleneck(`lev-x${process.pid}`);
      lab.shape('rate 1gbit burst 100k limit 10000000');
      programs = new Programs();
      programs.watch(LINK, lab.inIndex, lab.receiver);
      queue = new QueueStand(programs, LINK);
      attachment = attachXdp({
        program: programs.object.program('xdp_buffer_control'),
        ifindex: lab.inIndex,
        netns: lab.receiver,
        mode,
      });
    });
    afterEach(() => {
      attachment.close();
      programs.close();
      lab.close();
    });

    realBpf.it('counts every packet and lets it through', async () => {
      const before = await arrived();
      lab.send(PACKETS, FRAME);
      expect((await arrived()) - before).toBe(PACKETS);
      expect(counters()).toMatchObject({
        packets: PACKETS,
        bytes: PACKETS * FRAME,
        syns: 0,
        malformed_packets: 0,
        policed_packets: 0,
      });
    });

    realBpf.it('counts the one SYN of a connection', async () => {
      await lab.listen();
      lab.stream(50_000);
      await lab.settled();
      expect(counters().syns).toBe(1);
      expect(counters().bytes).toBeGreaterThan(50_000);
    });

    realBpf.it('in police mode drops what is above the limit, and nothing else', async () => {
      const room = 20;
      queue.configure({ mode: 'police', maxSize: room * FRAME });
      const before = await arrived();
      const start = performance.now();
      lab.send(PACKETS, FRAME);
      const through = (await arrived()) - before;
      const drained = performance.now() - start;
      const { packets, policed_packets = 0, over_limit_packets } = counters();
      expect(packets).toBe(PACKETS);
      expect(through).toBe(PACKETS - policed_packets);
      expect(over_limit_packets).toBe(policed_packets);
      expect(through).toBeGreaterThanOrEqual(room);
      expect(through).toBeLessThanOrEqual(room + 1 + drained / FRAME);
    });

    realBpf.it('in monitor mode the same load comes through whole', async () => {
      queue.configure({ mode: 'monitor', maxSize: 20 * FRAME });
      const before = await arrived();
      lab.send(PACKETS, FRAME);
      expect((await arrived()) - before).toBe(PACKETS);
      const { policed_packets, over_limit_packets } = counters();
      expect(policed_packets).toBe(0);
      expect(over_limit_packets).toBeGreaterThan(PACKETS / 2);
    });
  });
}
