// `glovebox ehrql`: the commands of ehrQL. Each verb is a file with a function that takes its options as a record; here
// they only get their names and help.
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { processTerminal, type Terminal } from '../../command-line.js';
import { asBackend, asEngine } from './backend-names.js';
import { orExit } from './exit-codes.js';
import { asEhrql, userParameters } from './parsing.js';

/** The version of the language that `packages/language/python/ehrql` speaks. */
const ehrqlVersion = '1.0.0';

/** @param terminal where the commands print */
export function ehrqlCommand(terminal: Terminal = processTerminal): Command {
  const group = new Command('ehrql')
    .description('Evaluate and run ehrQL definitions. What follows ` -- ` is passed to the definition.')
    .version(`ehrql ${ehrqlVersion}`, '--version', 'print the version of the language')
    .enablePositionalOptions();
  // Without a verb the help is what was wanted, and no mistake.
  group.help = (): never => {
    group.outputHelp();
    throw new CommanderError(0, 'commander.help', '');
  };
  const verb = (name: string, description: string): Command => {
    const command = asEhrql(new Command(name).description(description)).allowExcessArguments(false);
    group.addCommand(command);
    return command;
  };

  dataOptions(verb('generate-dataset', 'Extract the dataset that a definition describes.'))
    .option('--test-data-file <file>', 'a Python file of assurance tests to run first')
    .action(async (definition: string, options: DataFlags, command: Command) => {
      const { generateDataset } = await import('./generate-dataset.js');
      await generateDataset({ ...dataRun(definition, options, command), ...given('testDataFile', options) }, terminal);
    });

  dataOptions(verb('generate-measures', 'Compute the measures that a definition describes.')).action(
    async (definition: string, options: DataFlags, command: Command) => {
      const { generateMeasures } = await import('./generate-measures.js');
      await generateMeasures(dataRun(definition, options, command), terminal);
    },
  );

  verb('create-dummy-tables', 'Make tables of patients who do not exist and satisfy a definition.')
    .argument('DEFINITION', 'a Python file')
    .argument('[FOLDER]', 'where to write them, optionally with :csv, :csv.gz or :arrow; standard output when absent')
    .action(async (definition: string, folder: string | undefined, _options: unknown, command: Command) => {
      const { createDummyTables } = await import('./create-dummy-tables.js');
      const parameters = userParameters(command);
      await createDummyTables({ definition, parameters, ...(folder === undefined ? {} : { folder }) }, terminal);
    });

  verb('assure', 'Run the assurance tests of a dataset definition.')
    .argument('TEST_DATA_FILE', 'a Python file with `dataset` and `test_data`')
    .action(async (file: string, _options: unknown, command: Command) => {
      const { assure } = await import('./assure.js');
      await assure({ file, parameters: userParameters(command), isSecure: false }, terminal);
    });

  verb('serialize-definition', 'Print the query model of a definition as JSON.')
    .argument('DEFINITION', 'a Python file')
    .addOption(
      new Option('--definition-type <kind>', 'what to read from it')
        .choices(['dataset', 'measures', 'test', 'any'])
        .default('any'),
    )
    .option('-o, --output <file>', 'a file instead of standard output')
    .action(async (definition: string, options: DataFlags & { definitionType: 'any' }, command: Command) => {
      const { serializeDefinition } = await import('./serialize-definition.js');
      const parameters = userParameters(command);
      await serializeDefinition(
        { definition, parameters, kind: options.definitionType, ...given('output', options) },
        terminal,
      );
    });

  verb('dump-dataset-sql', 'Print the SQL that a dataset definition becomes.')
    .argument('DEFINITION', 'a Python file')
    .option('--dialect <name>', 'whose SQL: duckdb, postgres, mssql or trino')
    .option('--output <file>', 'a file instead of standard output')
    .option('--query-engine <name>', 'whose SQL, as ehrQL names it')
    .addOption(backendOption())
    .action(async (definition: string, options: DataFlags, command: Command) => {
      const { dumpDatasetSql } = await import('./dump-dataset-sql.js');
      const parameters = userParameters(command);
      await dumpDatasetSql(
        {
          definition,
          parameters,
          ...given('dialect', options),
          ...given('queryEngine', options),
          ...given('backend', options),
          ...given('output', options),
        },
        terminal,
      );
    });

  verb('debug', 'Show the values of every `show()` in a definition, on dummy data.')
    .argument('DEFINITION', 'a Python file')
    .option('--dummy-tables <folder>', 'a folder of tables, one file each; made up when absent')
    .addOption(
      new Option('--display-format <format>', 'tables as text, or one page')
        .choices(['ascii', 'html'])
        .default('ascii'),
    )
    .option('--watch', 'do it again whenever a file of the definition is saved')
    .option('--no-subprocess', 'accepted for compatibility')
    .action(async (definition: string, options: DebugFlags, command: Command) => {
      const { debugDefinition } = await import('./debug.js');
      const { dummyTables, displayFormat, watch } = options;
      const parameters = userParameters(command);
      const isWatching = watch === true;
      await debugDefinition(
        { definition, parameters, displayFormat, isWatching, ...(dummyTables ? { dummyTables } : {}) },
        terminal,
      );
    });

  verb(
    'explain',
    'Say what a definition touches and needs: tables, files, permissions, how it is run, and an estimate.',
  )
    .argument('DEFINITION', 'a Python file')
    .option('--patients <n>', 'how many patients the estimate is for', asCount, 1_000_000)
    .action(async (definition: string, { patients }: { readonly patients: number }, command: Command) => {
      const { explain } = await import('./explain.js');
      await explain({ definition, parameters: userParameters(command), patients }, terminal);
    });

  verb('graph-query', 'Draw the query of a definition.')
    .argument('DEFINITION', 'a Python file')
    .requiredOption('--output <file>', 'the SVG file to write')
    .action(async (definition: string, options: { readonly output: string }, command: Command) => {
      const { graphQuery } = await import('./graph-query.js');
      await graphQuery({ definition, parameters: userParameters(command), output: options.output }, terminal);
    });

  verb('dump-example-data', 'Write tables of patients who do not exist, to learn with.')
    .option('-d, --dst-dir <folder>', 'where to', 'example-data')
    .action(async (options: { readonly dstDir: string }) => {
      const { dumpExampleData } = await import('./dump-example-data.js');
      await orExit(() => dumpExampleData({ folder: options.dstDir }, terminal));
    });

  verb('isolation-report', 'Let a definition try what it must not do, and say what was blocked.').action(async () => {
    const { isolationReport } = await import('./isolation-report.js');
    await isolationReport(terminal);
  });

  verb('engine', 'Run query models for other programs, one JSON request a line.')
    .requiredOption('--stdio', 'read requests from standard input and answer on standard output')
    .action(async () => {
      const { serveEngine } = await import('./engine.js');
      await serveEngine(terminal);
    });

  verb('test-connection', 'Say whether the database can be opened, and is of the backend.')
    .addOption(new Option('-u, --url <dsn>', 'the database').env('DATABASE_URL').makeOptionMandatory())
    .addOption(
      new Option('-b, --backend <name>', 'the kind of database, also from the variable BACKEND')
        .argParser(asBackend)
        .env('OPENSAFELY_BACKEND'),
    )
    .action(async (options: DataFlags, command: Command) => {
      const { testConnection } = await import('./database.js');
      const backend = options['backend'] || backendInEnvironment(command);
      await orExit(async () => testConnection(options['url']!, backend || undefined));
      terminal.out('SUCCESS\n');
    });

  verb('backend-admin', 'Do a task that the administrators of a backend have.')
    .argument('BACKEND', 'emisv2')
    .argument('TASK', 'cleanup-temp-tables')
    .option('--max-age-days <n>', 'accepted for compatibility', asCount, 14)
    .option('--dry-run', 'accepted for compatibility')
    .option('--dsn <url>', 'accepted for compatibility')
    .action(async (backend: string, task: string) => {
      const { backendAdmin } = await import('./backend-admin.js');
      backendAdmin(backend, task, terminal);
    });
  return group;
}

interface DebugFlags {
  readonly dummyTables?: string;
  readonly displayFormat: 'ascii' | 'html';
  readonly watch?: boolean;
}

type DataFlags = Readonly<Record<string, string | undefined>>;

const backendOption = (): Option =>
  new Option(
    '--backend <name>',
    'the kind of database, which says who is left out: tpp, emis or emisv2 (expectations and test: none)',
  ).argParser(asBackend);

function backendInEnvironment(command: Command): string {
  try {
    return asBackend(process.env['BACKEND'] ?? '');
  } catch (error) {
    return command.error(`error: the variable BACKEND is invalid. ${(error as Error).message}`, { exitCode: 2 });
  }
}

/** The options that generate-dataset and generate-measures share. */
function dataOptions(command: Command): Command {
  return command
    .argument('DEFINITION', 'a Python file')
    .option('--output <path>', 'a file that ends in .csv, .csv.gz or .arrow, or a folder and a format (results/:csv)')
    .option('--dummy-data-file <file>', 'a result made by hand to use instead, or a folder of its tables')
    .option('--dummy-tables <folder>', 'a folder of tables, one file each, to run on')
    .addOption(
      new Option(
        '--dsn <url>',
        'the database: duckdb:PATH, postgresql://USER@HOST/NAME, or the path of a DuckDB file or a folder of tables',
      ).env('DATABASE_URL'),
    )
    .addOption(backendOption().env('OPENSAFELY_BACKEND'))
    .addOption(
      new Option('--query-engine <name>', 'accepted for compatibility: the database says which engine is used')
        .argParser(asEngine)
        .env('OPENSAFELY_QUERY_ENGINE'),
    );
}

function dataRun(definition: string, options: DataFlags, command: Command) {
  return {
    definition,
    parameters: userParameters(command),
    ...given('output', options),
    ...given('dummyDataFile', options),
    ...given('dummyTables', options),
    ...given('dsn', options),
    ...given('backend', options),
  };
}

function asCount(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new InvalidArgumentError('A whole number above 0 would be accepted.');
  return Number(text);
}

/** An option that was given, and not as empty text (an unset variable in a script). */
function given<K extends string>(name: K, options: DataFlags): { readonly [P in K]?: string } {
  const value = options[name];
  return (value === undefined || value === '' ? {} : { [name]: value }) as { readonly [P in K]?: string };
}
