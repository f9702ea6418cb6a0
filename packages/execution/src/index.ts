export { defaultRuntimes, type ImageRuntime, type Runtimes } from './command.js';
export { defaultOutputLimits, type OutputLimits } from './collect.js';
export { removeFolder, writeWhole } from './files.js';
export { openPrograms, type Programs } from './machine-programs.js';
export type { Manifest, Outcome, OutputFile, PatternCount, RunUsage } from './manifest.js';
export { openOutputStore, type OutputStore, type ViewEntry, type WorkspaceView } from './output-store.js';
export { readLog, tailOffset, type LogPiece, type LogReading } from './read-log.js';
export type { ListedOutput, WorkspaceListing } from './reviewers-folder.js';
export { reviewLimits, type ReviewLimits } from './police.js';
export {
  runAction,
  type ActionResult,
  type ActionToRun,
  type Extraction,
  type RunPhase,
  type RunSurroundings,
} from './run-action.js';
