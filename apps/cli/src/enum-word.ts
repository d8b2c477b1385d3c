const prefixes =
  /^(MODE|LAW|BREAKER_STATE|(KERNEL|RESOURCE|ACTUATOR)_KIND|CANARY_PHASE|SAMPLE_ORIGIN|XDP_MODE)_/;

/** `MODE_OBSERVE`, `SAMPLE_ORIGIN_KERNEL`, `ACTUATOR_KIND_BPF_MAP` as a word: `bpf-map`. */
export function enumWord(name: string): string {
  return name.replace(prefixes, '').toLowerCase().replaceAll('_', '-');
}
