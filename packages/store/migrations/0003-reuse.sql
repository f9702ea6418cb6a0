-- What jobs are made from, so that a later request can tell whether their outputs still hold, and why each job was made.

-- The files of commits, by the digest of the listing: {"path": "git's digest of the content"}.
create table code_trees (
  digest text primary key,
  files jsonb not null
);

alter table workspaces
  add column reuse text not null default 'by-content' check (reuse in ('by-content', 'whatever-changed'));

alter table job_requests
  -- Null on requests from before this was recorded.
  add column code_tree text references code_trees,
  -- The actions that the request reached and that got no job, and the job that stands for each:
  -- [{"action", "does": "reuse" | "wait", "job", "isLatest", "isInput"}]
  add column without_job jsonb not null default '[]';

alter table jobs
  add column reasons jsonb not null default '[]',
  -- The files of the commit that evaluating its definition opened; null when that was not told.
  add column files_read jsonb,
  -- A reusable action's code, which ran in place of the study's.
  add column code_repository text,
  add column code_commit text check (code_commit ~ '^[0-9a-f]{40}$'),
  add check ((code_repository is null) = (code_commit is null));
