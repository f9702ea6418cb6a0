// What a grammar doesn't know: which functions a version of a database has, and what it refuses or reads otherwise though it
// can be parsed. For the databases whose SQL no test executes. The lists say what may be used, so a word that is new here
// has to be looked up in the manual of the oldest version first.

interface Vocabulary {
  /** In the letters in which they are printed. */
  readonly functions: ReadonlySet<string>;
  readonly keywords: ReadonlySet<string>;
}

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const common = `SELECT DISTINCT FROM AS WHERE AND OR NOT IN EXISTS IS NULL CASE WHEN THEN ELSE END GROUP BY ORDER ASC DESC HAVING
  LEFT INNER CROSS JOIN ON UNION ALL OVER PARTITION CREATE TABLE INSERT INTO VALUES DROP BIGINT DATE`;

const vocabularies = {
  /** SQL Server 2016: TRIM, STRING_AGG and CONCAT_WS came in 2017; GREATEST, LEAST, BIT_COUNT and DATETRUNC in 2022. */
  mssql: {
    functions:
      words(`CAST TRY_CAST COALESCE NULLIF ABS FLOOR ROUND POWER DATEADD DATEDIFF DATEPART CHARINDEX DATALENGTH NCHAR
      COUNT_BIG MAX MIN SUM AVG row_number lag`),
    keywords: words(`${common} BIT INT FLOAT NVARCHAR COLLATE Latin1_General_BIN2 year month day`),
  },
  trino: {
    functions:
      words(`CAST TRY_CAST EXTRACT coalesce nullif abs floor truncate pow nan infinity date_add date_diff date_trunc
      strpos chr contains filter array_max array_min bitwise_and count max min sum avg bool_or array_agg bitwise_or_agg
      row_number lag`),
    keywords: words(
      `${common} FILTER ARRAY NULLS FIRST LAST TRUE FALSE BOOLEAN INTEGER DOUBLE VARCHAR YEAR MONTH DAY v`,
    ),
  },
} satisfies Record<string, Vocabulary>;

/** Words that a bracket may follow without a function being called. */
const beforeBrackets = words(
  'AND OR NOT IN EXISTS WHEN THEN ELSE ON WHERE FROM JOIN BY AS OVER VALUES FILTER NVARCHAR SELECT HAVING',
);

/** What the database would refuse or read otherwise, in a few words each; nothing for SQL that it takes. */
export function strangersIn(name: keyof typeof vocabularies, sql: string): readonly string[] {
  const { functions, keywords }: Vocabulary = vocabularies[name];
  const found: string[] = [];
  const bare = sql
    .replaceAll(/^--.*$/gm, '')
    .replaceAll(/N?'(?:[^']|'')*'/g, (literal) => {
      if (name === 'mssql' && /\\\r?\n/.test(literal)) found.push('a constant that goes on in the next line');
      return "''";
    })
    .replaceAll(/\[(?:[^\]]|\]\])*\]|"(?:[^"]|"")*"/g, name === 'mssql' ? '[]' : '""');
  for (const [, word, bracket] of bare.matchAll(/(?<![\w.])([A-Za-z_]\w*)(\s*\()?/g)) {
    const isCall = bracket !== undefined && !beforeBrackets.has(word!);
    if (!(isCall ? functions : keywords).has(word!)) found.push(isCall ? `${word!}()` : word!);
  }
  if (name === 'mssql') found.push(...refusedByServer(bare));
  return [...new Set(found)];
}

const mostCases = 10;
const mostRows = 1000;

function refusedByServer(bare: string): readonly string[] {
  const found: string[] = [];
  let [depth, deepest] = [0, 0];
  for (const [word] of bare.matchAll(/\b(?:CASE|END)\b/g)) {
    depth += word === 'CASE' ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  if (deepest > mostCases) found.push(`CASE ${deepest} deep`);
  if (/AS NVARCHAR\(\d+\) COLLATE/.test(bare)) found.push('a collation within CAST');
  // A number that is too large for 32 bits is a decimal.
  for (const [, before, digits] of bare.matchAll(/(CAST\(-?|\w|\.|)(?<![\d.])(\d{10,})(?![\d.e])/g)) {
    if (before === '' && Number(digits) > 2 ** 31 - 1) found.push('an integer that is a decimal');
  }
  for (const insert of bare.split(';').filter((statement) => statement.includes('VALUES\n'))) {
    if (insert.split('\n(').length - 1 > mostRows) found.push('an INSERT of too many rows');
  }
  return found;
}
