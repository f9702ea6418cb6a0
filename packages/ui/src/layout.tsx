// The frame of every page: one heading, landmarks, a skip link, no inline script or style (the policy in security-policy.ts
// would refuse them).
import type { Child } from 'hono/jsx';
import { iconHref, scriptHrefs, stylesheetHref } from './assets.js';
import { Breadcrumbs, type Crumb } from './parts.js';

export interface LayoutProps {
  readonly title: string;
  readonly description?: string;
  readonly crumbs?: readonly Crumb[];
  /** Where the same content is as JSON. */
  readonly jsonHref?: string;
  /** Where news of this kind is as an Atom feed. */
  readonly feedHref?: string;
  /** Where changes to this page are announced, while there can be any. */
  readonly live?: { readonly events: string; readonly isActive: boolean };
  readonly links?: readonly { readonly href: string; readonly text: string }[];
  /** Who is signed in, or the way to do so. */
  readonly account?: Child;
  /** Whether everybody may read the page. */
  readonly isPublic?: boolean;
  readonly children: Child;
}

const Brand = () => (
  <a class="brand" href="/">
    <svg width="22" height="20" viewBox="0 0 22 20" aria-hidden="true">
      <rect x="1" y="1" width="20" height="18" rx="3" fill="none" stroke="currentColor" stroke-width="2" />
      <circle cx="7.5" cy="11" r="3" fill="none" stroke="currentColor" stroke-width="2" />
      <circle cx="14.5" cy="11" r="3" fill="none" stroke="currentColor" stroke-width="2" />
    </svg>
    Glovebox
  </a>
);

export const Layout = ({
  title,
  description,
  crumbs,
  jsonHref,
  feedHref,
  live,
  links = [],
  account,
  isPublic = true,
  children,
}: LayoutProps) => (
  <html lang="en-GB">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>{`${title} · Glovebox`}</title>
      {description && <meta name="description" content={description} />}
      <link rel="stylesheet" href={stylesheetHref} />
      <link rel="icon" href={iconHref} type="image/svg+xml" />
      {jsonHref && <link rel="alternate" type="application/json" href={jsonHref} />}
      {feedHref && <link rel="alternate" type="application/atom+xml" href={feedHref} />}
      {scriptHrefs.map((href) => (
        <script type="module" src={href} />
      ))}
    </head>
    <body>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="top">
        <div class="frame">
          <Brand />
          <nav aria-label="Site">
            <ul>
              {links.map(({ href, text }) => (
                <li>
                  <a href={href}>{text}</a>
                </li>
              ))}
            </ul>
          </nav>
          {account && <div class="who">{account}</div>}
        </div>
      </header>
      <div class="frame">
        {crumbs && <Breadcrumbs crumbs={crumbs} />}
        <main id="main" tabindex={-1}>
          {children}
        </main>
        <p class="visually-hidden" role="status" id="announcement" />
        {live && <glovebox-live hidden data-events={live.events} data-active={live.isActive ? '' : undefined} />}
      </div>
      <footer class="foot">
        <div class="frame">
          <p>
            Every time on this page is UTC. {isPublic && 'This page is public: anybody may read it. '}
            It holds no patient data and no output of any study.
          </p>
          {jsonHref && (
            <p>
              <a href={jsonHref}>This page as JSON</a>
              {feedHref && (
                <>
                  {' · '}
                  <a href={feedHref}>Job requests as a feed</a>
                </>
              )}
            </p>
          )}
        </div>
      </footer>
    </body>
  </html>
);
