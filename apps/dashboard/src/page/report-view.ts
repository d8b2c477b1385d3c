import { html } from './html.ts';
import { type ReportBlock, reportBlocks } from './report-blocks.ts';

/** The report of a model's training. Its plots are files of the source, which are named. */
export function ReportView({ name, report }: { name: string; report: string }) {
  return html`<section class="panel report" aria-labelledby="report-title">
    <header><h2 id="report-title">Report of its training</h2></header>
    ${reportBlocks(report).map((block) => html`<${Block} block=${block} name=${name} />`)}
  </section>`;
}

function Block({ block, name }: { block: ReportBlock; name: string }) {
  if (block.kind === 'heading') {
    return block.level <= 2 ? html`<h3>${block.text}</h3>` : html`<h4>${block.text}</h4>`;
  }
  if (block.kind === 'paragraph') return html`<p>${block.text}</p>`;
  if (block.kind === 'list') {
    return html`<ul>
      ${block.items.map((item) => html`<li>${item}</li>`)}
    </ul>`;
  }
  if (block.kind === 'picture') {
    return html`<p class="plot-file">
      Plot: ${block.title}, docs/models/${name}/${block.file}
    </p>`;
  }
  const looks = columnLooks(block);
  return html`<div class="wide" tabindex="0" role="region" aria-label=${block.head.join(', ')}>
    <table>
      <thead>
        <tr>
          ${block.head.map(
            (cell, index) => html`<th scope="col" class=${looks[index]}>${cell}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${block.rows.map(
          (cells) => html`<tr>
            ${cells.map((cell, index) => html`<td class=${looks[index]}>${cell}</td>`)}
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Columns of figures stand right, those of words left. */
function columnLooks({ head, rows }: Extract<ReportBlock, { kind: 'table' }>): string[] {
  const isFigure = (cell = '') => /^[-+−–]?[\d.,]*( ?%)?$/.test(cell);
  return head.map((_, column) => (rows.every((row) => isFigure(row[column])) ? 'number' : ''));
}
