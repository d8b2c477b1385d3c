import { expect, it } from 'vitest';
import { sortKeys, sortRows } from './link-row.ts';
import { recordedView as view } from './testdata/recorded-view.ts';
import { topJson, topJsonLines } from './top-json.ts';
import { plainFrame, renderTop } from './top-screen.ts';

const golden = (name: string) => new URL(`./testdata/${name}`, import.meta.url).pathname;
const text = (lines: string[]) => `${lines.join('\n')}\n`;

it('at 144 columns everything stands there', async () => {
  const lines = renderTop(view, { columns: 144, lines: 40, hasStyles: false });
  await expect(text(lines)).toMatchFileSnapshot(golden('top-144.txt'));
});

it('at 80 columns and 9 lines the less important goes, and it says what does not fit', async () => {
  const lines = renderTop(view, { columns: 80, lines: 9, hasStyles: false });
  await expect(text(lines)).toMatchFileSnapshot(golden('top-80.txt'));
});

it('off a terminal there is no bound, no colour and no escape', async () => {
  const lines = renderTop(view, plainFrame);
  await expect(text(lines)).toMatchFileSnapshot(golden('top-plain.txt'));
});

it('no line is wider than the frame and none too many, whatever the frame', () => {
  for (let columns = 20; columns <= 200; columns += 3) {
    for (const lines of [1, 2, 5, 8, 30]) {
      const drawn = renderTop(view, { columns, lines, hasStyles: false });
      expect(drawn.length).toBeLessThanOrEqual(lines);
      for (const line of drawn) expect(line.length).toBeLessThanOrEqual(columns);
    }
  }
});

it('styles are only added: without them it is the same text', () => {
  const frame = { columns: 100, lines: 30 };
  const styled = renderTop(view, { ...frame, hasStyles: true });
  const escapeCode = String.fromCharCode(27);
  expect(styled.join('')).toContain(escapeCode);
  const bare = styled.map((line) => line.replaceAll(new RegExp(`${escapeCode}\\[\\d+m`, 'g'), ''));
  expect(bare).toEqual(renderTop(view, { ...frame, hasStyles: false }));
});

it('a name with control characters cannot move the cursor', () => {
  const [first] = view.links;
  const links = [{ ...first, link: 'a\u001b[2J\u202eb\n' }];
  const drawn = renderTop({ ...view, links }, plainFrame).join('\n');
  expect(drawn).toContain('a?[2J?b?');
});

it('each column sorts, the largest first, what is missing last, equal ones by name', () => {
  for (const key of sortKeys) expect(sortRows(view.links, key)).toHaveLength(view.links.length);
  const names = (key: (typeof sortKeys)[number]) =>
    sortRows(view.links, key).map((row) => row.link);
  expect(names('link')).toEqual(['eth0', 'lo', 'predictive', 'reactive']);
  expect(names('drops')).toEqual(['reactive', 'predictive', 'eth0', 'lo']);
  expect(names('limit')).toEqual(['predictive', 'reactive', 'eth0', 'lo']);
});

it('as JSON it is one object, or one a line with what is lost and away first', () => {
  expect(JSON.parse(topJson(view))).toEqual({
    ...{ timeUnixMs: view.timeUnixMs, links: view.links },
    ...{ sources: view.sources, losses: view.losses },
  });
  const records = topJsonLines(view).map((line) => JSON.parse(line));
  expect(records.map(({ kind }) => kind)).toEqual([
    'lost',
    'lost',
    'source',
    ...Array(4).fill('link'),
  ]);
  expect(records[0]).toEqual({
    ...{ kind: 'lost', timeUnixMs: view.timeUnixMs, place: 'telemetry', lost: 1_200 },
  });
});
