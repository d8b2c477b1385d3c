import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resourceDefaults } from '@levitate/control';
import {
  createLab,
  type PacketSource,
  startTraffic,
  type TrafficReport,
} from '@levitate/kernel-lab';
import { bufferBench, bufferTrialLength } from '@levitate/queueing';
import type { LaneRecord } from '../../levitation/kernel-lanes-record.ts';
import { LaneRecorder } from '../../levitation/kernel-lanes-recorder.ts';
import { waitFor } from '../../levitation/kernel-lanes-run.ts';
import type { TrialDraw } from '../trial-draw.ts';
import type { TrialRunner } from '../trial-runner.ts';
import { type BufferRun, pairOf } from './buffer-pair.ts';
import { startBufferServices } from './buffer-services.ts';
import type { RealPlayer } from './runs.ts';

const { drainBytesPerSecond, sizeMax } = bufferBench;
const uncountedMs = bufferTrialLength.uncountedSeconds * 1000;
const countedMs = bufferTrialLength.countedSeconds * 1000;
const kind = 'link-capacity-1ms';

/**
 * Kernel queues with the packets of scored trials: of each pair one under the agent and the
 * controller, processes of their own, with the law that the simulation has, and one that keeps the
 * tuned limit; both begin with it. A trial is as long as the simulated one. Needs root.
 */
export function realBuffer(of: {
  runner: TrialRunner;
  draw: TrialDraw;
  tunedSize: number;
}): RealPlayer {
  const { runner, draw, tunedSize } = of;
  const runOf = (index: number): BufferRun => {
    const trial = { resource: 'buffer', kind, part: 'test', index } as const;
    const policies = [
      { kind: 'ours', start: tunedSize },
      { kind: 'static', size: tunedSize },
    ] as const;
    const [ours, other] = runner.run({ trial, policies }).outcomes;
    if (ours === undefined || other === undefined) throw new Error('an outcome for each policy');
    return {
      packetsPerMs: draw.buffer(trial, bufferBench.load).packetsPerMs,
      simulated: { cost: ours.costs.standard, otherCost: other.costs.standard },
    };
  };
  return {
    async play(runs, signal) {
      const trials = runs.map(runOf);
      const { records, traffic } = await playLanes(trials, { tunedSize, signal });
      const pairs = trials.map(async (trial, index) => {
        const [ours, other] = records.slice(2 * index, 2 * index + 2);
        if (ours === undefined || other === undefined) throw new Error('two lanes for each trial');
        return pairOf(trial, { records: [ours, other], traffic });
      });
      return Promise.allSettled(pairs);
    },
  };
}

interface PlayedLanes {
  records: readonly LaneRecord<string>[];
  traffic: TrafficReport;
}

/** Everything of it is gone when it returns or throws. */
async function playLanes(
  trials: readonly BufferRun[],
  { tunedSize, signal }: { tunedSize: number; signal: AbortSignal },
): Promise<PlayedLanes> {
  const names = trials.flatMap((_, index) => [`ours-${index}`, `static-${index}`]);
  await using stack = new AsyncDisposableStack();
  const directory = mkdtempSync(join(tmpdir(), 'levitate-bench-'));
  stack.defer(() => rmSync(directory, { recursive: true, force: true }));
  const lab = await createLab({
    id: `control-${process.pid}`,
    lanes: names.map((name) => ({
      name,
      drainBitsPerSecond: 8 * drainBytesPerSecond,
      limitBytes: Math.round(tunedSize),
    })),
  });
  stack.defer(() => lab.close());
  const services = await startBufferServices({
    lanes: lab.links.filter((_, index) => index % 2 === 0),
    directory,
    bounds: { min: bufferBench.sizeMin, max: sizeMax },
    rule: resourceDefaults.buffer,
    signal,
  });
  stack.defer(() => services.stop());
  const rules = names.map((_, index) => (index % 2 === 0 ? 'ours' : 'static'));
  const recorder = new LaneRecorder({ lab, rules });
  stack.defer(() => void recorder.stop());
  const flows = trials.map(({ packetsPerMs }, index) => ({
    lanes: names.slice(2 * index, 2 * index + 2),
    source: packetSource(packetsPerMs),
  }));
  const run = await startTraffic({ lab, flows, probeIntervalMs: false, signal });
  stack.defer(async () => void (await run.stop()));
  await waitFor(run, uncountedMs + countedMs, { signal });
  const traffic = await run.stop();
  return { records: recorder.stop(), traffic };
}

/** Packets of each millisecond; nothing after the end. */
function packetSource(packetsPerMs: ArrayLike<number>): PacketSource {
  let at = 0;
  return {
    next: (steps) => Uint16Array.from({ length: steps }, () => packetsPerMs[at++] ?? 0),
  };
}
