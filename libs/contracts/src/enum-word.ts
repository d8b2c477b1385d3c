const prefixes = [
  ...['MODE', 'LAW', 'BREAKER_STATE', 'CANARY_PHASE', 'SAMPLE_ORIGIN', 'MODEL_STATE'],
  ...['KERNEL_KIND', 'RESOURCE_KIND', 'ACTUATOR_KIND'],
];
const prefix = new RegExp(`^(${prefixes.join('|')})_`);

/**
 * A value of an enum as people and configurations call it: `ACTUATOR_KIND_BPF_MAP` is `bpf-map`.
 * One that a newer service sent has no name here and stays the number that it came as.
 */
export function enumWord(value: string): string {
  return String(value).replace(prefix, '').toLowerCase().replaceAll('_', '-');
}
