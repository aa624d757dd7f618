import type { Instant } from '../schedule/schedule.ts';
import { jsonBytes, kept } from './kept.ts';
import { LIMITS, type LogLevel, type LogLine } from './run.ts';

/** Keeps the last lines of a log within a number of bytes. */
export class LogTail {
  /** How many lines had to go. */
  dropped = 0;
  readonly #maxBytes: number;
  #bytes = 0;
  readonly #lines: { readonly line: LogLine; readonly bytes: number }[] = [];

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  add(at: Instant, level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): LogLine {
    const keptFields = fields && (kept(fields, LIMITS.logLineBytes) as Record<string, unknown>);
    const line: LogLine = {
      at,
      level,
      message: String(message).slice(0, LIMITS.logLineBytes / 4),
      ...(keptFields && { fields: keptFields }),
    };
    const bytes = jsonBytes(line);
    this.#lines.push({ line, bytes });
    this.#bytes += bytes;
    while (this.#bytes > this.#maxBytes) {
      this.#bytes -= this.#lines.shift()?.bytes ?? 0;
      this.dropped += 1;
    }
    return line;
  }

  lines(): LogLine[] {
    return this.#lines.map(({ line }) => line);
  }
}
