import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineModule, GiveUp, Skip } from 'carillon';
import { parse } from 'csv-parse/sync';
import * as z from 'zod';

/** Says what is in CSV files: enough to see each morning that the export came, and that it is not the one of yesterday. */
export default defineModule({
  description: 'Read CSV from a URL or a folder and sum up its rows and numbers',
  input: z.object({ from: z.string().min(1).describe('a URL, or a folder whose .csv files are read') }),
  policies: { timeout: '2m' },
  async run({ from }, { signal, log, progress }) {
    const files = /^https?:/.test(from) ? await fetchOne(from, signal) : await readFolder(from);
    if (files.length === 0) throw new Skip(`no .csv file in ${from}`);
    const digests = files.map(({ name, text }, index) => {
      const rows = parse(text, { columns: true, skip_empty_lines: true, bom: true, trim: true }) as Record<string, string>[];
      log.info('read', { name, rows: rows.length });
      progress(index + 1, files.length, 'files');
      return { name, rows: rows.length, sha256: createHash('sha256').update(text).digest('hex').slice(0, 16), numbers: numbersOf(rows) };
    });
    return { files: digests.length, rows: digests.reduce((sum, { rows }) => sum + rows, 0), digests };
  },
});

interface CsvFile {
  readonly name: string;
  readonly text: string;
}

async function fetchOne(url: string, signal: AbortSignal): Promise<CsvFile[]> {
  const response = await fetch(url, { signal });
  if (response.status === 404) throw new GiveUp(`${url} is not there`);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return [{ name: url, text: await response.text() }];
}

async function readFolder(folder: string): Promise<CsvFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.csv')).sort();
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })));
}

/** Sum, smallest and largest value of each column that holds numbers only. */
function numbersOf(rows: readonly Record<string, string>[]) {
  const columns = Object.keys(rows[0] ?? {}).filter((column) => rows.every((row) => row[column] && !Number.isNaN(Number(row[column]))));
  return Object.fromEntries(
    columns.map((column) => {
      const values = rows.map((row) => Number(row[column]));
      const sum = values.reduce((total, value) => total + value, 0);
      return [column, { sum, min: values.reduce((a, b) => Math.min(a, b)), max: values.reduce((a, b) => Math.max(a, b)) }];
    }),
  );
}
