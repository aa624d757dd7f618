// The console beside 10,000 jobs and 100,000 runs: how soon each view is there, what paging and half an hour of live updates leave
// behind: `node local/start.mjs test/console/volume.ts`, `--jobs N --each N --updates N`. Ends with 1 if a limit is broken.
import { parseArgs } from 'node:util';
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { dynamoClient } from '../../aws/clients.ts';
import { dynamoJobs } from '../../aws/dynamo-jobs.ts';
import { tableDefinition } from '../../aws/table-definition.ts';
import type { JobId, JobUid } from '../../core/ids.ts';
import { createTable, startDatabase } from '../../local/database/database.ts';
import { startBrowser } from '../support/browser.ts';
import { DevHost, freePort, makeProject } from '../support/project.ts';
import { idOf, makeJobs, writeRuns } from './many.ts';

const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '10000' },
    each: { type: 'string', default: '10' },
    updates: { type: 'string', default: '1800' },
  },
});
const [jobs, each, updates] = [Number(values.jobs), Number(values.each), Number(values.updates)];
/** Of a view, from the API's last answer until it is painted. */
const SHOWN_MS = 1_000;
/** By how much memory and nodes may be more at the end than after the first tenth; what the engine keeps of its own is within a megabyte. */
const GROWTH = 1.1;
const TABLE = 'carillon-local';
const OPENED = 5;
const PAGES = 40;
const ROWS = 25;
const MB = 1_048_576;

/** Tells when something was painted first; `{}` stands for its selector. */
const NOTE = `window.painted = new Promise((resolve) => new MutationObserver((_, watch) => {
  if (!document.querySelector({})) return;
  watch.disconnect();
  requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
}).observe(document, { childList: true, subtree: true }));`;
/** When the last answer of the API was there that came before `{}`. */
const ANSWERED = `Math.max(...performance.getEntriesByType('resource')
  .filter(({ name, responseEnd }) => name.includes('/v1/') && responseEnd <= {}).map(({ responseEnd }) => responseEnd))`;
/** An EventSource that the test speaks through. */
const EVENTS = 'window.EventSource = class { constructor() { window.events = this; } close() {} };';

const project = await makeProject({});
const database = await startDatabase(undefined);
Object.assign(process.env, {
  AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
});
await createTable(database.endpoint, tableDefinition(TABLE));
const host = new DevHost(project.root, await freePort(), [], 'node');
let browser: Browser | undefined;
const broken: string[] = [];
try {
  await host.prints(/^console /m);
  const table = { client: dynamoClient(), name: TABLE };
  await makeJobs(host, jobs);
  const ids = await allJobs(table);
  const runs = await writeRuns(table, ids, { each, now: Math.floor(Date.now() / 1_000) * 1_000 });
  console.log(`${ids.length} jobs and ${runs} runs are stored`);
  browser = await startBrowser();
  const context = await reader(browser);
  await firstViews(context);
  await paging(context);
  // The clock is of all pages of a context.
  const readers = await Promise.all([reader(browser), reader(browser)]);
  await Promise.all(['#/', '#/jobs'].map((view, n) => liveUpdates(readers[n] as BrowserContext, view)));
} finally {
  await browser?.close();
  await host.end('SIGTERM');
  await database.stop();
  await project.remove();
}
for (const what of broken) console.log(`BROKEN: ${what}`);
process.exit(broken.length > 0 ? 1 : 0);

/** A browser that has the session's cookie. */
async function reader(from: Browser): Promise<BrowserContext> {
  const context = await from.newContext({ viewport: { width: 1280, height: 860 } });
  const page = await context.newPage();
  await page.goto(/^console (.*)$/m.exec(host.output)?.[1] ?? '');
  await page.close();
  return context;
}

async function allJobs(table: Parameters<typeof dynamoJobs>[0]): Promise<{ id: JobId; uid: JobUid }[]> {
  const store = dynamoJobs(table);
  const found: { id: JobId; uid: JobUid }[] = [];
  for (let more = true, after: JobId | undefined; more; after = found.at(-1)?.id) {
    const page = await store.list({ after, limit: 500 });
    found.push(...page.jobs);
    more = page.more;
  }
  return found;
}

async function firstViews(context: BrowserContext): Promise<void> {
  console.log('view                 answered  painted after that   (ms, median of 5 pages that are opened anew)');
  const one = idOf(jobs / 2);
  const views = {
    '#/': '.timeline rect',
    '#/jobs': 'tbody tr',
    [`#/jobs?q=${one.slice(0, -3)}`]: 'tbody tr',
    [`#/jobs?q=${one.slice(4)}`]: 'tbody tr',
    [`#/jobs/${one}`]: 'tbody tr',
    '#/new': 'form',
  };
  for (const [view, selector] of Object.entries(views)) {
    const times: { answered: number; painted: number }[] = [];
    for (let n = 0; n < OPENED; n++) {
      const page = await context.newPage();
      await page.addInitScript(NOTE.replace('{}', JSON.stringify(selector)));
      await page.goto(`${host.url}/${view}`);
      const painted = Number(await page.evaluate('window.painted'));
      const answered = Number(await page.evaluate(ANSWERED.replace('{}', String(painted))));
      times.push({ answered, painted: painted - answered });
      await page.close();
    }
    const answered = median(times.map((one) => one.answered));
    const painted = median(times.map((one) => one.painted));
    console.log(`${view.padEnd(20)} ${answered.toFixed(0).padStart(8)} ${painted.toFixed(0).padStart(8)}`);
    if (painted > SHOWN_MS) broken.push(`${view} was painted ${painted.toFixed(0)} ms after the answer, ${SHOWN_MS} are allowed`);
  }
}

/** From page to page of the list, and to its end and back on each. */
async function paging(context: BrowserContext): Promise<void> {
  const page = await context.newPage();
  const counted = await counters(context, page);
  await page.goto(`${host.url}/#/jobs`);
  const pages = Math.min(PAGES, Math.ceil(jobs / ROWS) - 1);
  for (let n = 0; n < pages; n++) {
    await page.locator('tbody tr').first().waitFor();
    await page.mouse.wheel(0, 5_000);
    if (n === Math.floor(pages / 10)) counted.first = await counted.take();
    const before = await page.locator('tbody th a').first().textContent();
    await page.getByRole('link', { name: 'Next page' }).click();
    await page
      .locator('tbody th a')
      .first()
      .and(page.locator(`:not(:text-is("${before}"))`))
      .waitFor();
  }
  report(`${pages} pages of the list`, counted.first, await counted.take());
  await page.close();
}

/** The page is told of a change every second, of a clock that is moved on when it has taken the one before in. */
async function liveUpdates(context: BrowserContext, view: string): Promise<void> {
  const page = await context.newPage();
  const counted = await counters(context, page);
  await page.addInitScript(EVENTS);
  await page.clock.install();
  await page.goto(`${host.url}/${view}`);
  await page.locator('.timeline rect, tbody tr').first().waitFor();
  await page.clock.pauseAt(Date.now() + 10_000);
  const began = performance.now();
  for (let n = 0; n < updates; n++) {
    if (n === updates / 10) counted.first = await counted.take();
    const asked = page.waitForResponse(/\/v1\/jobs\?/);
    await page.evaluate('window.events.onmessage()');
    await page.clock.runFor(1_000);
    await (await asked).finished();
  }
  const last = await counted.take();
  report(
    `${updates} live updates of ${view}, one a second of the page's clock, in ${Math.round((performance.now() - began) / 1_000)} s`,
    counted.first,
    last,
  );
  await page.close();
}

interface Counted {
  readonly nodes: number;
  readonly heap: number;
}

async function counters(context: BrowserContext, page: Page) {
  const session: CDPSession = await context.newCDPSession(page);
  const take = async (): Promise<Counted> => {
    await session.send('HeapProfiler.collectGarbage');
    const { nodes } = await session.send('Memory.getDOMCounters');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    return { nodes, heap: usedSize };
  };
  return { take, first: { nodes: 0, heap: 0 } as Counted };
}

function report(what: string, first: Counted, last: Counted): void {
  const shown = ({ nodes, heap }: Counted) => `${nodes} nodes, ${(heap / MB).toFixed(1)} MB`;
  console.log(`${what}: after the first tenth ${shown(first)}, at the end ${shown(last)}`);
  if (last.nodes > first.nodes * GROWTH || last.heap > first.heap * GROWTH + MB) broken.push(`${what}: it grew`);
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
