import type { ebpfAgent, fsuController, telemetry } from '@levitate/contracts';
import { LaneWindow } from './lane-window.ts';
import {
  capabilityView,
  controlView,
  countersView,
  decisionView,
  forecastView,
  hostLinkView,
  laneSample,
  programView,
} from './to-view.ts';
import type {
  CapabilityView,
  DecisionView,
  ForecastView,
  KernelState,
  LaneSample,
  LaneView,
  ProgramView,
  ServiceView,
  View,
} from './view.ts';

/** Missing capabilities shown; an agent of ours looks for some dozens. */
const missingMax = 100;
/** Programs shown: two a link of the agent's default bound, and those of the machine. */
const programsMax = 200;
/** Decisions shown. */
const decisionsMax = 100;

/**
 * Everything the page shows, put together from what the services say, whenever they say it. Each
 * part keeps its last word while its source is away; `services` says that it is away.
 */
export class Picture {
  readonly #lanesMax: number;
  readonly #windowSamples: number;
  #state: KernelState = { kernel: 'unknown', reason: 'ebpf-agent has not answered yet' };
  #capabilities = 0;
  #missing: readonly CapabilityView[] = [];
  #programs: readonly ProgramView[] = [];
  #programsUnavailable = '';
  #windows = new Map<string, LaneWindow>();
  #links = new Map<string, ebpfAgent.Link>();
  #targets: readonly fsuController.Target[] = [];
  #forecasts = new Map<string, ForecastView>();
  #services: readonly ServiceView[] = [];
  #decisions: readonly DecisionView[] = [];

  constructor(bounds: { lanesMax: number; windowSamples: number }) {
    this.#lanesMax = bounds.lanesMax;
    this.#windowSamples = bounds.windowSamples;
  }

  setKernel(capabilities: ebpfAgent.GetCapabilitiesResponse): void {
    const isReal = capabilities.kernel === 'KERNEL_KIND_REAL';
    const isSimulated = capabilities.kernel === 'KERNEL_KIND_SIMULATED';
    this.#state = {
      kernel: isReal ? 'real' : isSimulated ? 'simulated' : 'unknown',
      reason: isReal
        ? 'queues, counters and limits are those of this host’s kernel'
        : capabilities.simulatedReason || 'the agent gives no reason',
    };
  }

  setCapabilities(capabilities: readonly ebpfAgent.Capability[]): void {
    this.#capabilities = capabilities.length;
    const missing = capabilities.filter(({ present }) => !present);
    this.#missing = missing.slice(0, missingMax).map(capabilityView);
  }

  setPrograms({ programs, unavailableReason }: ebpfAgent.ListProgramsResponse): void {
    this.#programs = programs.slice(0, programsMax).map(programView);
    this.#programsUnavailable = unavailableReason;
  }

  setLinks(links: readonly ebpfAgent.Link[]): void {
    this.#links = new Map(links.slice(0, this.#lanesMax).map((link) => [link.link, link]));
  }

  setTargets(targets: readonly fsuController.Target[]): void {
    this.#targets = targets.slice(0, this.#lanesMax);
  }

  setServices(services: readonly ServiceView[]): void {
    this.#services = services;
  }

  setDecisions(decisions: readonly fsuController.Decision[]): void {
    this.#decisions = decisions.slice(0, decisionsMax).map(decisionView);
  }

  /** Samples as the agent measures them. */
  addSamples(samples: readonly telemetry.Sample[], lost: number): void {
    for (const sample of samples) this.#put(sample.link, laneSample(sample));
    this.#addLost(lost);
  }

  /** The controller's ticks: the same samples with their forecasts. */
  addTicks(ticks: readonly fsuController.Tick[], lost: number): void {
    for (const { sample, forecast } of ticks) {
      if (sample === null) continue;
      this.#put(sample.link, laneSample(sample, forecast));
      if (forecast === null) {
        this.#forecasts.delete(sample.link);
      } else if (this.#windows.has(sample.link)) {
        const view = forecastView(forecast);
        this.#forecasts.set(sample.link, view);
        if (view.burst) this.#windows.get(sample.link)?.predictOnset(view.burst.onsetUnixMs);
      }
    }
    this.#addLost(lost);
  }

  /** All of it. */
  snapshot(nowUnixMs: number): View {
    return this.#view(nowUnixMs, (window) => window.samples);
  }

  /** The same, with only the samples that came or changed since the last call. */
  takeUpdate(nowUnixMs: number): View {
    return this.#view(nowUnixMs, (window) => window.takeChanged());
  }

  #view(nowUnixMs: number, samplesOf: (window: LaneWindow) => readonly LaneSample[]): View {
    return {
      nowUnixMs,
      state: this.#state,
      host: {
        capabilities: this.#capabilities,
        missing: this.#missing,
        links: [...this.#links.values()].map(hostLinkView),
        programs: this.#programs,
        programsUnavailable: this.#programsUnavailable,
      },
      lanes: this.#lanes(samplesOf),
      services: this.#services,
      decisions: this.#decisions,
    };
  }

  #lanes(samplesOf: (window: LaneWindow) => readonly LaneSample[]): LaneView[] {
    const lane = (link: string, target?: fsuController.Target): LaneView => {
      const window = this.#windows.get(link);
      const counters = this.#links.get(link);
      return {
        name: target?.name ?? link,
        target: target?.name ?? '',
        link,
        kind: target ? (target.predictive ? 'predictive' : 'reactive') : 'uncontrolled',
        control: target ? controlView(target) : null,
        counters: counters ? countersView(counters) : null,
        forecast: this.#forecasts.get(link) ?? null,
        predictedOnsetsUnixMs: window?.onsetsUnixMs ?? [],
        samples: window ? samplesOf(window) : [],
        lost: window?.lost ?? 0,
      };
    };
    if (this.#targets.length === 0) return [...this.#links.keys()].map((link) => lane(link));
    // Reactive before predictive: the reader compares from left to right.
    const inOrder = [...this.#targets].sort(
      (left, right) =>
        Number(left.predictive) - Number(right.predictive) || (left.name < right.name ? -1 : 1),
    );
    return inOrder.map((target) => lane(target.link, target));
  }

  #put(link: string, sample: LaneSample | undefined): void {
    if (sample === undefined) return;
    let window = this.#windows.get(link);
    if (window === undefined) {
      // A link that is in nobody's list any more makes room for a new one.
      if (this.#windows.size >= this.#lanesMax) this.#dropUnlisted();
      if (this.#windows.size >= this.#lanesMax) return;
      window = new LaneWindow(this.#windowSamples);
      this.#windows.set(link, window);
    }
    window.put(sample);
  }

  #dropUnlisted(): void {
    const listed = new Set([...this.#links.keys(), ...this.#targets.map(({ link }) => link)]);
    for (const link of this.#windows.keys()) {
      if (listed.has(link)) continue;
      this.#windows.delete(link);
      this.#forecasts.delete(link);
    }
  }

  #addLost(lost: number): void {
    if (lost > 0) for (const window of this.#windows.values()) window.lost += lost;
  }
}
