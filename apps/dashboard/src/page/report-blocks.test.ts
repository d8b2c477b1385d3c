import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { reportBlocks } from './report-blocks.ts';

it('takes headings, text, lists, tables and pictures apart', () => {
  const markdown = `# Burst model
Written by \`levitate train burst\`;
not **by hand**. See [the card](../x.md).

| class | recall |
|---|---:|
| periodic | 0.95 |

- one
  goes on
- two

![Reliability](report-reliability.svg)
![Example](report-example.svg)
`;
  expect(reportBlocks(markdown)).toEqual([
    { kind: 'heading', level: 1, text: 'Burst model' },
    { kind: 'paragraph', text: 'Written by levitate train burst; not by hand. See the card.' },
    { kind: 'table', head: ['class', 'recall'], rows: [['periodic', '0.95']] },
    { kind: 'list', items: ['one goes on', 'two'] },
    { kind: 'picture', title: 'Reliability', file: 'report-reliability.svg' },
    { kind: 'picture', title: 'Example', file: 'report-example.svg' },
  ]);
  expect(reportBlocks('\n\n')).toEqual([]);
});

it('leaves no mark of Markdown in the reports that are shipped', async () => {
  for (const name of ['bandwidth', 'burst', 'liquid', 'onsets']) {
    const url = new URL(`../../../../docs/models/${name}/report.md`, import.meta.url);
    const blocks = reportBlocks(await readFile(url, 'utf8'));
    const texts = blocks.flatMap((block) => {
      if (block.kind === 'table') return [...block.head, ...block.rows.flat()];
      return block.kind === 'list' ? block.items : block.kind === 'picture' ? [] : [block.text];
    });
    expect(texts.length).toBeGreaterThan(20);
    for (const text of texts) expect(text).not.toMatch(/^#|^\||\]\(|`|\*\*/);
  }
});
