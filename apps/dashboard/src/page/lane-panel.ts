import { useState } from 'preact/hooks';
import type { LaneView } from '../view.ts';
import { forecastLine, unusedWord } from './forecast-words.ts';
import { bytes, count, megabitsPerSecond, milliseconds } from './format.ts';
import { html } from './html.ts';
import { graphsOf, type Tops } from './lane-plots.ts';
import { Plot } from './plot.ts';

/** One lane: what controls it, four graphs over the same minute, and the same as a table. */
export function LanePanel(props: { lane: LaneView; tops: Tops; nowUnixMs: number; theme: number }) {
  const { lane, tops, nowUnixMs, theme } = props;
  const { counters } = lane;
  const newest = lane.samples.at(-1);
  const id = `lane-${lane.link}`;
  return html`<section
    class="panel lane ${lane.kind}"
    aria-labelledby=${id}
    data-lane=${lane.name}
    data-link=${lane.link}
    data-dropped-packets=${counters?.droppedPackets}
    data-sent-packets=${counters?.sentPackets}
    data-limit-bytes=${counters?.limitBytes}
    data-sample-unix-ms=${newest?.timeUnixMs}
  >
    <header>
      <h2 id=${id}><span class="chip" aria-hidden="true"></span>${titleOf(lane)}</h2>
      <p class="status">${statusOf(lane)}</p>
    </header>
    <p class="forecast">${forecastLine(lane)}</p>
    ${graphsOf(lane, tops, nowUnixMs).map(
      ({ id: graph, title, legend, plot }) => html`<div class="graph" key=${graph}>
        <div class="caption">
          <h3>${title}</h3>
          <ul class="legend">
            ${legend.map(
              ({ look, name, value }) =>
                html`<li>
                  <i class="look ${look}" aria-hidden="true"></i>${name} <b>${value}</b>
                </li>`,
            )}
          </ul>
        </div>
        <${Plot} ...${plot} kind=${lane.kind} theme=${theme} />
      </div>`,
    )}
    <${SampleTable} lane=${lane} />
  </section>`;
}

/** The kind of lane, and its name where that says something else. */
export function titleOf({ kind, name }: Pick<LaneView, 'kind' | 'name'>): string {
  const title = { reactive: 'Reactive', predictive: 'Predictive', uncontrolled: 'Link' }[kind];
  return name.toLowerCase() === kind ? title : `${title} · ${name}`;
}

function statusOf({ control, link, name }: LaneView): string {
  const where = link === name ? '' : `${link} · `;
  if (control === null) return `${where}no controller`;
  const words = [
    control.isPaused ? 'paused' : control.mode,
    control.isLeaseMissed ? 'no lease' : '',
    control.isBreakerOpen ? 'breaker open' : '',
    control.forecastUnusedReason === ''
      ? ''
      : `forecast unused: ${unusedWord(control.forecastUnusedReason)}`,
    `${count(control.changes)} changes`,
    control.refusedChanges > 0 ? `${count(control.refusedChanges)} refused` : '',
  ];
  return where + words.filter((word) => word !== '').join(' · ');
}

/** The graphs in words and numbers: one row a second, newest first. */
function SampleTable({ lane }: { lane: LaneView }) {
  const [isOpen, setOpen] = useState(false);
  const onToggle = (event: Event) => setOpen((event.currentTarget as HTMLDetailsElement).open);
  const isShown = (index: number) => isOpen && (lane.samples.length - 1 - index) % 10 === 0;
  const rows = lane.samples.filter((_, index) => isShown(index));
  return html`<details class="values" onToggle=${onToggle}>
    <summary>Values as a table</summary>
    <div class="scroll" tabindex="0" role="region" aria-label="Values of ${lane.name}">
      <table>
        <thead>
          <tr>
            <th scope="col">Second</th>
            <th scope="col">Arriving</th>
            <th scope="col">High water</th>
            <th scope="col">Limit</th>
            <th scope="col">Dropped</th>
            <th scope="col">Delay</th>
          </tr>
        </thead>
        <tbody>
          ${rows
            .reverse()
            .slice(0, 20)
            .map(
              (one, index) => html`<tr key=${index}>
              <th scope="row">${index === 0 ? 'now' : `−${index} s`}</th>
              <td>${megabitsPerSecond(one.throughputBytesPerSecond)}</td>
              <td>${bytes(one.queueHighWaterBytes)}</td>
              <td>${bytes(one.limitBytes)}</td>
              <td>${count(one.droppedPackets)}</td>
              <td>${milliseconds(one.delaySeconds)}</td>
            </tr>`,
            )}
        </tbody>
      </table>
    </div>
  </details>`;
}
