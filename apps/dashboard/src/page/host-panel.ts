import type { HostLinkView, HostView, KernelState, ProgramView } from '../view.ts';
import { count, significant } from './format.ts';
import { html } from './html.ts';

/** The host: its kernel, what it does not allow with the fix, what drives each link and why. */
export function HostPanel({ host, state }: { host: HostView; state: KernelState }) {
  return html`<section class="panel host" aria-labelledby="host-title">
    <header><h2 id="host-title">Host</h2></header>
    <dl>
      <dt>Kernel</dt>
      <dd data-host="kernel">${state.kernel}</dd>
      <dt>Capabilities</dt>
      <dd data-host="capabilities">${capabilitiesText(host)}</dd>
    </dl>
    ${
      host.missing.length > 0 &&
      html`<h3>Missing</h3>
        <ul class="missing">
          ${host.missing.map(
            ({ name, detail, fix }) => html`<li key=${name} data-missing=${name}>
              <span class="name">${name}</span>
              <span class="where">${detail}</span>
              <span class="fix">${fix}</span>
            </li>`,
          )}
        </ul>`
    }
    ${
      host.links.length > 0 &&
      html`<h3>What drives each link</h3>
        <ul class="actuators">
          ${host.links.map((link) => html`<${LinkItem} key=${link.link} link=${link} />`)}
        </ul>`
    }
    ${
      (host.programs.length > 0 || host.programsUnavailable) &&
      html`<h3>Programs in the kernel</h3>
        ${host.programsUnavailable && html`<p class="where">${host.programsUnavailable}</p>`}
        <ul class="programs">
          ${host.programs.map(
            (program) => html`<${ProgramItem}
              key=${`${program.name} ${program.link} ${program.hook}`}
              program=${program}
            />`,
          )}
        </ul>`
    }
  </section>`;
}

/** A program and where it hangs; its cost only where the kernel counts it. */
function ProgramItem({ program }: { program: ProgramView }) {
  const { name, link, hook, detail, nanosecondsPerRun } = program;
  const cost = nanosecondsPerRun === null ? '' : `${significant(nanosecondsPerRun)} ns a run`;
  const where = [link, detail].filter((part) => part !== '').join(' · ');
  return html`<li data-program=${name}>
    <span class="name">${name}</span>
    <span class="actuator ${hook === 'none' ? 'none' : ''}">${hook}</span>
    <span class="where">${[where, cost].filter((part) => part !== '').join(' · ')}</span>
  </li>`;
}

function LinkItem({ link }: { link: HostLinkView }) {
  const { actuator, target, reason, unavailable } = link;
  return html`<li data-actuator-of=${link.link}>
    <span class="name">${link.link}</span>
    <span class="actuator ${actuator}">${actuator}</span>
    ${(reason || target) && html`<span class="where">${reason || target}</span>`}
    ${
      unavailable.length > 0 &&
      html`<details>
        <summary>${passedOver(unavailable)}</summary>
        <dl>
          ${unavailable.map(
            (each) => html`<dt>${each.actuator}</dt>
              <dd>${each.reason}</dd>`,
          )}
        </dl>
      </details>`
    }
  </li>`;
}

function capabilitiesText({ capabilities, missing }: HostView): string {
  if (capabilities === 0) return 'not known yet';
  const there = capabilities - missing.length;
  return missing.length === 0 ? `all ${count(there)}` : `${count(there)} of ${count(capabilities)}`;
}

function passedOver(unavailable: HostLinkView['unavailable']): string {
  return `not ${unavailable.map(({ actuator }) => actuator).join(', not ')}: why`;
}
