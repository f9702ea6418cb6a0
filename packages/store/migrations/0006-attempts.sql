-- What failed because the database was busy is tried again after a while, so many times.

alter table tasks add column retries integer not null default 0, add column not_before timestamptz;
