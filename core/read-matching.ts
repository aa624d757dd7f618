/** What a list gives of its rows after one of them. */
export interface Rows<Row> {
  readonly rows: readonly Row[];
  readonly more: boolean;
}

/** Rows read for one answer, about a megabyte of them; what matches is given then, however few there are. */
const MOST_READ = 2_000;
const PAGE = 500;

/**
 * Reads a list until enough of its rows match, or enough were read for one answer; without a match to look for one page is enough.
 *
 * `last` is the row to go on after; undefined when the list is at its end.
 */
export async function readMatching<Row>(
  read: (last: Row | undefined, limit: number) => Promise<Rows<Row>>,
  matches: ((row: Row) => boolean) | undefined,
  limit: number,
): Promise<{ readonly rows: readonly Row[]; readonly last: Row | undefined }> {
  const found: Row[] = [];
  let last: Row | undefined;
  for (let left = MOST_READ; left > 0; ) {
    const { rows, more } = await read(last, matches ? Math.min(PAGE, left) : limit);
    left -= rows.length;
    for (const [n, row] of rows.entries()) {
      last = row;
      if (!matches || matches(row)) found.push(row);
      if (found.length === limit) return { rows: found, last: more || n < rows.length - 1 ? row : undefined };
    }
    if (!more) return { rows: found, last: undefined };
  }
  return { rows: found, last };
}
