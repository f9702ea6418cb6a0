-- The public zone's first tables: who may ask, what they asked for, and what became of it.
-- Only SQL that PostgreSQL 15 and PGlite both accept. Times come from the application's clock, never from now().
-- Nothing here comes from patient data: what the secure side may say has a column of its own and no other way in.

create table organisations (
  id integer generated always as identity primary key,
  slug text not null unique,
  name text not null,
  created_at timestamptz not null
);

create table people (
  id integer generated always as identity primary key,
  username text not null unique,
  name text not null,
  roles text[] not null,
  created_at timestamptz not null
);

-- A token is "<identifier>.<secret>"; only the secret's digest is kept.
create table person_tokens (
  identifier text primary key,
  person integer not null references people,
  hash text not null,
  created_at timestamptz not null,
  revoked_at timestamptz
);
create index person_tokens_person on person_tokens (person);

create table projects (
  id integer generated always as identity primary key,
  slug text not null unique,
  name text not null,
  organisation integer not null references organisations,
  permissions text[] not null,
  created_at timestamptz not null
);
create index projects_organisation on projects (organisation);

create table project_members (
  project integer not null references projects,
  person integer not null references people,
  primary key (project, person)
);

create table backends (
  id integer generated always as identity primary key,
  slug text not null unique,
  name text not null,
  is_synthetic boolean not null,
  token_identifier text not null unique,
  token_hash text not null,
  last_seen_at timestamptz,
  created_at timestamptz not null
);

create table backend_members (
  backend integer not null references backends,
  person integer not null references people,
  primary key (backend, person)
);

create table workspaces (
  id integer generated always as identity primary key,
  name text not null unique,
  project integer not null references projects,
  repository text not null,
  branch text not null,
  purpose text not null,
  created_at timestamptz not null
);
create index workspaces_project on workspaces (project);

-- Pipelines by the digest of their text: most requests repeat one that is here already.
create table pipelines (
  digest text primary key,
  text text not null,
  -- Every action in file order: [{"name", "needs": [], "outputs": [{"level", "name", "pattern"}]}]
  actions jsonb not null
);

-- Repository, branch, requester and organisation are copies: the page keeps showing what held when it was asked for.
create table job_requests (
  number integer generated always as identity primary key,
  identifier text not null unique check (identifier ~ '^[a-z2-7]{16}$'),
  workspace integer not null references workspaces,
  backend integer not null references backends,
  requested_by integer not null references people,
  requester_name text not null,
  organisation_slug text not null,
  organisation_name text not null,
  repository text not null,
  branch text not null,
  commit text not null check (commit ~ '^[0-9a-f]{40}$'),
  pipeline text not null references pipelines,
  requested_actions text[] not null,
  force boolean not null,
  message text,
  -- Null while a job is open.
  outcome text check (outcome in ('succeeded', 'failed', 'nothing_to_do')),
  created_at timestamptz not null
);
create index job_requests_before on job_requests (workspace, backend, number);
create index job_requests_succeeded on job_requests (workspace, backend, number) where outcome = 'succeeded';

create table jobs (
  id integer generated always as identity primary key,
  identifier text not null unique check (identifier ~ '^[a-z2-7]{16}$'),
  request integer not null references job_requests,
  -- The request's, so that the latest job of an action and the load of a workspace are found in one index.
  workspace integer not null references workspaces,
  backend integer not null references backends,
  position integer not null,
  action text not null,
  origin text not null check (origin in ('requested', 'dependency')),
  state text not null check (state in ('pending', 'running', 'succeeded', 'failed')),
  code text not null,
  reason text,
  exit_code integer,
  excluded_files integer,
  -- The failed job that this one was waiting for.
  cause integer references jobs,
  command text not null,
  image text not null,
  tag text not null,
  args jsonb not null,
  uses_database boolean not null,
  created_at timestamptz not null,
  started_at timestamptz,
  completed_at timestamptz,
  wall_milliseconds bigint,
  cpu_milliseconds bigint,
  peak_memory_megabytes integer,
  memory_limit_megabytes integer,
  manifest text,
  data_release text,
  unique (request, action),
  check ((completed_at is not null) = (state in ('succeeded', 'failed'))),
  check (state <> 'running' or started_at is not null)
);
create index jobs_latest on jobs (workspace, backend, action, id);
create index jobs_open on jobs (request) where state in ('pending', 'running');

-- Which job provides what a job needs: one of the same request, or an earlier one whose outputs are used again.
create table job_inputs (
  job integer not null references jobs,
  need text not null,
  position integer not null,
  provider integer not null references jobs,
  primary key (job, need)
);
create index job_inputs_provider on job_inputs (provider);

create table job_outputs (
  job integer not null references jobs,
  level text not null check (level in ('highly_sensitive', 'moderately_sensitive', 'minimally_sensitive')),
  name text not null,
  position integer not null,
  pattern text not null,
  files bigint,
  bytes bigint,
  primary key (job, level, name)
);

-- One instruction to a backend's agent. Ready ones wait to be leased; each loss of a lease raises the fence.
create table tasks (
  identifier text primary key check (identifier ~ '^[a-z2-7]{16}$'),
  job integer not null references jobs,
  backend integer not null references backends,
  state text not null check (state in ('ready', 'leased', 'done', 'dropped')),
  fence integer not null check (fence > 0),
  agent text,
  expires_at timestamptz,
  created_at timestamptz not null,
  check ((state = 'leased') = (expires_at is not null))
);
create unique index tasks_one_active on tasks (job) where state in ('ready', 'leased');
create index tasks_active on tasks (backend, state) where state in ('ready', 'leased');

-- Every fact that changed, written in the transaction that changed it.
create table events (
  id integer generated always as identity primary key,
  at timestamptz not null,
  kind text not null,
  -- Who did it; null when the platform or an agent did.
  person integer references people,
  request integer references job_requests,
  job integer references jobs,
  state text,
  code text,
  detail jsonb not null
);
create index events_job on events (job, id) where job is not null;
create index events_request on events (request, id) where request is not null;
