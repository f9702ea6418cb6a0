// The tables as TypeScript sees them, one interface a table; `migrations/` is what makes them so.
// A column that the database fills is `Generated`. JSON columns are written as text (`JSON.stringify`) and read parsed,
// because the two drivers disagree about arrays.
import type {
  FailureReason,
  ImageIdentity,
  JobState,
  PrivacyLevel,
  ReuseReason,
  ReuseRule,
  StatusCode,
  WithoutJob,
} from '@glovebox/record';
import type { BackendReport, BackendScheduling, MaintenanceSetting, Role } from '@glovebox/wire';
import type { ColumnType, Generated } from 'kysely';

/** Read as the parsed value, written as JSON text. */
type Json<T> = ColumnType<T, string, string>;
/** Drivers give a bigint as text or number. */
type Big = ColumnType<string | number, number, number>;

export interface PipelineActionRow {
  readonly name: string;
  readonly needs: readonly string[];
  readonly outputs: readonly { readonly level: PrivacyLevel; readonly name: string; readonly pattern: string }[];
}

interface Organisations {
  id: Generated<number>;
  slug: string;
  name: string;
  created_at: Date;
}

interface People {
  id: Generated<number>;
  username: string;
  name: string;
  roles: Role[];
  created_at: Date;
}

interface PersonTokens {
  identifier: string;
  person: number;
  hash: string;
  created_at: Date;
  revoked_at: Date | null;
}

interface Sessions {
  identifier: string;
  hash: string;
  person: number;
  token: string | null;
  created_at: Date;
  expires_at: Date;
}

interface Projects {
  id: Generated<number>;
  slug: string;
  name: string;
  organisation: number;
  permissions: string[];
  created_at: Date;
}

interface ProjectMembers {
  project: number;
  person: number;
}

interface Backends {
  id: Generated<number>;
  slug: string;
  name: string;
  is_synthetic: boolean;
  token_identifier: string;
  token_hash: string;
  last_seen_at: Date | null;
  created_at: Date;
  paused_at: Date | null;
  maintenance_setting: Generated<MaintenanceSetting>;
  maintenance_reported: Generated<boolean>;
  maintenance_since: Date | null;
  reboot_prepared_at: Date | null;
  scheduling: ColumnType<BackendScheduling, string | undefined, string>;
  report: Json<BackendReport> | null;
  reported_at: Date | null;
}

interface BackendMembers {
  backend: number;
  person: number;
}

interface Workspaces {
  id: Generated<number>;
  name: string;
  project: number;
  repository: string;
  branch: string;
  purpose: string;
  created_at: Date;
  reuse: Generated<ReuseRule>;
}

interface CodeTrees {
  digest: string;
  files: Json<Readonly<Record<string, string>>>;
}

interface Pipelines {
  digest: string;
  text: string;
  actions: Json<PipelineActionRow[]>;
}

export type RequestOutcome = 'succeeded' | 'failed' | 'nothing_to_do';

interface JobRequests {
  number: Generated<number>;
  identifier: string;
  workspace: number;
  backend: number;
  requested_by: number;
  requester_name: string;
  organisation_slug: string;
  organisation_name: string;
  repository: string;
  branch: string;
  commit: string;
  pipeline: string;
  requested_actions: string[];
  force: boolean;
  message: string | null;
  outcome: RequestOutcome | null;
  created_at: Date;
  code_tree: string | null;
  without_job: ColumnType<readonly WithoutJob[], string | undefined, string>;
}

interface Jobs {
  id: Generated<number>;
  identifier: string;
  request: number;
  workspace: number;
  backend: number;
  position: number;
  action: string;
  origin: 'requested' | 'dependency';
  state: JobState;
  code: StatusCode;
  reason: FailureReason | null;
  exit_code: number | null;
  excluded_files: number | null;
  cause: number | null;
  command: string;
  image: string;
  tag: string;
  args: Json<string[]>;
  uses_database: boolean;
  created_at: Date;
  started_at: Date | null;
  completed_at: Date | null;
  wall_milliseconds: Big | null;
  cpu_milliseconds: Big | null;
  peak_memory_megabytes: number | null;
  memory_limit_megabytes: number | null;
  manifest: string | null;
  data_release: string | null;
  requested_memory_megabytes: number | null;
  requested_wall_seconds: number | null;
  requested_processors: number | null;
  runtime: Json<ImageIdentity> | null;
  reasons: ColumnType<readonly ReuseReason[], string | undefined, string>;
  files_read: ColumnType<readonly string[] | null, string | null | undefined, string | null>;
  code_repository: ColumnType<string | null, string | null | undefined>;
  code_commit: ColumnType<string | null, string | null | undefined>;
}

interface JobInputs {
  job: number;
  need: string;
  position: number;
  provider: number;
}

interface JobOutputs {
  job: number;
  level: PrivacyLevel;
  name: string;
  position: number;
  pattern: string;
  files: Big | null;
  bytes: Big | null;
}

export type TaskState = 'ready' | 'leased' | 'done' | 'dropped';

interface Tasks {
  identifier: string;
  job: number;
  backend: number;
  state: TaskState;
  fence: number;
  agent: string | null;
  expires_at: Date | null;
  created_at: Date;
  workspace: number;
  uses_database: boolean;
  /** The workspace while the task is ready; null otherwise. */
  ready_workspace: ColumnType<number | null, never, never>;
  weight: Generated<number>;
  losses: Generated<number>;
  /** How often it was given out again because the database was busy, and until when it then waits. */
  retries: Generated<number>;
  not_before: Date | null;
  elapsed_seconds: number | null;
  memory_megabytes: number | null;
  stopping_fence: number | null;
  stopping_until: Date | null;
}

interface Events {
  id: Generated<number>;
  at: Date;
  kind: string;
  person: number | null;
  request: number | null;
  job: number | null;
  state: JobState | null;
  code: StatusCode | null;
  detail: Json<Readonly<Record<string, unknown>>>;
}

export interface Database {
  organisations: Organisations;
  people: People;
  person_tokens: PersonTokens;
  sessions: Sessions;
  projects: Projects;
  project_members: ProjectMembers;
  backends: Backends;
  backend_members: BackendMembers;
  workspaces: Workspaces;
  code_trees: CodeTrees;
  pipelines: Pipelines;
  job_requests: JobRequests;
  jobs: Jobs;
  job_inputs: JobInputs;
  job_outputs: JobOutputs;
  tasks: Tasks;
  events: Events;
}
