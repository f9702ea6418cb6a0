// A page for what could not be answered: what is so and where to go on.
import type { Problem } from '@glovebox/record';
import { Problems } from './problems.js';
import { SitePage } from './site-layout.js';

export const ProblemPage = ({ title, problems }: { readonly title: string; readonly problems: readonly Problem[] }) => (
  <SitePage title={title} isPublic={false}>
    <div class="intro">
      <h1>{title}</h1>
    </div>
    <Problems problems={problems} />
    <p class="pages">
      <a href="/event-log">All job requests</a>
    </p>
  </SitePage>
);
