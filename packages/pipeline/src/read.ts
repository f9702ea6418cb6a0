// Reads project.yaml text and returns the pipeline or every problem in it.
import type { Problem } from '@glovebox/record';
import type { Pipeline } from './pipeline.js';

/** `pipeline` is absent exactly when one of the problems is an error. */
export interface ReadPipeline {
  readonly pipeline?: Pipeline;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** @param path how problems name the file, for example `project.yaml` */
export function readPipeline(_text: string, _path: string): ReadPipeline {
  throw new Error('being written');
}
