-- Pausing, maintenance and restarts of a backend; weights, attempts and progress of tasks; what actions ask for and what ran
-- them. Candidates for leasing stand in one partial index, so that the number of ended jobs does not matter.

alter table backends
  add column paused_at timestamptz,
  -- What staff chose; 'automatic' follows what the agent reports.
  add column maintenance_setting text not null default 'automatic' check (maintenance_setting in ('automatic', 'on', 'off')),
  add column maintenance_reported boolean not null default false,
  -- Set while it is in force, whoever decided.
  add column maintenance_since timestamptz,
  add column reboot_prepared_at timestamptz,
  -- Pools, weights and requests for resources, as staff configured them.
  add column scheduling jsonb not null default '{}',
  -- The agent's last report.
  add column report jsonb,
  add column reported_at timestamptz;

alter table tasks
  add column workspace integer references workspaces,
  add column uses_database boolean,
  add column weight double precision not null default 1 check (weight > 0),
  -- How many of its leases ran out; handing back does not count.
  add column losses integer not null default 0,
  add column elapsed_seconds integer,
  add column memory_megabytes integer,
  -- The lease that was taken from an agent which has not yet said that it stopped, and until when that is awaited.
  add column stopping_fence integer,
  add column stopping_until timestamptz,
  add check ((stopping_fence is null) = (stopping_until is null));
update tasks t set workspace = j.workspace, uses_database = j.uses_database, losses = t.fence - 1 from jobs j where j.id = t.job;
alter table tasks alter column workspace set not null, alter column uses_database set not null;

drop index tasks_active;
create index tasks_ready on tasks (backend, uses_database, workspace, job) where state = 'ready';
create index tasks_leased on tasks (backend) where state = 'leased';
create index tasks_stopping on tasks (backend) where stopping_fence is not null;
create index tasks_job on tasks (job);

alter table jobs
  add column requested_memory_megabytes integer,
  add column requested_wall_seconds integer,
  add column requested_processors integer,
  -- What ran it: an image's digest, or a program's version and packages.
  add column runtime jsonb;
create index jobs_unfinished on jobs (backend, id) where state in ('pending', 'running');
