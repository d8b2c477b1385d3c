import type { Bench, BenchKey } from './bench.ts';

const resources = ['buffer', 'threadpool', 'memory', 'connectionpool', 'loadbalancer'] as const;
/** Least relative saving against the tuned static. */
const bars = { buffer: 0.1, threadpool: 0.1, memory: 0.3, connectionpool: 0.1, loadbalancer: 0.2 };

const keys: readonly BenchKey[] = [
  ...resources.flatMap((resource): BenchKey[] => [
    {
      key: `${resource}_gain_vs_tuned`,
      meaning: 'cost saved against a tuned static size',
      atLeast: bars[resource],
    },
    { key: `${resource}_gain_low`, meaning: 'lower end, 99 % by blocks', atLeast: 0 },
    { key: `${resource}_gain_vs_double_decay`, meaning: 'the rule of thumb', atLeast: 0 },
    { key: `${resource}_gain_vs_tuned_alt1`, meaning: 'a reject costs three times as much' },
    { key: `${resource}_gain_vs_tuned_alt2`, meaning: 'reserve costs three times as much' },
    { key: `${resource}_real_gain`, meaning: 'on the real system', atLeast: 0 },
    { key: `${resource}_real_gain_low`, meaning: 'lower end, 99 %' },
    { key: `${resource}_real_gain_n`, meaning: 'runs on the real system', atLeast: 30 },
  ]),
  { key: 'overhead_share', meaning: 'of a core, the controller at 10 Hz', atMost: 0.01 },
];

/** Five resources under control, in simulation: what it saves against every setting that stays. */
export const control: Bench = {
  name: 'control',
  summary: 'buffer, pools, heap and balancer: cost under control against tuned static sizes',
  keys,
  async run(context) {
    // Loaded when it runs, so that help and wrong arguments need not wait for it.
    const { measureControl } = await import('./control/measure-control.ts');
    return measureControl(context);
  },
};
