// The site's own frame around a page: the same links at the top everywhere.
import { Layout, type LayoutProps } from '@glovebox/ui';

const links = [
  { href: '/event-log', text: 'All job requests' },
  { href: '/projects', text: 'Projects' },
  { href: '/organisations', text: 'Organisations' },
];

export const SitePage = (props: Omit<LayoutProps, 'links'>) => <Layout {...props} links={links} />;
