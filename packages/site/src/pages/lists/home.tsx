// The front page: what Glovebox is in a few sentences, and what was asked for most recently.
import { LevelChip, levelWords } from '@glovebox/ui';
import { SitePage } from '../site-layout.js';
import { RequestList, type RequestPage } from './request-list.js';

export const HomePage = ({ page }: { readonly page: RequestPage }) => (
  <SitePage
    title="What ran on patient data"
    description="Every analysis that ran on patient data through Glovebox, by whom, with which code."
    jsonHref="/index.json"
    feedHref="/event-log.atom"
  >
    <div class="intro">
      <h1>Everyone can see what ran</h1>
      <p>
        A glovebox lets people work on something they must never touch. Glovebox does that for patient data: researchers
        send code in, the code runs beside the data, and only what two reviewers approved comes out.
      </p>
      <p>
        Each job request has a public page: who asked, which code ran, on what kind of data, how it ended, and how
        secret each output is.
      </p>
      <dl class="meanings">
        {(['highly_sensitive', 'moderately_sensitive'] as const).map((level) => (
          <>
            <dt>
              <LevelChip level={level} />
            </dt>
            <dd>{levelWords[level].meaning}</dd>
          </>
        ))}
      </dl>
    </div>
    <section class="stack">
      <h2>Latest job requests</h2>
      <RequestList page={page} before={undefined} />
      {page.next !== null && (
        <p>
          <a href="/event-log">All job requests</a>
        </p>
      )}
    </section>
  </SitePage>
);
