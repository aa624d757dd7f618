import chromium from '@sparticuz/chromium';
import { type Browser, chromium as launcher } from 'playwright-core';

/** Chromium from npm: nothing has to be installed on the machine; says which one it is. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = await chromium.executablePath();
  // Its own arguments are for Lambda, with all pages in one process: one that is closed would end them all.
  const browser = await launcher.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'], headless: true });
  console.log(`browser: Chromium ${browser.version()} at ${executablePath}`);
  return browser;
}
