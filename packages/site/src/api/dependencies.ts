// What the API works with.
import type { Controller } from '@glovebox/controller';
import type { Clock } from '@glovebox/record';
import type { Database, Kysely } from '@glovebox/store';
import type { Logger } from 'pino';
import type { Studies } from '../studies.js';

export interface ApiDependencies {
  readonly db: Kysely<Database>;
  readonly controller: Controller;
  readonly studies: Studies;
  readonly clock: Clock;
  readonly log: Logger;
}
