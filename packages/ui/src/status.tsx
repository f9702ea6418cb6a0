// Status and privacy level as readers meet them: icon, word and colour together, the same on every page.
import type { PrivacyLevel, RequestStatus } from '@glovebox/record';
import { Icon, levelShapes, statusShapes } from './icons.js';

export const statusWords: Readonly<Record<RequestStatus, string>> = {
  pending: 'Pending',
  running: 'Running',
  succeeded: 'Succeeded',
  failed: 'Failed',
  nothing_to_do: 'Nothing to do',
  refused: 'Refused',
};

/** What a level is called and what it means for who may look. */
export const levelWords: Readonly<Record<PrivacyLevel, { readonly name: string; readonly meaning: string }>> = {
  highly_sensitive: {
    name: 'Highly sensitive',
    meaning:
      'Nobody looks at these outputs. Only later actions of the pipeline read them, inside the secure environment.',
  },
  moderately_sensitive: {
    name: 'Moderately sensitive',
    meaning:
      'Approved people may look at these inside the secure environment. Only these may be asked out, and two reviewers decide.',
  },
  minimally_sensitive: {
    name: 'Minimally sensitive',
    meaning: 'A level that older studies declare. Glovebox keeps these outputs like highly sensitive ones.',
  },
};

export const StatusBadge = ({ status }: { readonly status: RequestStatus }) => (
  <span class={`status ${status}`}>
    <Icon shape={statusShapes[status]} />
    {statusWords[status]}
  </span>
);

/** @param count how many outputs have the level; shown when there is more than one */
export const LevelChip = ({ level, count = 1 }: { readonly level: PrivacyLevel; readonly count?: number }) => (
  <span class={`level ${level}`}>
    <Icon shape={levelShapes[level]} />
    {levelWords[level].name}
    {count > 1 && ` × ${count}`}
  </span>
);

/** One chip per level that occurs, most sensitive first. */
export const LevelChips = ({ levels }: { readonly levels: readonly PrivacyLevel[] }) => (
  <span class="levels">
    {(Object.keys(levelWords) as PrivacyLevel[])
      .map((level) => ({ level, count: levels.filter((l) => l === level).length }))
      .filter(({ count }) => count > 0)
      .map(({ level, count }) => (
        <LevelChip level={level} count={count} />
      ))}
  </span>
);
