import type { Clock } from '@levitate/clock';
import { alertmanagerBody } from './alertmanager-format.ts';
import { type AlertsConfig, urlProblem, type WebhookConfig } from './alerts-config.ts';
import { DeliveryError, isCertificateFault, toldText } from './delivery-error.ts';
import { type PostAnswer, postJson } from './post-json.ts';
import type { Receiver } from './receiver.ts';
import { authorities, secretLine } from './receiver-files.ts';
import type { AlertMessage } from './receiver-plan.ts';
import { slackBody } from './slack-format.ts';

/** Alertmanager drops what is not told again; the others are people. */
const paces = {
  alertmanager: { repeatMs: 60_000, messagesPerHourMax: 600 },
  slack: { repeatMs: 4 * 3_600_000, messagesPerHourMax: 30 },
};
/** Repeats that may fail before Alertmanager takes an alert for resolved. */
const repeatsBorne = 4;

/** What one attempt goes by; read anew each time. */
interface Destination {
  url: URL;
  headers: Record<string, string>;
  ca: Buffer | undefined;
  /** What must not stand in an error. */
  secrets: string[];
}

/** A receiver that is told by HTTP POST. */
export class WebhookReceiver implements Receiver {
  readonly name: string;
  readonly plan: Receiver['plan'];
  readonly deadlineMs: number;
  readonly #config: WebhookConfig;
  readonly #labels: AlertsConfig['labels'];
  readonly #clock: Pick<Clock, 'unixMs'>;

  constructor(options: {
    name: string;
    config: WebhookConfig;
    alerts: Pick<AlertsConfig, 'group_wait_ms' | 'labels'>;
    clock: Pick<Clock, 'unixMs'>;
  }) {
    const { name, config, alerts, clock } = options;
    const pace = paces[config.format];
    this.name = name;
    this.deadlineMs = config.deadline_ms;
    this.plan = {
      groupWaitMs: alerts.group_wait_ms,
      repeatMs: config.repeat_ms ?? pace.repeatMs,
      messagesPerHourMax: config.messages_per_hour_max ?? pace.messagesPerHourMax,
    };
    this.#config = config;
    this.#labels = alerts.labels;
    this.#clock = clock;
  }

  async send(message: AlertMessage, signal: AbortSignal): Promise<void> {
    const { url, headers, ca, secrets } = await this.#destination();
    let answer: PostAnswer;
    try {
      answer = await postJson({ url, body: this.#body(message), headers, ca, signal });
    } catch (error) {
      signal.throwIfAborted();
      const isRefused = isCertificateFault(error);
      throw new DeliveryError({
        code: isRefused ? 'REFUSED' : 'UNREACHABLE',
        message: `${this.name} at ${url.host}: ${toldText(String(error), secrets)}`,
        nextStep: isRefused
          ? 'let ca_file name the authority that it comes from'
          : 'see whether it runs and can be reached from here',
      });
    }
    if (answer.status >= 200 && answer.status < 300) return;
    throw this.#failure(answer, { url, secrets });
  }

  #body(message: AlertMessage): unknown {
    if (this.#config.format === 'slack') return slackBody(message);
    const lastsMs = repeatsBorne * this.plan.repeatMs;
    const nowUnixMs = this.#clock.unixMs();
    return alertmanagerBody(message, { nowUnixMs, lastsMs, labels: this.#labels });
  }

  async #destination(): Promise<Destination> {
    const { format, url_file, token_file, ca_file } = this.#config;
    const given = url_file === '' ? this.#config.url : await secretLine('url_file', url_file);
    const problem = urlProblem(given);
    if (problem !== undefined) throw badUrl(`${this.name}: the URL in ${url_file} ${problem}`);
    const url = new URL(given);
    if (format === 'alertmanager') {
      url.pathname = `${url.pathname.replace(/\/+$/, '')}/api/v2/alerts`;
    }
    const token = token_file === '' ? '' : await secretLine('token_file', token_file);
    const ca = await authorities(ca_file);
    // The path of a Slack webhook is its password.
    const path = format === 'slack' ? url.pathname : '';
    return {
      url,
      headers: token === '' ? {} : { authorization: `Bearer ${token}` },
      ca,
      secrets: [token, path, ...path.split('/').filter((part) => part.length >= 6)],
    };
  }

  #failure(
    { status, text, retryAfterMs }: PostAnswer,
    { url, secrets }: Pick<Destination, 'url' | 'secrets'>,
  ): DeliveryError {
    // What may be otherwise a minute later: too early, too much, too slow, down.
    const isForNow = status === 408 || status === 425 || status === 429 || status >= 500;
    const said = toldText(text, secrets);
    return new DeliveryError({
      code: isForNow ? 'FAILED' : 'REFUSED',
      message: `${this.name} at ${url.host} answered ${status}${said === '' ? '' : `: ${said}`}`,
      nextStep: isForNow
        ? 'it is tried again'
        : 'see whether format, URL and token are those of this receiver',
      retryAfterMs,
    });
  }
}

function badUrl(message: string): DeliveryError {
  return new DeliveryError({ code: 'REFUSED', message, nextStep: 'put the whole URL there' });
}
