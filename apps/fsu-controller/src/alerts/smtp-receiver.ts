import { createTransport } from 'nodemailer';
import type { AlertsConfig, SmtpConfig } from './alerts-config.ts';
import { DeliveryError, isCertificateFault, toldText } from './delivery-error.ts';
import { emailText } from './email-format.ts';
import type { Receiver } from './receiver.ts';
import { authorities, secretLine } from './receiver-files.ts';
import type { AlertMessage } from './receiver-plan.ts';

const repeatMsDefault = 4 * 3_600_000;
const messagesPerHourDefault = 30;

/** A receiver by e-mail. Each message has a connection of its own. */
export class SmtpReceiver implements Receiver {
  readonly name = 'smtp';
  readonly plan: Receiver['plan'];
  readonly deadlineMs: number;
  readonly #config: SmtpConfig;

  constructor(config: SmtpConfig, { group_wait_ms }: Pick<AlertsConfig, 'group_wait_ms'>) {
    this.#config = config;
    this.deadlineMs = config.deadline_ms;
    this.plan = {
      groupWaitMs: group_wait_ms,
      repeatMs: config.repeat_ms ?? repeatMsDefault,
      messagesPerHourMax: config.messages_per_hour_max ?? messagesPerHourDefault,
    };
  }

  async send(message: AlertMessage, signal: AbortSignal): Promise<void> {
    const { from, to, username, password_file } = this.#config;
    const password = username === '' ? '' : await secretLine('password_file', password_file);
    const transport = createTransport(await this.#transport(password));
    try {
      await transport.sendMail({
        from: { name: 'Levitate', address: from },
        to: [...to],
        ...emailText(message),
        // RFC 3834: no out-of-office notes in return.
        headers: { 'Auto-Submitted': 'auto-generated' },
        signal,
      });
    } catch (error) {
      signal.throwIfAborted();
      throw this.#failure(error as SmtpFailure, password);
    } finally {
      transport.close();
    }
  }

  async #transport(password: string) {
    const { host, port, tls, ca_file, username } = this.#config;
    const ca = await authorities(ca_file);
    return {
      host,
      port,
      secure: tls === 'implicit',
      requireTLS: tls === 'starttls',
      ignoreTLS: tls === 'none',
      ...(username !== '' && { auth: { user: username, pass: password } }),
      tls: { minVersion: 'TLSv1.2' as const, ...(ca && { ca }) },
      connectionTimeout: this.deadlineMs,
      greetingTimeout: this.deadlineMs,
      socketTimeout: this.deadlineMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    };
  }

  #failure(error: SmtpFailure, password: string): DeliveryError {
    const { host, port, username } = this.#config;
    const plain = Buffer.from(`\0${username}\0${password}`).toString('base64');
    const secrets = [password, Buffer.from(password).toString('base64'), plain];
    // RFC 5321: 5yz is a no that stays one; 4yz is a no for now.
    const isRefused =
      (error.responseCode ?? 0) >= 500 || error.code === 'ETLS' || isCertificateFault(error);
    return new DeliveryError({
      code: isRefused ? 'REFUSED' : error.responseCode === undefined ? 'UNREACHABLE' : 'FAILED',
      message: `mail server ${host}:${port}: ${toldText(error.message, secrets)}`,
      nextStep: isRefused
        ? 'see alerts.smtp: tls, ca_file, username, password_file, from and to'
        : 'it is tried again',
    });
  }
}

/** What nodemailer adds to its errors. */
interface SmtpFailure extends Error {
  code?: string;
  responseCode?: number;
}
