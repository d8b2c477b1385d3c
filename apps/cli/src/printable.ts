/** Characters that would move a terminal's cursor, recolour it or turn its writing around. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unprintable = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** A text from outside as it may stand on a terminal: what is not printable becomes `?`. */
export function printable(text: string): string {
  return text.replaceAll(unprintable, '?');
}
