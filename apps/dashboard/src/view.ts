/** What the browser gets, as JSON and as server-sent events. Types only: the page imports them. */

/** The whole picture: `GET /api/lanes`, and the first event of `GET /api/stream`. */
export interface View {
  readonly nowUnixMs: number;
  readonly state: KernelState;
  readonly host: HostView;
  readonly lanes: readonly LaneView[];
  readonly services: readonly ServiceView[];
  /** Newest first, at most `decisionsMax`. */
  readonly decisions: readonly DecisionView[];
}

/** Whether what is shown happens in a real kernel, and why. */
export interface KernelState {
  readonly kernel: 'real' | 'simulated' | 'unknown';
  readonly reason: string;
}

/** The host whose agent this is: what it allows, and what drives its links. */
export interface HostView {
  /** What was looked for. */
  readonly capabilities: number;
  /** What is not there, each with its fix. */
  readonly missing: readonly CapabilityView[];
  /** In the agent's order, at most `lanes_max` of them. */
  readonly links: readonly HostLinkView[];
  /** Programs in the kernel, one for each place where one hangs. */
  readonly programs: readonly ProgramView[];
  /** Why there are none; empty where there are, or where nothing is known yet. */
  readonly programsUnavailable: string;
}

/** One thing that the host does not allow. */
export interface CapabilityView {
  readonly name: string;
  readonly detail: string;
  /** What to do about it. */
  readonly fix: string;
}

/** One eBPF program at one place. */
export interface ProgramView {
  readonly name: string;
  /** Empty for a program of the whole machine. */
  readonly link: string;
  /** `xdp native`, `xdp generic`, `tcx`, `clsact`, `tracepoint`; `none` where it does not hang. */
  readonly hook: string;
  /** How it hangs, or why it does not. */
  readonly detail: string;
  /** Mean of all runs that the kernel counted; null while its run statistics are off. */
  readonly nanosecondsPerRun: number | null;
}

/** What drives the limit of one link. */
export interface HostLinkView {
  readonly link: string;
  readonly interface: string;
  /** `qdisc`, `socket-buffers`, `sysctl`, `bpf-map`, `simulated`; `none` where nothing does. */
  readonly actuator: string;
  /** The place in words; empty where there is none. */
  readonly target: string;
  /** Why nothing drives it; empty where something does. */
  readonly reason: string;
  /** What stands before it in the link's chain, in order, each with why it cannot be driven. */
  readonly unavailable: readonly { readonly actuator: string; readonly reason: string }[];
}

/** One lane: a target and the link it controls, or a link alone while no controller answers. */
export interface LaneView {
  readonly name: string;
  /** Empty while no controller is known. */
  readonly target: string;
  readonly link: string;
  /** Whether forecasts are used in this lane. */
  readonly kind: 'reactive' | 'predictive' | 'uncontrolled';
  readonly control: ControlView | null;
  readonly counters: CountersView | null;
  /** The newest forecast as a whole. */
  readonly forecast: ForecastView | null;
  /** Onsets that were predicted and lie within the window, wall clock, ascending. */
  readonly predictedOnsetsUnixMs: readonly number[];
  /** In an update: those that are new or changed; the page puts them in by time. */
  readonly samples: readonly LaneSample[];
  /** Ticks and samples that never reached this dashboard because it read too slowly. */
  readonly lost: number;
}

/** How a target is controlled. */
export interface ControlView {
  readonly mode: 'observe' | 'recommend' | 'enforce' | 'unknown';
  readonly law: 'reactive' | 'predictive' | 'static' | 'unknown';
  readonly isPaused: boolean;
  readonly isBreakerOpen: boolean;
  readonly isLeaseMissed: boolean;
  /** Why the law is reactive although forecasts are wanted; empty otherwise. */
  readonly forecastUnusedReason: string;
  readonly latencyBudgetMs: number;
  readonly changes: number;
  readonly refusedChanges: number;
}

/** The agent's counters of a link, as the kernel has them. */
export interface CountersView {
  readonly droppedPackets: number;
  readonly sentPackets: number;
  readonly sentBytes: number;
  readonly backlogBytes: number;
  readonly limitBytes: number;
  readonly originalLimitBytes: number;
  readonly drainBytesPerSecond: number;
}

/** One interval of a lane. What was not measured is null. */
export interface LaneSample {
  readonly timeUnixMs: number;
  readonly throughputBytesPerSecond: number | null;
  readonly queueHighWaterBytes: number | null;
  readonly limitBytes: number | null;
  readonly drainBytesPerSecond: number | null;
  readonly droppedPackets: number | null;
  /** Wait of a packet that arrives at the high-water mark: queue over drain rate. */
  readonly delaySeconds: number | null;
  /** What was forecast of the moment one second after this sample; null where nothing was. */
  readonly ahead: LevelView | null;
}

/** Middle and upper edge of a forecast rate. */
export interface LevelView {
  readonly q50: number;
  readonly q99: number;
}

/** The newest forecast of a lane. */
export interface ForecastView {
  readonly madeUnixMs: number;
  readonly model: string;
  /** Per second from `madeUnixMs`. */
  readonly levelBytesPerSecond: readonly LevelView[];
  readonly burst: BurstView | null;
  /** Why no burst is predicted, in words; empty when one is. */
  readonly abstained: readonly string[];
}

/** A burst that is expected. */
export interface BurstView {
  readonly onsetUnixMs: number;
  readonly onsetSdSeconds: number;
  readonly confidence: number;
  readonly durationSeconds: number;
  readonly peakBytesPerSecondQ50: number;
  readonly peakBytesPerSecondQ90: number;
}

/** One service as the dashboard sees it. */
export interface ServiceView {
  readonly name: string;
  readonly address: string;
  readonly state: 'up' | 'degraded' | 'down';
  /** Why it is not up; empty when it is. */
  readonly why: string;
}

/** A decision with its reason. */
export interface DecisionView {
  readonly id: number;
  readonly target: string;
  readonly timeUnixMs: number;
  readonly law: ControlView['law'];
  readonly beforeBytes: number;
  readonly afterBytes: number;
  readonly allowedBytes: number;
  readonly isApplied: boolean;
  readonly reasons: readonly string[];
  readonly text: string;
}
