// Who looks at a page. Pages are the same for everybody but for the frame and the buttons that some people have, so the viewer is
// not handed from page to part: every part can ask for it while a request is being answered.
import type { Person } from '@glovebox/store';
import { tryGetContext } from 'hono/context-storage';

export interface Viewer {
  readonly person: Person;
  /** What every form that changes something sends back. */
  readonly formToken: string;
}

/** `viewer` is null for somebody who has not signed in. */
export interface ViewerEnv {
  Variables: { viewer: Viewer | null };
}

export const currentViewer = (): Viewer | null => tryGetContext<ViewerEnv>()?.get('viewer') ?? null;

/** The address that is being answered, to come back to after signing in. */
export const currentPath = (): string => tryGetContext<ViewerEnv>()?.req.path ?? '/';
