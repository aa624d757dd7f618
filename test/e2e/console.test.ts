import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { confirm, consoleHost, press } from '../support/console-host.ts';

/** The console in a real browser, against the local host. */
const MODULES = {
  slow: `import { defineModule } from 'carillon';
    import * as z from 'zod';
    export default defineModule({
      description: 'Takes its time',
      input: z.object({ who: z.string(), seconds: z.int().default(0) }),
      async run({ who, seconds }, { log, progress }) {
        log.info('hello ' + who);
        progress(1, 2, 'parts');
        await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
        return { told: who };
      },
    });`,
  flaky: `import { defineModule } from 'carillon';
    export default defineModule({ description: 'Fails', run() { throw new Error('rows is not iterable'); } });`,
};
const { started, errors, open } = consoleHost(MODULES);

describe('the console', { timeout: 60_000 }, () => {
  it('teaches, and makes a job with a form whose schedule it explains', async () => {
    const page = await open();
    await page.getByText('No jobs yet').waitFor();
    await page.getByRole('link', { name: 'New job' }).click();
    await page.getByLabel('Id', { exact: true }).fill('greeter');
    await page.getByLabel('Module').selectOption('slow');
    await page.getByLabel('who').fill('Ada');
    await page.getByRole('button', { name: 'Every', exact: true }).click();
    await page.getByLabel('Every so many').fill('2');
    await page.getByLabel('Unit').selectOption('seconds');
    await page.getByText('Every 2 seconds').waitFor();
    await page.getByLabel('Time zone', { exact: true }).fill('Mars/Phobos');
    await page.getByRole('alert').getByText('IANA').waitFor();
    await page.getByLabel('Time zone', { exact: true }).fill('Europe/Berlin');
    await page.getByText('Every 2 seconds').waitFor();
    await press(page, 'Create job');
    await page.getByRole('heading', { name: /^greeter/ }).waitFor();
  });

  it('goes where it is sent, even before it listens', async () => {
    const page = await open();
    await page.addInitScript("addEventListener('DOMContentLoaded', () => location.assign('#/modules'))");
    await page.reload();
    await page.getByRole('heading', { name: 'Modules' }).waitFor();
  });

  it('shows it fire live, and what it said', async () => {
    const page = await open();
    await page.goto(`${started.host.url}/#/jobs/greeter`);
    const row = page.getByRole('row').filter({ hasText: 'succeeded' }).first();
    await row.waitFor();
    const before = await page.getByRole('row').count();
    await page.getByRole('row').nth(before).waitFor();
    await row.getByRole('link').click();
    await page.getByRole('log').getByText('hello Ada').waitFor();
    await page.getByText('"told": "Ada"').waitFor();
  });

  it('pauses, runs now with a log that follows, edits, and resumes', async () => {
    const page = await open();
    await page.goto(`${started.host.url}/#/jobs/greeter`);
    await page.getByRole('button', { name: 'Pause greeter' }).click();
    await page.getByLabel('Reason').fill('for a look');
    await confirm(page, 'Pause');
    await page.getByText('Paused by somebody').waitFor();
    await page.getByText('for a look').waitFor();
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByLabel('seconds').fill('3');
    await press(page, 'Save');
    await page.getByRole('button', { name: 'Run now greeter' }).click();
    await confirm(page, 'Run now');
    await page.getByText('running').first().waitFor();
    await page.getByText('succeeded').first().waitFor({ timeout: 15_000 });
    await page.goto(`${started.host.url}/#/jobs/greeter`);
    await page.getByRole('button', { name: 'Resume greeter' }).click();
    await confirm(page, 'Resume');
    await page.getByText('Paused by somebody').waitFor({ state: 'detached' });
  });

  it('shows what failed where one looks first, runs it again, and deletes', async () => {
    await started.host.request('POST', '/v1/jobs', { id: 'flaky', schedule: 'rate(1 day)' });
    await started.host.request('POST', '/v1/jobs/flaky/run');
    const page = await open();
    const attention = page.getByRole('region', { name: 'Needs attention' });
    await attention.getByText('rows is not iterable').waitFor();
    await attention.getByRole('link', { name: 'flaky' }).click();
    await page.getByRole('heading', { name: 'Error' }).waitFor();
    await press(page, 'Run again');
    const first = page.url();
    await confirm(page, 'Run again');
    await page.waitForURL((url) => url.href !== first);
    await page.getByText(/by retry/).waitFor();
    await page.goto(`${started.host.url}/#/jobs/flaky`);
    await page.getByRole('button', { name: 'Delete flaky' }).click();
    await confirm(page, 'Delete');
    await page.waitForURL(/#\/jobs$/);
    expect((await started.host.request('GET', '/v1/jobs/flaky')).status).toBe(404);
  });

  it('is used by keys alone', async () => {
    const page = await open();
    await page.getByRole('heading', { name: 'What ran, what is due' }).waitFor();
    await page.keyboard.type('gj');
    await page.getByRole('heading', { name: 'Jobs' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('gree');
    await page.waitForURL(/q=gree/);
    await page.getByRole('row').filter({ hasText: 'greeter' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /^greeter/ }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('heading', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('r');
    await page.getByText('Run greeter now?').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('n');
    await page.getByRole('heading', { name: 'New job' }).waitFor();
  });

  it('has no serious fault of accessibility in any view, light and dark, and fits a phone', async () => {
    const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    const { runs } = (await started.host.request('GET', '/v1/jobs/greeter/runs')).json;
    const views = [
      '#/',
      '#/jobs',
      '#/jobs/greeter',
      `#/jobs/greeter/runs/${runs[0].runId}`,
      '#/new',
      '#/jobs/greeter/edit',
      '#/modules',
      '#/api',
    ];
    for (const options of [{ colorScheme: 'light' }, { colorScheme: 'dark' }, { viewport: { width: 360, height: 780 } }] as const) {
      const page = await open(options);
      await page.evaluate(axe);
      for (const view of views) {
        await page.evaluate(`location.assign(${JSON.stringify(view)})`);
        await page.locator('main h1, main h2').first().waitFor();
        if ('viewport' in options) {
          expect(await page.evaluate('document.documentElement.scrollWidth'), view).toBeLessThanOrEqual(360);
          continue;
        }
        const found = await page.evaluate(async () => {
          // biome-ignore lint/suspicious/noExplicitAny: it was put there as a text
          const { violations } = await (globalThis as any).axe.run();
          return violations
            .filter((one: { impact: string }) => ['serious', 'critical'].includes(one.impact))
            .map((one: { id: string; nodes: { html: string }[] }) => `${one.id}: ${one.nodes[0]?.html}`);
        });
        expect(found, `${view} ${JSON.stringify(options)}`).toEqual([]);
      }
    }
  });

  it('threw no error meanwhile', () => {
    expect(errors.filter((text) => !/404|Failed to load resource/.test(text))).toEqual([]);
  });
});
