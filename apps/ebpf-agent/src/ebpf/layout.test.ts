import { execFileSync } from 'node:child_process';

import { realBpftool } from '@levitate/testing';
import { expect, it } from 'vitest';
import {
  BUFFER_CONFIG,
  DROP_COUNT,
  DROP_KEY,
  gainFromQ16,
  gainToQ16,
  INGRESS_COUNTERS,
  LINK_CONFIG,
  LINK_KEY,
  LINK_SLOT,
  MICROBURST_EVENT,
  SOJOURN_BUCKETS,
  VIRTUAL_QUEUE,
} from './layout.ts';
import { objectPath } from './object-path.ts';

interface BtfType {
  kind: string;
  name: string;
  size: number;
  members?: { name: string; bits_offset: number }[];
}

/** Every constant of the layout, by the structure and the member it is of. */
const layouts: Record<string, { size: number; offsets: Record<string, number> }> = {
  link_slot: {
    size: LINK_SLOT.bytes,
    offsets: {
      slot_id: LINK_SLOT.slotId,
      bytes: LINK_SLOT.byteCount,
      packets: LINK_SLOT.packets,
      syns: LINK_SLOT.syns,
      dropped_bytes: LINK_SLOT.droppedBytes,
      dropped_packets: LINK_SLOT.droppedPackets,
      high_water_bytes: LINK_SLOT.highWaterBytes,
      dequeued_packets: LINK_SLOT.dequeuedPackets,
      backlog_ns: LINK_SLOT.backlogNs,
      backlog_bytes: LINK_SLOT.backlogBytes,
      backlog_packets: LINK_SLOT.backlogPackets,
    },
  },
  sojourn_histogram: { size: 4 * SOJOURN_BUCKETS, offsets: { counts: 0 } },
  link_key: {
    size: LINK_KEY.bytes,
    offsets: { netns_inum: LINK_KEY.netns, ifindex: LINK_KEY.ifindex },
  },
  buffer_config: {
    size: BUFFER_CONFIG.bytes,
    offsets: {
      max_size: BUFFER_CONFIG.maxSize,
      kp: BUFFER_CONFIG.kp,
      ki: BUFFER_CONFIG.ki,
      kd: BUFFER_CONFIG.kd,
    },
  },
  link_config: {
    size: LINK_CONFIG.bytes,
    offsets: {
      rate_bytes_per_second: LINK_CONFIG.rateBytesPerSecond,
      mode: LINK_CONFIG.mode,
      microburst_gap_ns: LINK_CONFIG.microburstGapNs,
      microburst_packets: LINK_CONFIG.microburstPackets,
      timed_every: LINK_CONFIG.timedEvery,
    },
  },
  ingress_counters: {
    size: INGRESS_COUNTERS.bytes,
    offsets: {
      packets: INGRESS_COUNTERS.packets,
      bytes: INGRESS_COUNTERS.byteCount,
      syns: INGRESS_COUNTERS.syns,
      microbursts: INGRESS_COUNTERS.microbursts,
      policed_packets: INGRESS_COUNTERS.policedPackets,
      policed_bytes: INGRESS_COUNTERS.policedBytes,
      over_limit_packets: INGRESS_COUNTERS.overLimitPackets,
      events_lost: INGRESS_COUNTERS.eventsLost,
    },
  },
  virtual_queue: {
    size: VIRTUAL_QUEUE.bytes,
    offsets: {
      drop_probability: VIRTUAL_QUEUE.dropProbability,
      level_bytes: VIRTUAL_QUEUE.levelBytes,
    },
  },
  microburst_event: {
    size: MICROBURST_EVENT.bytes,
    offsets: {
      time_ns: MICROBURST_EVENT.timeNs,
      duration_ns: MICROBURST_EVENT.durationNs,
      bytes: MICROBURST_EVENT.byteCount,
      link: MICROBURST_EVENT.link,
      packets: MICROBURST_EVENT.packets,
      flags: MICROBURST_EVENT.flags,
    },
  },
  drop_key: { size: DROP_KEY.bytes, offsets: { link: DROP_KEY.link, reason: DROP_KEY.reason } },
  drop_count: {
    size: DROP_COUNT.bytes,
    offsets: { packets: DROP_COUNT.packets, bytes: DROP_COUNT.byteCount },
  },
};

realBpftool.it('every offset is that of the structure in the object', () => {
  const dump = execFileSync(realBpftool.path, ['btf', 'dump', 'file', objectPath, '-j'], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const types = (JSON.parse(dump) as { types: BtfType[] }).types;
  const structs = new Map(
    types.filter(({ kind }) => kind === 'STRUCT').map((type) => [type.name, type]),
  );
  for (const [name, { size, offsets }] of Object.entries(layouts)) {
    const struct = structs.get(name);
    expect([name, struct?.size]).toEqual([name, size]);
    for (const [member, offset] of Object.entries(offsets)) {
      const found = struct?.members?.find((one) => one.name === member);
      expect([name, member, found?.bits_offset]).toEqual([name, member, 8 * offset]);
    }
  }
});

it('a gain keeps within a 65,536th, and outside of the format becomes its end', () => {
  for (const gain of [0, 0.02, 0.4, 0.8, 100]) {
    expect(Math.abs(gainFromQ16(gainToQ16(gain)) - gain)).toBeLessThanOrEqual(1 / 131_072);
  }
  expect(gainToQ16(-1)).toBe(0);
  expect(gainToQ16(1e9)).toBe(0xffff_ffff);
});
