/** A piece of a report: what the reports of trainings use of Markdown, and nothing else. */
export type ReportBlock =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  | { readonly kind: 'picture'; readonly title: string; readonly file: string };

/** Takes Markdown apart. Whatever it does not know stays text. */
export function reportBlocks(markdown: string): ReportBlock[] {
  return markdown
    .split(/\n\s*\n/)
    .map((part) => part.split('\n').filter((line) => line.trim() !== ''))
    .filter((lines) => lines.length > 0)
    .flatMap(blocksOf);
}

function blocksOf(lines: readonly string[]): ReportBlock[] {
  const [first = '', ...rest] = lines;
  const heading = /^(#{1,6}) +(.*)$/.exec(first);
  if (heading !== null) {
    const [, marks = '', text = ''] = heading;
    const after = rest.length === 0 ? [] : blocksOf(rest);
    return [{ kind: 'heading', level: marks.length, text: plain(text) }, ...after];
  }
  if (lines.every((line) => line.startsWith('|'))) return [tableOf(lines)];
  if (first.startsWith('- ')) return [{ kind: 'list', items: itemsOf(lines) }];
  const picture = /^!\[([^\]]*)\]\(([^)]*)\)$/.exec(first);
  if (picture !== null) {
    const [, title = '', file = ''] = picture;
    const after = rest.length === 0 ? [] : blocksOf(rest);
    return [{ kind: 'picture', title, file }, ...after];
  }
  return [{ kind: 'paragraph', text: plain(lines.join(' ')) }];
}

function tableOf(lines: readonly string[]): ReportBlock {
  const rows = lines
    .filter((line) => !/^\|[\s:|-]+\|$/.test(line))
    .map((line) =>
      line
        .slice(1)
        .replace(/\|\s*$/, '')
        .split('|'),
    )
    .map((cells) => cells.map((cell) => plain(cell.trim())));
  const [head = [], ...body] = rows;
  return { kind: 'table', head, rows: body };
}

/** A line that does not begin an item goes on with the one before. */
function itemsOf(lines: readonly string[]): string[] {
  const items: string[] = [];
  for (const line of lines) {
    if (line.startsWith('- ')) items.push(line.slice(2));
    else items.push(`${items.pop() ?? ''} ${line.trim()}`);
  }
  return items.map(plain);
}

/** Text without the marks of emphasis, code and links. */
function plain(text: string): string {
  return text.replace(/\[([^\]]+)\]\([^)]*\)/g, '$1').replace(/\*\*|`/g, '');
}
