// The site's own frame around a page: the same links at the top everywhere, and who is signed in.
import { Layout, type LayoutProps } from '@glovebox/ui';
import { ChangeForm } from '../sign-in/change-form.js';
import { currentPath, currentViewer } from '../sign-in/viewer.js';

const links = [
  { href: '/event-log', text: 'All job requests' },
  { href: '/projects', text: 'Projects' },
  { href: '/organisations', text: 'Organisations' },
  { href: '/backends', text: 'Backends' },
];

const Account = () => {
  const viewer = currentViewer();
  if (!viewer) {
    const path = currentPath();
    const next = path === '/' || path.startsWith('/sign-') ? '' : `?next=${encodeURIComponent(path)}`;
    return <a href={`/sign-in${next}`}>Sign in</a>;
  }
  return (
    <ChangeForm action="/sign-out" class="account">
      <span>{viewer.person.name}</span>
      <button type="submit" class="plain-button">
        Sign out
      </button>
    </ChangeForm>
  );
};

export const SitePage = (props: Omit<LayoutProps, 'links' | 'account'>) => (
  <Layout {...props} links={links} account={<Account />} />
);
