-- Run query 001 / 011
SELECT * INTO [#events_read] FROM (
SELECT [t].[patient_id] AS [patient_id],
  [t].[date] AS [r0],
  [t].[is_urgent] AS [r1]
FROM [events] AS [t]
WHERE [t].[is_urgent] = 1
) AS [q];

-- Run query 002 / 011
SELECT * INTO [#events_rows] FROM (
SELECT [w].[patient_id] AS [patient_id],
  MAX(CASE WHEN [w].[r1] = 1 AND [w].[r0] IS NOT NULL THEN [w].[patient_id] END) AS [a0_v]
FROM [#events_read] AS [w]
GROUP BY [w].[patient_id]
) AS [q];

-- Run query 003 / 011
SELECT * INTO [#events_values] FROM (
SELECT DISTINCT [w].[patient_id] AS [patient_id],
  [w].[r0] AS [value]
FROM [#events_read] AS [w]
WHERE [w].[r1] = 1 AND [w].[r0] IS NOT NULL
) AS [q];

-- Run query 004 / 011
SELECT * INTO [#patient_values] FROM (
SELECT [p].[patient_id] AS [patient_id],
  [j0].[a0_v] AS [x0],
  CASE WHEN 240 >= 13 - (CAST(DATEPART(year, [p].[date_of_birth]) AS BIGINT) * 12 + CAST(DATEPART(month, [p].[date_of_birth]) AS BIGINT)) AND 240 <= 120000 - (CAST(DATEPART(year, [p].[date_of_birth]) AS BIGINT) * 12 + CAST(DATEPART(month, [p].[date_of_birth]) AS BIGINT)) THEN CASE WHEN CAST(DATEPART(day, DATEADD(month, 240, [p].[date_of_birth])) AS BIGINT) = CAST(DATEPART(day, [p].[date_of_birth]) AS BIGINT) THEN DATEADD(month, 240, [p].[date_of_birth]) ELSE DATEADD(day, 1, DATEADD(month, 240, [p].[date_of_birth])) END END AS [x1]
FROM [patients] AS [p]
LEFT JOIN [#events_rows] AS [j0] ON [p].[patient_id] = [j0].[patient_id]
WHERE 1 = 1
) AS [q];

-- Run query 005 / 011
SELECT * INTO [#events_rows_1] FROM (
SELECT [w].[patient_id] AS [patient_id],
  COUNT_BIG(CASE WHEN [w].[r10] = 1 THEN 1 END) AS [a0_n],
  MAX(CASE WHEN [w].[w1_place] = 1 THEN [w].[r0] END) AS [a1_k0],
  CAST(MAX(CAST(CASE WHEN [w].[w1_place] = 1 THEN [w].[r1] ELSE NULL END AS INT)) AS BIT) AS [a1_k1],
  CAST(MAX(CAST([w].[r11] AS INT)) AS BIT) AS [a2_n],
  MAX(CASE WHEN [w].[r11] = 1 AND [w].[w3_place] = 1 THEN [w].[r3] END) AS [a3_k2],
  MAX(CASE WHEN [w].[r11] = 1 AND [w].[w3_place] = 1 THEN [w].[r2] END) AS [a3_k1],
  COUNT_BIG(CASE WHEN [w].[r11] = 1 AND [w].[r4] IS NOT NULL AND ([w].[w4_before] IS NULL OR CAST(DATEDIFF(day, [w].[w4_before], [w].[r4]) AS BIGINT) > 14) THEN 1 END) AS [a4_v],
  AVG(CAST([w].[r2] AS FLOAT)) AS [a5_v],
  CAST(SUM(CASE WHEN [w].[r11] = 1 THEN CAST([w].[r5] AS BIGINT) END) AS BIGINT) AS [a6_v],
  MAX([w].[r6]) AS [a7_v],
  MIN(CASE WHEN [w].[r12] = 1 THEN [w].[r7] END) AS [a8_v],
  COUNT_BIG(DISTINCT [w].[r8]) AS [a9_v],
  COUNT_BIG(DISTINCT [w].[r9]) AS [a10_v],
  COUNT_BIG(CASE WHEN [w].[r12] = 1 THEN 1 END) AS [a11_n],
  CAST(MAX(CAST([w].[r13] AS INT)) AS BIT) AS [a12_n],
  CAST(MAX(CAST([w].[r14] AS INT)) AS BIT) AS [a13_n],
  CAST(MAX(CAST([w].[r11] AS INT)) AS BIT) AS [a14_n]
FROM (
SELECT [r].[patient_id] AS [patient_id],
  [r].[c_date] AS [r0],
  [r].[c_is_urgent] AS [r1],
  [r].[c_count] AS [r2],
  [r].[c_value] AS [r3],
  [r].[c_date] AS [r4],
  [r].[c_count] AS [r5],
  [r].[c_value] AS [r6],
  [r].[c_date] AS [r7],
  [r].[v0_0] AS [r8],
  [r].[c_code] AS [r9],
  [r].[v0_1] AS [r10],
  [r].[c_is_urgent] AS [r11],
  [r].[v0_2] AS [r12],
  [r].[v0_3] AS [r13],
  [r].[v0_4] AS [r14],
  row_number() OVER (PARTITION BY [r].[patient_id] ORDER BY [r].[c_date] DESC, [r].[c_is_urgent] DESC) AS [w1_place],
  row_number() OVER (PARTITION BY [r].[patient_id], CASE WHEN [r].[c_is_urgent] = 1 THEN 1 ELSE 0 END ORDER BY [r].[c_date] ASC, [r].[c_count] ASC, [r].[c_value] ASC) AS [w3_place],
  lag([r].[c_date]) OVER (PARTITION BY [r].[patient_id], CASE WHEN [r].[c_is_urgent] = 1 AND [r].[c_date] IS NOT NULL THEN 1 ELSE 0 END ORDER BY [r].[c_date] ASC) AS [w4_before]
FROM (
SELECT [t].[patient_id] AS [patient_id],
  [t].[date] AS [c_date],
  [s].[x0] AS [s_x0],
  [t].[is_urgent] AS [c_is_urgent],
  [t].[count] AS [c_count],
  [t].[value] AS [c_value],
  [s].[x1] AS [s_x1],
  ([t].[code] COLLATE Latin1_General_BIN2) AS [c_code],
  CAST(CASE WHEN [t].[value] > 1e0 THEN 1 WHEN NOT ([t].[value] > 1e0) THEN 0 END AS BIT) AS [v0_0],
  CASE WHEN [s].[x0] IS NULL THEN CAST(0 AS BIT) WHEN [t].[date] IS NOT NULL THEN CAST(CASE WHEN EXISTS (
SELECT 1 AS [one]
FROM [#events_values] AS [v]
WHERE [v].[patient_id] = [s].[x0] AND [v].[value] = [t].[date]
) THEN 1 ELSE 0 END AS BIT) ELSE NULL END AS [v0_1],
  CAST(CASE WHEN [t].[date] > [s].[x1] THEN 1 WHEN NOT ([t].[date] > [s].[x1]) THEN 0 END AS BIT) AS [v0_2],
  CAST(CASE WHEN [t].[date] > CAST('2020-01-01' AS DATE) THEN 1 WHEN NOT ([t].[date] > CAST('2020-01-01' AS DATE)) THEN 0 END AS BIT) AS [v0_3],
  CAST(CASE WHEN [t].[value] > 3e0 THEN 1 WHEN NOT ([t].[value] > 3e0) THEN 0 END AS BIT) AS [v0_4]
FROM [events] AS [t]
INNER JOIN [#patient_values] AS [s] ON [t].[patient_id] = [s].[patient_id]
) AS [r]
) AS [w]
GROUP BY [w].[patient_id]
) AS [q];

-- Run query 006 / 011
SELECT [p].[patient_id] AS [patient_id],
  COALESCE([j0].[a14_n], CAST(0 AS BIT)) AS [c0],
  COALESCE([j0].[a13_n], CAST(0 AS BIT)) AS [c1],
  COALESCE([j0].[a12_n], CAST(0 AS BIT)) AS [c2],
  COALESCE([j0].[a11_n], 0) AS [c3],
  COALESCE([j0].[a10_v], 0) AS [c4],
  COALESCE([j0].[a9_v], 0) AS [c5],
  [j0].[a8_v] AS [c6],
  [j0].[a7_v] AS [c7],
  [j0].[a6_v] AS [c8],
  [j0].[a5_v] AS [c9],
  COALESCE([j0].[a4_v], 0) AS [c10],
  [j0].[a3_k2] AS [c11],
  [j0].[a3_k1] AS [c12],
  COALESCE([j0].[a2_n], CAST(0 AS BIT)) AS [c13],
  [j0].[a1_k0] AS [c14],
  [j0].[a1_k1] AS [c15],
  CASE WHEN [p].[x0] IS NULL THEN CAST(0 AS BIT) WHEN [j1].[date_of_birth] IS NOT NULL THEN CAST(CASE WHEN EXISTS (
SELECT 1 AS [one]
FROM [#events_values] AS [v]
WHERE [v].[patient_id] = [p].[x0] AND [v].[value] = [j1].[date_of_birth]
) THEN 1 ELSE 0 END AS BIT) ELSE NULL END AS [c16],
  COALESCE([j0].[a0_n], 0) AS [c17]
FROM [#patient_values] AS [p]
LEFT JOIN [#events_rows_1] AS [j0] ON [p].[patient_id] = [j0].[patient_id]
LEFT JOIN [patients] AS [j1] ON [p].[patient_id] = [j1].[patient_id]
ORDER BY [p].[patient_id] ASC;

-- Run query 007 / 011
DROP TABLE [#events_rows_1];

-- Run query 008 / 011
DROP TABLE [#patient_values];

-- Run query 009 / 011
DROP TABLE [#events_values];

-- Run query 010 / 011
DROP TABLE [#events_rows];

-- Run query 011 / 011
DROP TABLE [#events_read];
