// The levels of secrecy that an output can have, from `project.yaml`, most sensitive first.

/**
 * - `highly_sensitive`: nobody looks; only later actions read it.
 * - `moderately_sensitive`: approved people look, inside the secure environment; may be asked out.
 * - `minimally_sensitive`: accepted for older studies; kept like highly sensitive.
 */
export const privacyLevels = ['highly_sensitive', 'moderately_sensitive', 'minimally_sensitive'] as const;
export type PrivacyLevel = (typeof privacyLevels)[number];
