// Pictures of each view of the console, light, dark and on a phone, for docs/console: `node local/start.mjs test/console/screenshots.ts`.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions } from 'playwright-core';
import { startBrowser } from '../support/browser.ts';
import { DevHost, freePort, makeProject } from '../support/project.ts';

const folder = fileURLToPath(new URL('../../docs/console', import.meta.url));
/** So that there is something to be seen. */
const LIVED_MS = 75_000;

const report = `import { defineModule } from 'carillon';
import * as z from 'zod';
export default defineModule({
  description: 'Email the weekly numbers',
  input: z.object({ to: z.string(), days: z.int().default(7), dryRun: z.boolean().optional() }),
  policies: { timeout: '2m' },
  async run({ to, days }, { log, progress }) {
    log.info('reading', { days });
    progress(140, 200, 'rows');
    log.warn('two rows have no amount');
    await new Promise((resolve) => setTimeout(resolve, 40 + Math.random() * 400));
    log.info('sent', { to });
    return { sent: 12, rows: 1840 };
  },
});`;
const sync = `import { defineModule } from 'carillon';
let calls = 0;
export default defineModule({ description: 'Copy orders to the warehouse', policies: { retry: { maxAttempts: 2, backoff: '1s' } }, async run() {
  if ([2, 3].includes(++calls % 6)) throw new TypeError('rows is not iterable');
  await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 300));
} });`;

const JOBS = [
  { id: 'heartbeat', schedule: 'rate(5 seconds)', description: 'Says that it is alive', tags: ['ops'] },
  { id: 'orders-to-warehouse', module: 'sync-orders', schedule: 'rate(6 seconds)', tags: ['orders'] },
  {
    id: 'weekly-report',
    module: 'send-report',
    schedule: 'cron(0 8 ? * MON *)',
    timezone: 'Europe/Berlin',
    input: { to: 'team@example.com' },
    description: 'The numbers of the week',
    tags: ['finance'],
  },
  { id: 'daily-digest', module: 'send-report', schedule: 'rate(9 seconds)', input: { to: 'all@example.com', days: 1 }, tags: ['finance'] },
  {
    id: 'month-end',
    module: 'send-report',
    schedule: { type: 'cron', day: 'last', hour: 18 },
    timezone: 'America/New_York',
    input: { to: 'cfo@example.com' },
    tags: ['finance'],
  },
  { id: 'opening-hours', module: 'heartbeat', schedule: '*/15 9-17 * * 1-5', timezone: 'Europe/Berlin' },
  { id: 'spring-cleaning', module: 'heartbeat', schedule: 'at(2027-03-20T06:00:00)', timezone: 'Europe/Berlin' },
  { id: 'nightly-backup', module: 'heartbeat', schedule: '30 2 * * *', timezone: 'Europe/Berlin', tags: ['ops'] },
];
const LOOKS: Readonly<Record<string, BrowserContextOptions>> = {
  light: { viewport: { width: 1280, height: 860 }, colorScheme: 'light' },
  dark: { viewport: { width: 1280, height: 860 }, colorScheme: 'dark' },
  phone: { viewport: { width: 360, height: 760 }, colorScheme: 'light', deviceScaleFactor: 2 },
};

const project = await makeProject({ 'send-report': report, 'sync-orders': sync });
const host = new DevHost(project.root, await freePort(), [], 'node');
await host.prints(/^console /m);
for (const job of JOBS) await host.request('POST', '/v1/jobs', job);
await host.request('POST', '/v1/jobs/opening-hours/pause', { reason: 'the shop is closed' });
await new Promise((resolve) => setTimeout(resolve, LIVED_MS));
const failed = (await host.request('GET', '/v1/runs?state=failed')).json.runs[0];
const shown = (await host.request('GET', '/v1/jobs/daily-digest/runs?state=succeeded')).json.runs[0];
const VIEWS: Readonly<Record<string, string>> = {
  overview: '#/',
  jobs: '#/jobs',
  job: '#/jobs/daily-digest',
  run: `#/jobs/daily-digest/runs/${shown.runId}`,
  'failed-run': `#/jobs/${failed.jobId}/runs/${failed.runId}`,
  new: '#/new?module=send-report',
  modules: '#/modules/send-report',
  api: '#/api',
};

await mkdir(folder, { recursive: true });
const browser = await startBrowser();
for (const [look, options] of Object.entries(LOOKS)) {
  const page = await (await browser.newContext(options)).newPage();
  await page.goto(/^console (.*)$/m.exec(host.output)?.[1] ?? '');
  for (const [view, hash] of Object.entries(VIEWS)) {
    await page.evaluate(`location.assign(${JSON.stringify(hash)})`);
    await page.locator('.loading').waitFor({ state: 'detached' });
    await page.waitForTimeout(500);
    // Where the pictures were taken is of no interest.
    await page.evaluate(
      `for (const stack of document.querySelectorAll('pre.bad')) stack.textContent = stack.textContent.replaceAll(${JSON.stringify(project.root)}, '/app')`,
    );
    await page.screenshot({ path: join(folder, `${view}-${look}.png`), fullPage: view !== 'api' && view !== 'modules' });
    console.log(`docs/console/${view}-${look}.png`);
  }
}
await browser.close();
await host.end('SIGTERM');
await project.remove();
