-- Run query 001 / 004
CREATE TABLE [#inline_table] ([patient_id] BIGINT, [arm] NVARCHAR(4000) COLLATE Latin1_General_BIN2);

-- Run query 002 / 004
INSERT INTO [#inline_table] VALUES
(1, N'it''s ]"\ %_'),
(2, NULL);

-- Run query 003 / 004
SELECT [l].[patient_id] AS [patient_id],
  CAST(CASE WHEN [l].[p_sex] = N'female' THEN 1 WHEN NOT ([l].[p_sex] = N'female') THEN 0 END AS BIT) AS [c0],
  CAST(CASE WHEN [l].[p_is_alive] = [l].[v0_0] THEN 1 WHEN NOT ([l].[p_is_alive] = [l].[v0_0]) THEN 0 END AS BIT) AS [c1],
  CAST(CASE WHEN [l].[v0_1] <> [l].[p_is_alive] THEN 1 WHEN NOT ([l].[v0_1] <> [l].[p_is_alive]) THEN 0 END AS BIT) AS [c2],
  CAST(CASE WHEN [l].[p_sex] < N'm' AND [l].[p_date_of_birth] >= CAST('1950-01-01' AS DATE) THEN 1 WHEN NOT ([l].[p_sex] < N'm' AND [l].[p_date_of_birth] >= CAST('1950-01-01' AS DATE)) THEN 0 END AS BIT) AS [c3],
  CAST(CASE WHEN NOT [l].[v0_2] = 1 THEN 1 WHEN NOT (NOT [l].[v0_2] = 1) THEN 0 END AS BIT) AS [c4],
  CAST([l].[v0_2] AS BIGINT) AS [c5],
  CAST([l].[p_size] AS BIGINT) + CAST(CAST(5000000000 AS BIGINT) AS BIGINT) - CAST([l].[p_size] AS BIGINT) * CAST(3 AS BIGINT) AS [c6],
  ABS(-CAST([l].[p_size] AS BIGINT)) AS [c7],
  CAST([l].[p_size] AS FLOAT) / NULLIF(CAST(2 AS FLOAT), 0e0) AS [c8],
  CAST([l].[p_size] AS BIGINT) / NULLIF(CAST(-7 AS BIGINT), 0) - CASE WHEN CAST([l].[p_size] AS BIGINT) % NULLIF(CAST(-7 AS BIGINT), 0) <> 0 AND CAST(CASE WHEN CAST([l].[p_size] AS BIGINT) < 0 THEN 1 WHEN NOT (CAST([l].[p_size] AS BIGINT) < 0) THEN 0 END AS BIT) <> CAST(CASE WHEN CAST(-7 AS BIGINT) < 0 THEN 1 WHEN NOT (CAST(-7 AS BIGINT) < 0) THEN 0 END AS BIT) THEN 1 ELSE 0 END AS [c9],
  TRY_CAST(FLOOR(CAST([l].[p_weight] AS FLOAT) / NULLIF(0.3e0, 0e0)) AS BIGINT) AS [c10],
  (CAST([l].[p_weight] AS FLOAT) + 1.5e0) * (CAST([l].[p_weight] AS FLOAT) - 1e-7) AS [c11],
  CASE WHEN CAST([l].[p_weight] AS FLOAT) = 0e0 AND CAST(2e0 AS FLOAT) < 0e0 THEN NULL WHEN CAST([l].[p_weight] AS FLOAT) < 0e0 AND CAST(2e0 AS FLOAT) <> FLOOR(CAST(2e0 AS FLOAT)) THEN NULL ELSE POWER(CAST([l].[p_weight] AS FLOAT), CAST(2e0 AS FLOAT)) END AS [c12],
  TRY_CAST(ROUND([l].[p_weight], 0, 1) AS BIGINT) AS [c13],
  CAST([l].[p_size] AS FLOAT) AS [c14],
  CAST(DATEPART(year, [l].[p_date_of_birth]) AS BIGINT) AS [c15],
  CAST(DATEPART(month, [l].[p_date_of_birth]) AS BIGINT) AS [c16],
  CAST(DATEPART(day, [l].[p_date_of_birth]) AS BIGINT) AS [c17],
  DATEADD(year, DATEDIFF(year, CAST('1900-01-01' AS DATE), [l].[p_date_of_birth]), CAST('1900-01-01' AS DATE)) AS [c18],
  DATEADD(month, DATEDIFF(month, CAST('1900-01-01' AS DATE), [l].[p_date_of_birth]), CAST('1900-01-01' AS DATE)) AS [c19],
  CASE WHEN [l].[p_size] >= CAST(DATEDIFF(day, [l].[p_date_of_birth], CAST('0001-01-01' AS DATE)) AS BIGINT) AND [l].[p_size] <= CAST(DATEDIFF(day, [l].[p_date_of_birth], CAST('9999-12-31' AS DATE)) AS BIGINT) THEN DATEADD(day, CAST([l].[p_size] AS INT), [l].[p_date_of_birth]) END AS [c20],
  CASE WHEN CAST([l].[p_size] AS BIGINT) >= 13 - (CAST(DATEPART(year, [l].[p_date_of_birth]) AS BIGINT) * 12 + CAST(DATEPART(month, [l].[p_date_of_birth]) AS BIGINT)) AND CAST([l].[p_size] AS BIGINT) <= 120000 - (CAST(DATEPART(year, [l].[p_date_of_birth]) AS BIGINT) * 12 + CAST(DATEPART(month, [l].[p_date_of_birth]) AS BIGINT)) THEN CASE WHEN CAST(DATEPART(day, DATEADD(month, CAST(CAST([l].[p_size] AS BIGINT) AS INT), [l].[p_date_of_birth])) AS BIGINT) = CAST(DATEPART(day, [l].[p_date_of_birth]) AS BIGINT) THEN DATEADD(month, CAST(CAST([l].[p_size] AS BIGINT) AS INT), [l].[p_date_of_birth]) ELSE DATEADD(day, 1, DATEADD(month, CAST(CAST([l].[p_size] AS BIGINT) AS INT), [l].[p_date_of_birth])) END END AS [c21],
  CASE WHEN 12 >= 13 - (CAST(DATEPART(year, [l].[p_date_of_birth]) AS BIGINT) * 12 + CAST(DATEPART(month, [l].[p_date_of_birth]) AS BIGINT)) AND 12 <= 120000 - (CAST(DATEPART(year, [l].[p_date_of_birth]) AS BIGINT) * 12 + CAST(DATEPART(month, [l].[p_date_of_birth]) AS BIGINT)) THEN CASE WHEN CAST(DATEPART(day, DATEADD(month, 12, [l].[p_date_of_birth])) AS BIGINT) = CAST(DATEPART(day, [l].[p_date_of_birth]) AS BIGINT) THEN DATEADD(month, 12, [l].[p_date_of_birth]) ELSE DATEADD(day, 1, DATEADD(month, 12, [l].[p_date_of_birth])) END END AS [c22],
  CAST(DATEDIFF(day, [l].[p_date_of_birth], CAST('2020-02-29' AS DATE)) AS BIGINT) AS [c23],
  12 * (CAST(DATEPART(year, CAST('2020-02-29' AS DATE)) AS BIGINT) - CAST(DATEPART(year, [l].[p_date_of_birth]) AS BIGINT)) + (CAST(DATEPART(month, CAST('2020-02-29' AS DATE)) AS BIGINT) - CAST(DATEPART(month, [l].[p_date_of_birth]) AS BIGINT)) - CASE WHEN CAST(DATEPART(day, CAST('2020-02-29' AS DATE)) AS BIGINT) < CAST(DATEPART(day, [l].[p_date_of_birth]) AS BIGINT) THEN 1 ELSE 0 END AS [c24],
  CAST(DATEPART(year, CAST('2020-02-29' AS DATE)) AS BIGINT) - CAST(DATEPART(year, [l].[p_date_of_birth]) AS BIGINT) - CASE WHEN CAST(DATEPART(month, CAST('2020-02-29' AS DATE)) AS BIGINT) * 100 + CAST(DATEPART(day, CAST('2020-02-29' AS DATE)) AS BIGINT) < CAST(DATEPART(month, [l].[p_date_of_birth]) AS BIGINT) * 100 + CAST(DATEPART(day, [l].[p_date_of_birth]) AS BIGINT) THEN 1 ELSE 0 END AS [c25],
  CAST(CASE WHEN CHARINDEX(N'%', [l].[p_sex]) > 0 THEN 1 WHEN NOT (CHARINDEX(N'%', [l].[p_sex]) > 0) THEN 0 END AS BIT) AS [c26],
  CASE WHEN [l].[p_sex] IS NOT NULL THEN CAST(1 AS BIT) END AS [c27],
  CAST(CASE WHEN CHARINDEX([l].[v0_3], [l].[p_sex]) > 0 OR DATALENGTH([l].[v0_3]) = 0 AND [l].[p_sex] IS NOT NULL THEN 1 WHEN NOT (CHARINDEX([l].[v0_3], [l].[p_sex]) > 0 OR DATALENGTH([l].[v0_3]) = 0 AND [l].[p_sex] IS NOT NULL) THEN 0 END AS BIT) AS [c28],
  (SELECT MAX([v].[v]) FROM (VALUES ([l].[p_size]), (3), (CAST([l].[p_size] AS BIGINT) + CAST(1 AS BIGINT))) AS [v] ([v])) AS [c29],
  CAST(CASE WHEN [l].[p_sex] IN (N'it''s', N'female') THEN 1 WHEN NOT ([l].[p_sex] IN (N'it''s', N'female')) THEN 0 END AS BIT) AS [c30],
  CAST(0 AS BIT) AS [c31],
  (CASE WHEN [l].[p_is_alive] = 1 THEN N'alive' WHEN [l].[p_weight] > 2e0 THEN NULL ELSE N'l''autre' END COLLATE Latin1_General_BIN2) AS [c32],
  CASE WHEN [l].[v0_4] = 1 THEN [l].[v0_5] ELSE [l].[p_is_alive] END AS [c33],
  [l].[j0_arm] AS [c34],
  CAST(CASE WHEN [l].[j0_patient_id] IS NOT NULL THEN 1 ELSE 0 END AS BIT) AS [c35]
FROM (
SELECT [p].[patient_id] AS [patient_id],
  [p].[patient_id] AS [p_patient_id],
  ([p].[sex] COLLATE Latin1_General_BIN2) AS [p_sex],
  [p].[is_alive] AS [p_is_alive],
  [p].[size] AS [p_size],
  [p].[weight] AS [p_weight],
  [p].[date_of_birth] AS [p_date_of_birth],
  ([j0].[arm] COLLATE Latin1_General_BIN2) AS [j0_arm],
  [j0].[patient_id] AS [j0_patient_id],
  CAST(CASE WHEN [p].[size] > 10 THEN 1 WHEN NOT ([p].[size] > 10) THEN 0 END AS BIT) AS [v0_0],
  CAST(CASE WHEN [p].[weight] <= 0.5e0 THEN 1 WHEN NOT ([p].[weight] <= 0.5e0) THEN 0 END AS BIT) AS [v0_1],
  CAST(CASE WHEN [p].[is_alive] = 1 OR [p].[weight] IS NULL THEN 1 WHEN NOT ([p].[is_alive] = 1 OR [p].[weight] IS NULL) THEN 0 END AS BIT) AS [v0_2],
  ((SELECT MIN([v].[v]) FROM (VALUES ((N'e' COLLATE Latin1_General_BIN2)), (([p].[sex] COLLATE Latin1_General_BIN2))) AS [v] ([v])) COLLATE Latin1_General_BIN2) AS [v0_3],
  CAST(CASE WHEN [p].[size] > 0 THEN 1 WHEN NOT ([p].[size] > 0) THEN 0 END AS BIT) AS [v0_4],
  CAST(CASE WHEN [p].[weight] < 3e0 THEN 1 WHEN NOT ([p].[weight] < 3e0) THEN 0 END AS BIT) AS [v0_5]
FROM [patients] AS [p]
LEFT JOIN [#inline_table] AS [j0] ON [p].[patient_id] = [j0].[patient_id]
) AS [l]
WHERE 1 = 1
ORDER BY [l].[patient_id] ASC;

-- Run query 004 / 004
DROP TABLE [#inline_table];
