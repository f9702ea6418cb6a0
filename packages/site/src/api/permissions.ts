// May this person do that? Only questions are answered here; what is not allowed is denied.
import type { Person } from '@glovebox/store';

export const mayRegister = (person: Person): boolean => person.roles.includes('staff');

/** Pause, maintain and configure backends, and stop anybody's jobs. */
export const mayOperate = (person: Person): boolean => person.roles.includes('staff');

/** @param project row number */
export const mayAddWorkspace = (person: Person, project: number): boolean =>
  mayRegister(person) || (person.roles.includes('researcher') && person.projects.includes(project));

/** @param project and backend: row numbers */
export const mayRun = (person: Person, project: number, backend: number): boolean =>
  person.roles.includes('researcher') && person.projects.includes(project) && person.backends.includes(backend);

/** @param requester row number of the person who made the request */
export const mayCancel = (person: Person, requester: number): boolean =>
  person.id === requester || person.roles.includes('staff');
