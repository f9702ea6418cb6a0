-- Ready tasks are found through a column that only they have. A condition on the state would also fit the index that keeps a
-- job to one active task, and a planner whose statistics are from a quieter hour reads all of that one.

alter table tasks add column ready_workspace integer generated always as (case when state = 'ready' then workspace end) stored;
drop index tasks_ready;
create index tasks_ready on tasks (backend, uses_database, ready_workspace, job) where ready_workspace is not null;
