import type { Clock } from '@levitate/clock';
import type { fsuController } from '@levitate/contracts';
import type { StateDirectory } from '@levitate/service-kit';
import { type TargetConfig, targetsMax } from '../target-config.ts';
import { dayNumber, dayReport } from './day-report.ts';
import { emptyDay, type RecommendedDay } from './recommended-day.ts';
import type { ReportsConfig } from './reports-config.ts';

const fileName = 'reports.json';
/** Between two looks at the clock, and between two records of the running day, ms. */
const [stepMs, recordMs] = [1_000, 300_000];
/** Targets of one day: as many as there may be, and as many again that came and went. */
const targetsOfDayMax = 2 * targetsMax;

interface ReportsRecord {
  version: 1;
  today: number;
  running: RecommendedDay[];
  finished: RecommendedDay[];
}

/** @see DailyReports */
export interface DailyReportsOptions {
  config: ReportsConfig;
  directory: Pick<StateDirectory, 'read' | 'writeDurably'>;
  clock: Clock;
  /** A target's day is over. */
  onReport: (report: fsuController.Report) => void;
  /** What was kept cannot be read, or cannot be written. */
  onFailure: (error: unknown) => void;
}

/**
 * What control would have changed about the targets in mode recommend, a report a day and target.
 * Durable: a restart loses at most the last five minutes of the running day, and a day that ended
 * meanwhile is reported when it is seen.
 */
export class DailyReports {
  readonly #options: DailyReportsOptions;
  #today: number;
  #running: Map<string, RecommendedDay>;
  #finished: RecommendedDay[];
  #recordedMs: number;
  #isChanged = false;

  private constructor(options: DailyReportsOptions, record: ReportsRecord | undefined) {
    this.#options = options;
    this.#today = record?.today ?? this.#dayNow();
    this.#running = new Map(record?.running.map((day) => [day.target, day]));
    this.#finished = record?.finished ?? [];
    this.#recordedMs = options.clock.monotonicMs();
  }

  /** Takes up what an earlier run left; what cannot be read is told and begun anew. */
  static async open(options: DailyReportsOptions): Promise<DailyReports> {
    try {
      const bytes = await options.directory.read(fileName);
      return new DailyReports(options, bytes && recordOf(bytes));
    } catch (error) {
      options.onFailure(error);
      return new DailyReports(options, undefined);
    }
  }

  /**
   * The running day of a target, to be added to.
   * @returns undefined where more targets came and went within a day than there may be at once
   */
  dayOf({ name, resource }: TargetConfig, unit: string): RecommendedDay | undefined {
    const known = this.#running.get(name);
    this.#isChanged = true;
    if (known?.resource === resource) return known;
    if (known === undefined && this.#running.size >= targetsOfDayMax) return undefined;
    const day = emptyDay({ target: name, resource, unit, day: this.#today });
    this.#running.set(name, day);
    return day;
  }

  /** Newest first. @param target empty: all */
  list(target: string): fsuController.Report[] {
    const { clock, config } = this.#options;
    const hourUtc = config.hour_utc;
    const isAsked = (day: RecommendedDay) => target === '' || day.target === target;
    const nowUnixMs = clock.unixMs();
    const running = [...this.#running.values()].filter(({ seconds }) => seconds > 0);
    return [
      ...running.filter(isAsked).map((day) => dayReport(day, { hourUtc, nowUnixMs })),
      ...this.#finished
        .filter(isAsked)
        .map((day) => dayReport(day, { hourUtc, nowUnixMs: undefined })),
    ];
  }

  /** Let days pass until `signal` aborts, then note the one that runs. */
  async run(signal: AbortSignal): Promise<void> {
    const timer = setInterval(() => this.step(), stepMs);
    this.step();
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    clearInterval(timer);
    await this.#write();
  }

  /** One look at the clock; `run` calls it. */
  step(): void {
    const now = this.#dayNow();
    // A clock that is set back over a day's end and comes again does not end it twice.
    const isOver = now > this.#today || now < this.#today - 1;
    if (isOver) this.#turn(now);
    const nowMs = this.#options.clock.monotonicMs();
    if (!isOver && nowMs - this.#recordedMs < recordMs) return;
    this.#recordedMs = nowMs;
    void this.#write();
  }

  #turn(now: number): void {
    const { config, onReport } = this.#options;
    const over = [...this.#running.values()].filter(({ seconds }) => seconds > 0);
    this.#running = new Map();
    this.#today = now;
    this.#isChanged = true;
    const isKept = ({ day }: RecommendedDay) => Math.abs(now - day) <= config.days_kept;
    const most = config.days_kept * targetsOfDayMax;
    this.#finished = [...over, ...this.#finished].filter(isKept).slice(0, most);
    for (const day of over) {
      onReport(dayReport(day, { hourUtc: config.hour_utc, nowUnixMs: undefined }));
    }
  }

  #dayNow(): number {
    const { clock, config } = this.#options;
    return dayNumber(clock.unixMs(), config.hour_utc);
  }

  async #write(): Promise<void> {
    if (!this.#isChanged) return;
    this.#isChanged = false;
    const record: ReportsRecord = {
      version: 1,
      today: this.#today,
      running: [...this.#running.values()],
      finished: this.#finished,
    };
    try {
      await this.#options.directory.writeDurably(fileName, JSON.stringify(record));
    } catch (error) {
      this.#isChanged = true;
      this.#options.onFailure(error);
    }
  }
}

/** @throws what is not a record of this version */
function recordOf(bytes: Buffer): ReportsRecord {
  const record: Partial<ReportsRecord> | null = JSON.parse(bytes.toString('utf8'));
  const isKnown = record?.version === 1 && Number.isSafeInteger(record.today);
  if (isKnown && Array.isArray(record.running) && Array.isArray(record.finished)) {
    return record as ReportsRecord;
  }
  throw new Error(`${fileName} is not what this version writes`);
}
