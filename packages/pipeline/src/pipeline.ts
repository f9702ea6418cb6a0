// A study's pipeline as the rest of Glovebox knows it: the checked meaning of project.yaml, without its spelling.
import type { PrivacyLevel } from '@glovebox/record';

/** Output label to path pattern (`*` matches within one folder), by privacy level. */
export type DeclaredOutputs = Readonly<Partial<Record<PrivacyLevel, Readonly<Record<string, string>>>>>;

export interface Action {
  readonly name: string;
  /** The `run` text as written. */
  readonly run: string;
  readonly image: string;
  readonly tag: string;
  /** The words that the action will get, `--config` and its JSON included. */
  readonly args: readonly string[];
  readonly needs: readonly string[];
  readonly outputs: DeclaredOutputs;
  readonly config: Readonly<Record<string, unknown>> | null;
  /** Whether it may query the database. */
  readonly usesDatabase: boolean;
  /** A reusable action's repository and commit, which runs in place of the study's code; image, tag and args are then its own. */
  readonly code?: { readonly repository: string; readonly commit: string };
  /** The line of project.yaml that its name stands on, from 1. */
  readonly line: number;
}

export interface Pipeline {
  readonly version: number;
  /** In file order. */
  readonly actions: readonly Action[];
}
