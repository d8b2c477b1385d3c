import { coreRules } from './core-rules.ts';
import { linkRules } from './link-rules.ts';
import { nameRules } from './name-rules.ts';
import { roomRules } from './room-rules.ts';
import { sizeRules } from './size-rules.ts';
import type { Rule } from './source-tree.ts';
import { syntaxRules } from './syntax-rules.ts';
import { textRules } from './text-rules.ts';

/** Every rule of the style that a program can check; the reasons stand in CONTRIBUTING.md. */
export const rules: readonly Rule[] = [
  ...sizeRules,
  ...nameRules,
  ...textRules,
  ...roomRules,
  ...linkRules,
  ...coreRules,
  ...syntaxRules,
];
