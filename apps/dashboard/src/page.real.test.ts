import { realChromium } from '@levitate/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { FakeServices } from './testdata/fake-services.ts';
import { openChromium } from './testdata/open-chromium.ts';
import { type Started, startDashboard } from './testdata/start-dashboard.ts';

const timeout = 60_000;

/** Numbers of a lane as the page carries them. */
async function laneOnPage(page: Page, name: string) {
  return page.locator(`[data-lane="${name}"]`).evaluate((element) => ({
    droppedPackets: Number((element as HTMLElement).dataset.droppedPackets),
    limitBytes: Number((element as HTMLElement).dataset.limitBytes),
    sampleUnixMs: Number((element as HTMLElement).dataset.sampleUnixMs),
  }));
}

realChromium.describe('the page in a real Chromium', () => {
  const fake = new FakeServices();
  let browser: Browser;
  let dashboard: Started;

  beforeAll(async () => {
    await fake.start();
    dashboard = await startDashboard(fake);
    browser = await openChromium();
  }, timeout);

  afterAll(async () => {
    await browser?.close();
    await dashboard?.[Symbol.asyncDispose]();
    await fake.stop();
  }, timeout);

  async function openPage(options: Parameters<Browser['newContext']>[0] = {}) {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      ...options,
    });
    const page = await context.newPage();
    const problems: string[] = [];
    const hosts = new Set<string>();
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (entry) => {
      if (entry.type() === 'error' || entry.type() === 'warning') problems.push(entry.text());
    });
    page.on('request', (request) => hosts.add(new URL(request.url()).host));
    await page.goto(dashboard.url);
    await page.locator('[data-lane="predictive"] canvas').first().waitFor({ timeout });
    return { page, problems, hosts, context };
  }

  realChromium.it(
    'shows both lanes with the agent’s counters, within one sample, from its own host alone',
    async () => {
      const { page, problems, hosts, context } = await openPage();
      fake.freeze();
      for (const lane of fake.lanes) {
        // While everything stands still, the page must come to show the agent's very numbers.
        const { name } = lane;
        const sampleUnixMs = fake.recent.at(-1)?.[0]?.timeUnixMs;
        const wanted = {
          droppedPackets: lane.droppedPackets,
          sampleUnixMs,
          limitBytes: lane.limit,
        };
        await expect.poll(() => laneOnPage(page, name), { timeout }).toEqual(wanted);
        const text = await page.locator(`[data-figure="${name}"] .value`).textContent();
        expect(Number(text?.replaceAll(',', ''))).toBe(lane.droppedPackets);
        expect(lane.droppedPackets).toBeGreaterThan(0);
      }
      fake.resume();
      expect(await page.locator('[data-figure="difference"] .value').textContent()).toMatch(
        /^−.* %$/,
      );
      expect(await page.locator('[data-kernel="simulated"]').textContent()).toContain('not root');
      expect(await page.locator('[data-decision]').count()).toBeGreaterThan(5);
      expect(await page.locator('[data-service="telemetry"]').textContent()).toContain('down');
      expect(await page.locator('.lane').first().locator('canvas').count()).toBe(4);
      expect([...hosts]).toEqual([new URL(dashboard.url).host]);
      expect(problems).toEqual([]);
      await context.close();
    },
    timeout,
  );

  realChromium.it(
    'moves: new samples reach the page, and the drawing changes',
    async () => {
      const { page, context } = await openPage();
      const first = await laneOnPage(page, 'reactive');
      const canvas = page.locator('[data-lane="reactive"] canvas').first();
      const drawn = await canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL());
      expect(drawn.length).toBeGreaterThan(2_000);
      await page.waitForFunction(
        (then) =>
          Number(
            (document.querySelector('[data-lane="reactive"]') as HTMLElement).dataset.sampleUnixMs,
          ) > then,
        first.sampleUnixMs,
      );
      // The graph is drawn a moment after the page has the sample.
      await expect
        .poll(() => canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL()), {
          timeout,
        })
        .not.toBe(drawn);
      await context.close();
    },
    timeout,
  );

  realChromium.it(
    'follows the system’s light or dark, and a switch that is remembered',
    async () => {
      for (const colorScheme of ['light', 'dark'] as const) {
        const { page, context } = await openPage({ colorScheme });
        const ground = () =>
          page.evaluate(() => {
            const colour = getComputedStyle(document.body).backgroundColor;
            const [red = 0] = colour.match(/\d+/g)?.map(Number) ?? [];
            return red > 128 ? 'light' : 'dark';
          });
        expect(await ground()).toBe(colorScheme);
        const other = colorScheme === 'light' ? 'dark' : 'light';
        await page.getByRole('button', { name: 'Dark' }).click();
        expect(await ground()).toBe(other);
        await page.reload();
        await page.locator('.lane canvas').first().waitFor();
        expect(await ground()).toBe(other);
        await context.close();
      }
    },
    timeout,
  );

  realChromium.it(
    'is usable by keyboard and screen reader: headings, names, a table beside every picture',
    async () => {
      const { page, context } = await openPage();
      const headings = await page.getByRole('heading').allInnerTexts();
      expect(headings).toEqual([
        ...['Levitate', 'Packets dropped'],
        ...['Reactive', 'Traffic', 'Queue', 'Drops', 'Delay'],
        ...['Predictive', 'Traffic', 'Queue', 'Drops', 'Delay'],
        ...['Decisions', 'Services', 'Host', 'Missing', 'What drives each link'],
        'Programs in the kernel',
      ]);
      const pictures = page.getByRole('img');
      await expect.poll(() => pictures.count(), { timeout }).toBe(8);
      expect(await pictures.first().getAttribute('aria-label')).toMatch(
        /reactive: .* Mbit\/s arriving/,
      );
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Skip');
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).toBe('Dark');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      const table = page.locator('[data-lane="reactive"] table');
      await expect.poll(() => table.isVisible(), { timeout }).toBe(true);
      const rows = table.locator('tbody tr');
      await expect.poll(() => rows.count(), { timeout }).toBeGreaterThan(10);
      await context.close();
    },
    timeout,
  );

  realChromium.it(
    'says what the host lacks, with the fix, and what drives each link, with the why by keyboard',
    async () => {
      const { page, problems, context } = await openPage();
      const host = page.getByRole('region', { name: 'Host' });
      await host.waitFor({ timeout });
      expect(await host.locator('[data-host="kernel"]').textContent()).toBe('simulated');
      expect(await host.locator('[data-host="capabilities"]').textContent()).toBe('1 of 2');
      const missing = await host.locator('[data-missing="cap-net-admin"]').textContent();
      expect(missing).toContain('run as root, or grant CAP_NET_ADMIN');
      const link = host.locator('[data-actuator-of="predictive"]');
      expect(await link.locator('.actuator').textContent()).toBe('simulated');
      const why = link.getByText('no CAP_NET_ADMIN; run as root');
      expect(await why.isVisible()).toBe(false);
      await link.locator('summary').focus();
      await page.keyboard.press('Enter');
      expect(await why.isVisible()).toBe(true);
      const program = host.locator('[data-program="xdp_buffer_control"]');
      const told = await program.textContent();
      for (const part of ['xdp native', 'predictive', '49.0 ns a run']) {
        expect(told).toContain(part);
      }
      expect(problems).toEqual([]);
      await context.close();
    },
    timeout,
  );

  realChromium.it(
    'fits a narrow window without scrolling sideways',
    async () => {
      const { page, context } = await openPage({ viewport: { width: 390, height: 800 } });
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width).toBeLessThanOrEqual(390);
      await context.close();
    },
    timeout,
  );

  realChromium.it(
    'says when its own connection is lost and goes on when it is back',
    async () => {
      const lost = await startDashboard(fake);
      const { page, context } = await openPage();
      await page.goto(lost.url);
      await page.getByText('live', { exact: true }).waitFor({ timeout });
      const address = new URL(lost.url).host;
      await lost[Symbol.asyncDispose]();
      await page.getByText('connection lost, trying again').waitFor({ timeout });
      const again = await startDashboard(fake, { listen: address });
      await page.getByText('live', { exact: true }).waitFor({ timeout });
      await again[Symbol.asyncDispose]();
      await context.close();
    },
    timeout,
  );
});
