import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { findBrowser } from '../../scripts/setup.mjs';

/** A page's world in a headless browser that can reach this machine only. */
export interface BrowserWindow {
  readonly context: BrowserContext;
  /** Hosts that the page asked for in vain. A product that works offline leaves this empty. */
  readonly refusedHosts: ReadonlySet<string>;
  close(): Promise<void>;
}

export async function openBrowser(origin: string): Promise<BrowserWindow> {
  const executablePath = findBrowser();
  if (executablePath === undefined)
    throw new Error('There is no Chromium here: install one, or set CHROMIUM.');
  const browser: Browser = await chromium.launch({
    executablePath,
    headless: true,
    args: [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
  });
  const refusedHosts = new Set<string>();
  await context.route(
    (url) => url.hostname !== '127.0.0.1',
    (route) => {
      refusedHosts.add(new URL(route.request().url()).hostname);
      return route.abort();
    },
  );
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
  return { context, refusedHosts, close: () => browser.close() };
}
