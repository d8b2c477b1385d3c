import { z } from 'zod';

const file = z.string().max(4_096);
const labelName = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,63}$/, 'letters, digits and _');
const reserved = ['alertname', 'severity', 'service', 'target'];
const mailbox = z
  .string()
  .max(254)
  .regex(/^[^\s<>@,;"]+@[^\s<>@,;"]+$/, 'name@host');
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

const pace = {
  deadline_ms: z
    .int()
    .min(100)
    .max(minuteMs)
    .default(5_000)
    .describe('Time the receiver gets for one message.'),
  repeat_ms: z
    .int()
    .min(1_000)
    .max(7 * 24 * hourMs)
    .optional()
    .describe('An alert that goes on is told again after this. Alertmanager 1 min, others 4 h.'),
  messages_per_hour_max: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe('Messages in any hour; news wait beyond them. Alertmanager 600, others 30.'),
};

const webhook = z
  .strictObject({
    format: z.enum(['alertmanager', 'slack']).describe('What the receiver understands.'),
    url: z
      .string()
      .max(2_048)
      .default('')
      .describe('Alertmanager: its address without /api; Slack: better in url_file.'),
    url_file: file.default('').describe('File whose first line is the URL, where that is secret.'),
    token_file: file.default('').describe('File whose first line is a bearer token.'),
    ca_file: file.default('').describe('Authority the receiver comes from, PEM.'),
    ...pace,
  })
  .superRefine(({ url, url_file }, context) => {
    const tell = (message: string, key: string) =>
      context.addIssue({ code: 'custom', path: [key], message });
    if ((url === '') === (url_file === '')) tell('give url or url_file, one of both', 'url');
    const problem = url === '' ? undefined : urlProblem(url);
    if (problem !== undefined) tell(problem, 'url');
  });

const smtp = z
  .strictObject({
    host: z.string().min(1).max(253).describe('Mail server.'),
    port: z.int().min(1).max(65_535).default(587).describe('Its port: 587, or 465 with implicit.'),
    tls: z
      .enum(['starttls', 'implicit', 'none'])
      .default('starttls')
      .describe('starttls: nothing is sent before it; implicit: TLS at once; none: plain text.'),
    ca_file: file.default('').describe('Authority the server comes from, PEM.'),
    username: z.string().max(320).default('').describe('User to log in as; empty: no login.'),
    password_file: file.default('').describe('File whose first line is the password.'),
    from: mailbox.describe('Sender.'),
    to: z.array(mailbox).min(1).max(20).describe('Recipients.'),
    ...pace,
  })
  .superRefine(({ username, password_file, tls, host }, context) => {
    const tell = (message: string, key: string) =>
      context.addIssue({ code: 'custom', path: [key], message });
    if ((username === '') !== (password_file === '')) {
      tell('username and password_file go together', 'password_file');
    }
    if (tls === 'none' && username !== '' && !isLoopback(host)) {
      tell('must not be none with a password: it would cross the network in plain text', 'tls');
    }
  });

/** Keys `alerts.*`: who is told what needs a person, and how often. */
export const alertsConfig = z.strictObject({
  group_wait_ms: z
    .int()
    .min(0)
    .max(minuteMs)
    .default(1_000)
    .describe('After the first alert of a message others are waited for.'),
  labels: z
    .record(labelName, z.string().min(1).max(256))
    .refine((labels) => Object.keys(labels).length <= 16, { message: 'has more than 16 labels' })
    .refine((labels) => !reserved.some((name) => Object.hasOwn(labels, name)), {
      message: `must not set ${reserved.join(', ')}`,
    })
    .default({})
    .describe('Labels of every alert, e.g. region.'),
  webhooks: z.array(webhook).max(8).default([]).describe('Receivers by HTTP.'),
  smtp: smtp.optional().describe('Receivers by e-mail.'),
});

/** @see alertsConfig */
export type AlertsConfig = z.output<typeof alertsConfig>;
/** One of `alerts.webhooks`. */
export type WebhookConfig = AlertsConfig['webhooks'][number];
/** `alerts.smtp`. */
export type SmtpConfig = NonNullable<AlertsConfig['smtp']>;

/** What is wrong with a URL, without repeating it: it may hold a secret. */
export function urlProblem(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) return 'must begin with http or https';
  if (url.username !== '' || url.password !== '') return 'must hold no password; use token_file';
  return url.search === '' && url.hash === '' ? undefined : 'must have no ? and no #';
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
