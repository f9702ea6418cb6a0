// What staff can do with a backend. Each button says what follows from it; the answer is the page as it is then.
import { maintenanceSettings } from '@glovebox/wire';
import { backendHref } from '../pages/links.js';
import { ChangeForm } from '../sign-in/change-form.js';
import type { BackendView } from './view.js';

const settingWords = {
  automatic: 'as the agent reports',
  on: 'on, whatever the agent reports',
  off: 'off, whatever the agent reports',
} as const;

const Button = ({
  view,
  what,
  text,
  effect,
}: {
  readonly view: BackendView;
  readonly what: string;
  readonly text: string;
  readonly effect: string;
}) => (
  <ChangeForm action={backendHref(view)} class="operation">
    <input type="hidden" name="do" value={what} />
    <button type="submit" aria-describedby={`${what}-effect`}>
      {text}
    </button>
    <p class="quiet small" id={`${what}-effect`}>
      {effect}
    </p>
  </ChangeForm>
);

export const Controls = ({ view }: { readonly view: BackendView }) => (
  <section class="stack">
    <h2>Operation</h2>
    {view.pausedSince === null ? (
      <Button view={view} what="pause" text="Pause" effect="What runs goes on; nothing new starts." />
    ) : (
      <Button
        view={view}
        what="unpause"
        text="End the pause"
        effect="Waiting jobs start again, and a restart is no longer awaited."
      />
    )}
    {!view.reboot && (
      <Button
        view={view}
        what="prepare-reboot"
        text="Prepare for a restart"
        effect="Pauses it and stops everything that runs. Those jobs start again from the beginning when the pause ends."
      />
    )}
    <ChangeForm action={backendHref(view)} class="operation">
      <input type="hidden" name="do" value="maintenance" />
      <label for="maintenance">Maintenance of the database</label>
      <select id="maintenance" name="setting" aria-describedby="maintenance-effect">
        {maintenanceSettings.map((setting) => (
          <option value={setting} selected={setting === view.maintenance.setting}>
            {settingWords[setting]}
          </option>
        ))}
      </select>
      <button type="submit">Set</button>
      <p class="quiet small" id="maintenance-effect">
        While it is on, actions that query the database are stopped and wait.{' '}
        {view.agent === null
          ? 'No agent has reported yet whether it is.'
          : `The agent reports that it is ${view.maintenance.reported ? 'on' : 'off'}.`}
      </p>
    </ChangeForm>
  </section>
);
