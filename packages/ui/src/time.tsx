// Moments and spans. Text is UTC and says so; the machine-readable value is ISO 8601; a script adds the reader's own
// time on hover. Spans are HH:MM:SS, and hours may pass 99.

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (n: number) => String(n).padStart(2, '0');

/**
 * @param iso a moment as ISO 8601
 * @example formatMoment('2026-02-03T04:05:06.789Z') // '3 Feb 2026, 04:05:06 UTC'
 */
export function formatMoment(iso: string): string {
  const t = new Date(iso);
  const day = `${t.getUTCDate()} ${months[t.getUTCMonth()]} ${t.getUTCFullYear()}`;
  return `${day}, ${two(t.getUTCHours())}:${two(t.getUTCMinutes())}:${two(t.getUTCSeconds())} UTC`;
}

/**
 * @param milliseconds a span; fractions of a second are cut off, negative counts as none
 * @example formatSpan(21_602_000) // '06:00:02'
 */
export function formatSpan(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** Milliseconds from one moment to another, both ISO 8601. */
export const between = (from: string, to: string): number => Date.parse(to) - Date.parse(from);

export const Moment = ({ at }: { readonly at: string }) => (
  <glovebox-time data-value={at}>
    <time datetime={at}>{formatMoment(at)}</time>
  </glovebox-time>
);

/** ISO 8601 duration beside the words, for machines. */
export const Span = ({ milliseconds }: { readonly milliseconds: number }) => (
  <time datetime={`PT${Math.max(0, Math.floor(milliseconds / 1000))}S`}>{formatSpan(milliseconds)}</time>
);
