// The buttons that cancel, for people who may and while there is something to cancel.
import type { RequestSummaryView } from '@glovebox/record';
import { ChangeForm } from '../sign-in/change-form.js';
import { currentViewer } from '../sign-in/viewer.js';
import { requestHref } from './links.js';

/** Whoever asked, and staff: as `mayCancel` decides when the button is used. */
export function offersCancelling({ requestedBy }: RequestSummaryView): boolean {
  const person = currentViewer()?.person;
  return person !== undefined && (person.username === requestedBy.slug || person.roles.includes('staff'));
}

/** @param action cancels only its job; all unfinished ones when absent */
export const CancelForm = ({ request, action }: { readonly request: RequestSummaryView; readonly action?: string }) =>
  offersCancelling(request) ? (
    <ChangeForm action={`${requestHref(request)}/cancel`} class="cancel">
      {action !== undefined && <input type="hidden" name="action" value={action} />}
      <button type="submit" aria-label={action === undefined ? undefined : `Cancel ${action}`}>
        {action === undefined ? 'Cancel all unfinished jobs' : 'Cancel'}
      </button>
    </ChangeForm>
  ) : (
    <></>
  );
