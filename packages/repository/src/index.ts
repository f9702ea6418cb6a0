export type { CheckedOut } from './checkout.js';
export type { ChangedFile, Comparison, ComparisonLimits } from './comparison.js';
export { takeLock, type Lock } from './lock.js';
export { openMirror, type Mirror, type MirrorOptions } from './mirror.js';
export type { AllowedRepositories } from './policy.js';
export { repositoryProblems } from './problems.js';
export type { TreeFile } from './tree.js';
export { openReleases, type Release, type ReleasesOptions } from './releases.js';
