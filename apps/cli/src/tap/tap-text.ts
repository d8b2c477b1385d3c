import { bitRate, count, delay, size, timeOfDay } from '../figures.ts';
import type { Losses } from '../live/losses.ts';
import { printable } from '../printable.ts';
import type { DecisionRecord, EventRecord, SampleRecord, TapRecord } from './tap-record.ts';

/** A record as a line for a person. */
export function recordText(record: TapRecord): string {
  if (record.kind === 'sample') return sampleText(record);
  return record.kind === 'decision' ? decisionText(record) : eventText(record);
}

/** A loss as a line for a person. */
export function lossText({ place, lost }: ReturnType<Losses['take']>[number]): string {
  const where = place === 'here' ? 'this reader is too slow' : `${place} found us too slow`;
  return `-- lost ${count(lost)}: ${where}`;
}

function sampleText(sample: SampleRecord): string {
  const time = sample.timeUnixMs === undefined ? '-' : timeOfDay(sample.timeUnixMs);
  return [
    time.padEnd(12),
    'sample  ',
    printable(sample.link).padEnd(16),
    bitRate(sample.throughputBytesPerSecond).padStart(12),
    `queue ${size(sample.queueBytes)}`.padEnd(15),
    `high ${size(sample.queueHighWaterBytes)}`.padEnd(14),
    `limit ${size(sample.limitBytes)}`.padEnd(15),
    `p99 ${delay(sample.latencyP99Seconds)}`.padEnd(12),
    `drops ${count(sample.droppedPackets)}`,
  ].join(' ');
}

function decisionText(decision: DecisionRecord): string {
  const { timeUnixMs, target, law, text, reasons, applied, id } = decision;
  const mark = applied ? '' : id === undefined ? ' (nothing to change)' : ' (not applied)';
  const words = `${printable(text) || reasons.join(' ')}${mark}`;
  const time = timeOfDay(timeUnixMs).padEnd(12);
  return `${time} decision ${printable(target).padEnd(16)} ${law.padEnd(10)} ${words}`;
}

function eventText(record: EventRecord): string {
  const { timeUnixMs, event, link, packets, bytes, durationUs, goesOn } = record;
  const time = timeOfDay(timeUnixMs).padEnd(12);
  const more = goesOn ? ', and goes on' : '';
  const took = `${count(durationUs)} us${more}`;
  const what = `${event}: ${count(packets)} packets, ${size(bytes)} in ${took}`;
  return `${time} event    ${printable(link).padEnd(16)} ${what}`;
}
