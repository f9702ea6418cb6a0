-- Who is signed in on the site's pages. A session is "<identifier>.<secret>" in a cookie; only the secret's digest is kept.

create table sessions (
  identifier text primary key,
  hash text not null,
  person integer not null references people,
  -- The token that was shown to begin it; when that is revoked, the session has ended too. Null where no token was shown.
  token text references person_tokens,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index sessions_expires on sessions (expires_at);
