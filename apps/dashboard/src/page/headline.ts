import type { LaneView } from '../view.ts';
import { changePercent, count } from './format.ts';
import { html } from './html.ts';

/** Packets dropped in both lanes since their queues were made, and what lies between. */
export function Headline({ lanes }: { lanes: readonly LaneView[] }) {
  const reactive = lanes.find(({ kind }) => kind === 'reactive');
  const predictive = lanes.find(({ kind }) => kind === 'predictive');
  const from = reactive?.counters?.droppedPackets;
  const to = predictive?.counters?.droppedPackets;
  const change = from !== undefined && to !== undefined ? changePercent({ from, to }) : undefined;
  return html`<section class="headline" aria-labelledby="headline-title">
    <h2 id="headline-title">Packets dropped</h2>
    <dl>
      <${Figure} kind="reactive" name="Reactive" value=${count(from)} note=${noteOf(reactive)} />
      <${Figure}
        kind="predictive"
        name="Predictive"
        value=${count(to)}
        note=${noteOf(predictive)}
      />
      <${Figure}
        kind="difference"
        name="Difference"
        value=${change ?? '–'}
        note=${differenceNote(reactive, predictive)}
      />
    </dl>
  </section>`;
}

function Figure(props: { kind: string; name: string; value: string; note: string }) {
  return html`<div class="figure ${props.kind}" data-figure=${props.kind}>
    <dt>${props.name}</dt>
    <dd class="value">${props.value}</dd>
    <dd class="note">${props.note}</dd>
  </div>`;
}

/** Dropped packets as a share of all that arrived, and how many of late. */
function noteOf(lane: LaneView | undefined): string {
  if (!lane?.counters) return 'no counters yet';
  const { droppedPackets, sentPackets } = lane.counters;
  const arrived = droppedPackets + sentPackets;
  if (arrived === 0) return 'nothing has arrived yet';
  const percent = ((droppedPackets / arrived) * 100).toFixed(2);
  return `${percent} % of all arrived · last minute ${count(droppedLately(lane))}`;
}

/** The whole includes the time in which forecasters learn; the last minute shows what they know. */
function differenceNote(reactive: LaneView | undefined, predictive: LaneView | undefined): string {
  const from = reactive?.counters?.droppedPackets;
  const to = predictive?.counters?.droppedPackets;
  if (!reactive || !predictive || from === undefined || to === undefined) {
    return 'both lanes are needed';
  }
  const late = changePercent({ from: droppedLately(reactive), to: droppedLately(predictive) });
  const lately = late === undefined ? '' : ` · last minute ${late}`;
  if (from === to) return `both lanes dropped the same${lately}`;
  return `${count(Math.abs(from - to))} ${from > to ? 'fewer' : 'more'}${lately}`;
}

function droppedLately({ samples }: LaneView): number {
  return samples.reduce((sum, { droppedPackets }) => sum + (droppedPackets ?? 0), 0);
}
