// A process of `levitate dev`: owns the kernel lab and the packets through it. Arguments: the id of
// the lab and the seed of the traffic. It says { ready, links } on its IPC channel and ends, with
// everything removed, at SIGTERM or when that channel closes.
import { createLab, planSource, removeStaleLabs, startTraffic } from '@levitate/kernel-lab';
import { planTraffic } from '@levitate/traffic';
import {
  drainBytesPerSecond,
  laneNames,
  limitBytes,
  roundMs,
  roundTraffic,
} from './demonstration.ts';
import { endlessSource } from './endless-source.ts';

const [id = 'dev', seed = '1'] = process.argv.slice(2);
const told = new Promise<void>((resolve) => {
  process.on('SIGTERM', () => resolve());
  process.on('SIGINT', () => resolve());
  process.on('disconnect', () => resolve());
});

await removeStaleLabs();
const lanes = laneNames.map((name) => ({
  name,
  drainBitsPerSecond: drainBytesPerSecond * 8,
  limitBytes,
}));
const lab = await createLab({ id, lanes });
try {
  const packets = (round: number) => planSource(planTraffic(roundTraffic(Number(seed), round)));
  const traffic = await startTraffic({
    lab,
    flows: [{ lanes: [...laneNames], source: endlessSource(packets, roundMs) }],
    probeIntervalMs: false,
  });
  process.send?.({ ready: true, links: lab.links });
  await Promise.race([told, traffic.finished]);
  await traffic.stop();
} finally {
  await lab.close();
}
process.exit(0);
