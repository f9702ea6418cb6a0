// Writes JSX out now, so that the text can be kept and put into later pages. The only place that hands markup to a page
// as it is: what goes in is JSX, so every string in it has been escaped.
import { raw } from 'hono/html';
import type { JSX } from 'hono/jsx/jsx-runtime';
import type { HtmlEscapedString } from 'hono/utils/html';

/** Only for components that are not asynchronous. */
export function written(element: JSX.Element): HtmlEscapedString {
  // JSX nodes write themselves; the types say only that they become a string in the end.
  const text: unknown = (element as { readonly toString: () => unknown }).toString();
  if (typeof text !== 'string') throw new Error('an asynchronous component can not be written out');
  return raw(text);
}
