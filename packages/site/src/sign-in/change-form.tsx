// A form whose answer changes something. It carries what only the signed-in person's pages hold; `read-change.ts` asks for it.
import type { Child } from 'hono/jsx';
import { currentViewer } from './viewer.js';

export const formTokenField = 'form-token';

/** Renders nothing for somebody who has not signed in. */
export const ChangeForm = ({
  action,
  children,
  ...more
}: {
  readonly action: string;
  readonly class?: string;
  readonly id?: string;
  readonly children: Child;
}) => {
  const viewer = currentViewer();
  return viewer ? (
    <form method="post" action={action} {...more}>
      <input type="hidden" name={formTokenField} value={viewer.formToken} />
      {children}
    </form>
  ) : (
    <></>
  );
};
