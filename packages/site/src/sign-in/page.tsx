// The page on which somebody signs in.
import type { Problem } from '@glovebox/record';
import { SitePage } from '../pages/site-layout.js';
import { Problems } from '../pages/problems.js';

export const SignInPage = ({ next, problems }: { readonly next: string; readonly problems: readonly Problem[] }) => (
  <SitePage title="Sign in" crumbs={[{ text: 'Glovebox', href: '/' }, { text: 'Sign in' }]} isPublic={false}>
    <div class="intro">
      <h1>Sign in</h1>
      <p>
        What was asked for and what ran can be read without signing in. Researchers sign in to request jobs, staff to
        operate backends.
      </p>
    </div>
    <Problems problems={problems} />
    <form method="post" action="/sign-in" class="form">
      <input type="hidden" name="next" value={next} />
      <div class="field">
        <label for="token">Personal token</label>
        <input
          id="token"
          name="token"
          type="password"
          autocomplete="current-password"
          required
          maxlength={200}
          aria-describedby="token-hint"
        />
        <p class="quiet small" id="token-hint">
          The same token that the API takes. A member of staff gives it out; a new one ends the old one and whatever was
          signed in with it.
        </p>
      </div>
      <p>
        <button type="submit" class="main">
          Sign in
        </button>
      </p>
    </form>
  </SitePage>
);
