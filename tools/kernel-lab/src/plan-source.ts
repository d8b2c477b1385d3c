import { strict as assert } from 'node:assert';
import { arrivals, type TrafficPlan } from '@levitate/traffic';
import { PACKET_BYTES } from './packet-batch.ts';
import type { PacketSource } from './traffic.ts';

/** A step of the sender. */
const STEP_MS = 1;

/**
 * The packets of a traffic plan, drawn as they are needed; silence after the plan's end. The plan
 * must be of 1,500-byte packets, the only ones the lab sends.
 */
export function planSource(plan: TrafficPlan): PacketSource {
  assert.equal(plan.packetBytes, PACKET_BYTES, 'the lab sends packets of one size');
  let fromMs = 0;
  return {
    next(steps) {
      const counts = arrivals(plan, { fromMs, stepMs: STEP_MS, count: steps });
      fromMs += steps;
      return Uint16Array.from(counts);
    },
  };
}
