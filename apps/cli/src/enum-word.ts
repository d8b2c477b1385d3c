const prefixes = /^(MODE|LAW|BREAKER_STATE|KERNEL_KIND|SAMPLE_ORIGIN|XDP_MODE)_/;

/** `MODE_OBSERVE`, `SAMPLE_ORIGIN_KERNEL`, `BREAKER_STATE_OPEN` as a word: `observe`. */
export function enumWord(name: string): string {
  return name.replace(prefixes, '').toLowerCase();
}
