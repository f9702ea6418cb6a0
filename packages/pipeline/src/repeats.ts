// Counts, while the text is cut into tokens, how many values its aliases stand for at least, so that a document of merges of merges
// is refused at the line that shows it. What is anchored in brackets or is a scalar is counted; the tree counts the rest.
import { limits, tooOften } from './limits.js';

export class Repeats {
  /** By name, for the last value of that name. */
  readonly #sizes = new Map<string, number>();
  /** Brackets that an anchor stands before, from the outside in. */
  readonly #open: { readonly name: string; readonly depth: number; values: number }[] = [];
  #anchor: string | undefined;
  #depth = 0;
  #repeated = 0;

  /** @throws TooLarge */
  after(token: string, isValue: boolean, offset: number): void {
    if (isValue) this.#count(1);
    else if (token === '[' || token === '{') this.#begin();
    else if (token === ']' || token === '}') this.#end();
    else if (token.startsWith('&')) this.#anchor = token.slice(1);
    else if (token.startsWith('*')) this.#again(token, offset);
  }

  #count(values: number): void {
    if (this.#anchor !== undefined) this.#sizes.set(this.#anchor, values);
    this.#anchor = undefined;
    const around = this.#open.at(-1);
    if (around) around.values += values;
  }

  #begin(): void {
    if (this.#anchor !== undefined) this.#open.push({ name: this.#anchor, depth: this.#depth, values: 1 });
    this.#anchor = undefined;
    this.#depth++;
  }

  #end(): void {
    this.#depth = Math.max(0, this.#depth - 1);
    const last = this.#open.at(-1);
    if (last?.depth !== this.#depth) return;
    this.#open.pop();
    this.#sizes.set(last.name, last.values);
    this.#count(last.values);
  }

  #again(token: string, offset: number): void {
    const values = this.#sizes.get(token.slice(1)) ?? 0;
    this.#repeated += values;
    if (this.#repeated > limits.repeated)
      throw tooOften(`${limits.repeated} repeated values`, [offset, offset + token.length]);
    this.#count(values);
  }
}
