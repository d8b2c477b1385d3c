import { describe, expect, it } from 'vitest';
import { alertsConfig } from './alerts-config.ts';

const smtp = { host: 'mail.example.org', from: 'levitate@example.org', to: ['ops@example.org'] };
const slack = { format: 'slack', url_file: '/etc/levitate/slack-url' };

function faultsOf(alerts: object): string[] {
  const { error } = alertsConfig.safeParse(alerts);
  return error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
}

describe('alertsConfig', () => {
  it('tells nobody by default, and takes what the README shows', () => {
    expect(alertsConfig.parse({})).toEqual({ group_wait_ms: 1_000, labels: {}, webhooks: [] });
    const webhooks = [{ format: 'alertmanager', url: 'http://127.0.0.1:9093' }, slack];
    expect(faultsOf({ labels: { region: 'eu' }, webhooks, smtp })).toEqual([]);
  });

  it.each([
    [{ webhooks: [{ format: 'slack' }] }, /webhooks\.0\.url: give url or url_file, one of both/],
    [{ webhooks: [{ ...slack, url: 'http://x/' }] }, /one of both/],
    [{ webhooks: [{ format: 'slack', url: 'ftp://x' }] }, /must begin with http or https/],
    [{ webhooks: [{ format: 'slack', url: 'http://u:secret@x' }] }, /use token_file/],
    [{ webhooks: [{ format: 'slack', url: 'http://x/?key=secret' }] }, /no \? and no #/],
    [{ webhooks: Array(9).fill(slack) }, /webhooks/],
    [{ smtp: { ...smtp, to: [] } }, /smtp\.to/],
    [{ smtp: { ...smtp, from: 'a@b\r\nBcc: c@d' } }, /smtp\.from: name@host/],
    [{ smtp: { ...smtp, username: 'u' } }, /username and password_file go together/],
    [{ smtp: { ...smtp, username: 'u', password_file: 'p', tls: 'none' } }, /in plain text/],
    [{ labels: { severity: 'x' } }, /must not set .*severity/],
    [{ labels: { 'a-b': 'x' } }, /letters, digits and _|Invalid key/],
    [{ webhook: [] }, /webhook/],
  ])('refuses %j', (alerts, problem) => {
    const faults = faultsOf(alerts);
    expect(faults.join('\n')).toMatch(problem);
    expect(faults.join('\n')).not.toContain('secret');
  });

  it('lets a password go to this host without TLS', () => {
    const here = { ...smtp, host: '127.0.0.1', username: 'u', password_file: 'p', tls: 'none' };
    expect(faultsOf({ smtp: here })).toEqual([]);
  });
});
