import { expect, it } from 'vitest';
import { rules } from './rules.ts';

const manifest = (name: string, layer: string, more = {}): string =>
  JSON.stringify({
    name: `@levitate/${name}`,
    version: '0.1.0',
    private: true,
    description: 'A room.',
    license: 'Apache-2.0',
    type: 'module',
    exports: './src/index.ts',
    nx: { tags: [`layer:${layer}`], targets: { lint: {}, typecheck: {}, test: {} } },
    ...more,
  });

/** A tree without a fault; each case below breaks it in one place. */
const tidy: Record<string, string> = {
  'package.json': '{"version":"0.1.0"}',
  'README.md': '# levitate\n\nSee [the clock](libs/clock/README.md#clock) and `[x](y)`.\n',
  'libs/clock/package.json': manifest('clock', 'core'),
  'libs/clock/README.md': '# clock\n',
  'libs/clock/tsconfig.json': '{"extends":"../../tsconfig.base.json"}',
  'libs/clock/src/index.ts': "export { now } from './now.ts';\n",
  'libs/clock/src/now.ts': '/** Not Date.now(). */\nexport const now = 1;\n',
  'apps/cli/package.json': manifest('cli', 'app'),
  'apps/cli/README.md': '# cli\n',
  'apps/cli/tsconfig.json': '{"extends":"../../tsconfig.base.json"}',
  'apps/cli/src/main.ts': 'console.log(process.env.HOME);\n',
};

const longFunction = `export function f() {\n${'  g();\n'.repeat(70)}}\n`;

/** Path, text that breaks a rule, and a piece of what the rule says about it. */
const faults: readonly [path: string, text: string, what: string][] = [
  ['libs/clock/src/wide.ts', `// ${'x'.repeat(98)}\n`, '101 characters'],
  ['libs/clock/src/tall.ts', '//\n'.repeat(501), '501 lines'],
  ['apps/cli/src/main.ts', '//\n'.repeat(61), '61 lines, 60 allowed'],
  ['libs/clock/src/aClock.ts', '', 'not kebab-case'],
  ['libs/clock/src/string-utils.ts', '', '"utils" says nothing'],
  ['libs/clock/src/names.ts', 'class ClockManager {}\n', '"ClockManager" says nothing'],
  ['libs/clock/src/later.ts', '// TODO: later\n', 'do it, or open an issue'],
  ['libs/clock/src/now.test.ts', "it.only('x', () => {});\n", 'it.only'],
  ['apps/cli/src/all.ts', "export * from './main.ts';\n", 'list the names'],
  ['docs/x.md', 'see /home/somebody/notes\n', 'one machine only'],
  ['apps/cli/src/dev.ts', 'start(process.env);\n', 'main.ts reads it'],
  ['libs/clock/package.json', manifest('clok', 'core'), 'name is not that of its folder'],
  ['libs/clock/package.json', manifest('clock', 'low'), 'nx.tags has not one of'],
  ['apps/cli/package.json', manifest('cli', 'app', { foo: 1 }), 'keys beyond'],
  ['libs/clock/README.md', 'A clock.\n', 'does not begin with "# clock"'],
  ['README.md', 'See [it](libs/cloak/README.md).\n', 'nothing is at "libs/cloak/README.md"'],
  ['README.md', 'See [it](libs/clock/README.md#hands).\n', 'nothing is at'],
  ['libs/clock/src/read.ts', "import { readFileSync } from 'node:fs';\n", 'imports node:fs'],
  ['libs/clock/src/late.ts', "import { z } from 'zod';\n", 'imports zod'],
  ['libs/clock/src/tick.ts', 'setTimeout(tick, 1);\n', 'uses setTimeout'],
  ['libs/clock/src/dice.ts', 'const x = Math.random();\n', 'uses Math.random'],
  ['libs/clock/src/date.ts', 'const x = Date.now();\n', 'uses Date'],
  ['apps/cli/src/long.ts', longFunction, 'a function of 72 lines'],
  ['libs/clock/src/index.ts', 'console.info(1);\n', 'other than a list'],
  ['libs/clock/src/now.ts', 'export const now = 1;\n', 'now has no TSDoc'],
];

it('a tree without a fault passes every rule', () => {
  expect(offences(tidy)).toEqual([]);
});

for (const [path, text, what] of faults) {
  it(`${path} with ${JSON.stringify(text.slice(0, 40))} is found: ${what}`, () => {
    const found = offences({ ...tidy, [path]: text }).filter((each) => each.path === path);
    expect(found.map((each) => each.what).join('\n')).toContain(what);
  });
}

it('two ranges of one package are found', () => {
  const zod = (range: string) => ({ dependencies: { zod: range } });
  const found = offences({
    ...tidy,
    'apps/cli/package.json': manifest('cli', 'app', zod('^4')),
    'apps/dev/package.json': manifest('dev', 'app', zod('^3')),
    'apps/dev/README.md': '# dev\n',
    'apps/dev/tsconfig.json': '{"extends":"../../tsconfig.base.json"}',
  });
  expect(found).toEqual([
    { path: 'apps/dev/package.json', what: 'zod is ^3 here and ^4 in apps/cli' },
  ]);
});

function offences(files: Record<string, string>) {
  const tree = { files: Object.entries(files).map(([path, text]) => ({ path, text })) };
  return rules.flatMap((rule) => rule.check(tree));
}
