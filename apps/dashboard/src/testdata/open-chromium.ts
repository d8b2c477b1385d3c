import { realChromium } from '@levitate/testing';
import { type Browser, chromium } from 'playwright-core';

/** A Chromium without a window; close it. */
export function openChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: realChromium.path,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}

/** Pixels by which a page is wider than its window: 0, or it has a scroll bar. */
export function pageOverflow(): number {
  return document.documentElement.scrollWidth - document.documentElement.clientWidth;
}
