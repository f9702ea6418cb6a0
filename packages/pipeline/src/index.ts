export { reviewableFileTypes, suffixOf } from './output-pattern.js';
export type { Action, DeclaredOutputs, Pipeline } from './pipeline.js';
export { anyPatternMatcher, patternMatcher } from './path-pattern.js';
export { needsFirst } from './order.js';
export { planJobs, requestProblems, type Plan, type PlannedJob, type PlanRequest } from './plan.js';
export { pipelineProblems } from './problems.js';
export { readPipeline, type ReadPipeline } from './read.js';
export { blobDigest, codeTree, type CodeTree } from './reuse/code-tree.js';
export type { Surroundings } from './reuse/decide-by-content.js';
export type { EarlierJob, MadeFrom } from './reuse/decision.js';
export { codePart } from './reuse/parts.js';
export { noSettings, readStudySettings, settingsPath, type StudySettings } from './study-settings.js';
export { clash, codelistOf, listPath, readCodelistList, type Codelist } from './codelists/codelist-list.js';
export { codelistDifferences, codelistFolderProblems } from './codelists/differences.js';
export {
  digestOf,
  entryOf as manifestEntryOf,
  isProblem,
  manifestPath,
  manifestText,
  readManifest,
  type CodelistManifest,
  type ManifestEntry,
} from './codelists/manifest.js';
export { codelistProblems, problem as codelistProblem } from './codelists/problems.js';
export { allowedImages, resolveReusable, type FoundRelease, type ImagePolicy } from './reusable/resolve.js';
