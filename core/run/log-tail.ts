import type { Instant } from '../schedule/schedule.ts';
import { jsonBytes, kept } from './kept.ts';
import type { Redact } from './redact.ts';
import { LIMITS, type LogLevel, type LogLine } from './run.ts';

/** Keeps the last lines of a log within a number of bytes. */
export class LogTail {
  /** How many lines had to go. */
  dropped = 0;
  readonly #maxBytes: number;
  readonly #redact: Redact;
  #bytes = 0;
  readonly #lines: { readonly line: LogLine; readonly bytes: number }[] = [];

  constructor(maxBytes: number, redact: Redact) {
    this.#maxBytes = maxBytes;
    this.#redact = redact;
  }

  add(at: Instant, level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): LogLine {
    const keptFields = fields && (kept(fields, LIMITS.logLineBytes, this.#redact) as Record<string, unknown>);
    const line: LogLine = {
      at,
      level,
      message: this.#redact(String(message)).slice(0, LIMITS.logLineBytes / 4),
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
