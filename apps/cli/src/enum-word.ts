const prefixes =
  /^(MODE|LAW|BREAKER_STATE|KERNEL_KIND|RESOURCE_KIND|CANARY_PHASE|SAMPLE_ORIGIN|ACTUATOR_KIND|XDP_MODE)_/;

/** `MODE_OBSERVE`, `SAMPLE_ORIGIN_KERNEL`, `ACTUATOR_KIND_BPF_MAP` as a word: `bpf-map`. */
export function enumWord(name: string): string {
  return name.replace(prefixes, '').toLowerCase().replaceAll('_', '-');
}
