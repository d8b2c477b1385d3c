import type { DecisionView, LaneView } from '../view.ts';
import { bytes, timeOfDay } from './format.ts';
import { html } from './html.ts';

/** Decisions that changed something or would have, newest first, each with its reason. */
export function DecisionList(props: {
  decisions: readonly DecisionView[];
  lanes: readonly LaneView[];
}) {
  const { decisions, lanes } = props;
  return html`<section class="panel decisions" aria-labelledby="decisions-title">
    <header><h2 id="decisions-title">Decisions</h2></header>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="decisions-title">
      ${
        decisions.length === 0
          ? html`<p class="empty">Nothing has been decided yet.</p>`
          : html`<table>
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col">Lane</th>
                <th scope="col" class="number">Limit</th>
                <th scope="col">Why</th>
              </tr>
            </thead>
            <tbody>
              ${decisions.slice(0, 50).map(
                (one) => html`<tr key=${`${one.target} ${one.id}`} data-decision=${one.id}>
                  <td class="time">${timeOfDay(one.timeUnixMs)}</td>
                  <td><span class="tag ${kindOf(one, lanes)}">${one.target}</span></td>
                  <td class="number change">${changeOf(one)}</td>
                  <td>${one.text}</td>
                </tr>`,
              )}
            </tbody>
          </table>`
      }
    </div>
  </section>`;
}

function kindOf({ target }: DecisionView, lanes: readonly LaneView[]): string {
  return lanes.find((lane) => lane.target === target)?.kind ?? 'uncontrolled';
}

function changeOf(decision: DecisionView) {
  const { beforeBytes, afterBytes, allowedBytes, isApplied } = decision;
  const to = isApplied ? afterBytes : allowedBytes;
  const word = isApplied ? 'to' : 'would be';
  const arrow = html`<span class="arrow" aria-label=${word}>${isApplied ? '→' : '⇢'}</span>`;
  return html`${bytes(beforeBytes)}${arrow}${bytes(to)}`;
}
