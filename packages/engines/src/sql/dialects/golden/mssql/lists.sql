-- Run query 001 / 015
CREATE TABLE [#code_masks] ([code] NVARCHAR(4000) COLLATE Latin1_General_BIN2, [mask0] BIGINT);

-- Run query 002 / 015
INSERT INTO [#code_masks] VALUES
(N'10000000', 1),
(N'11000000', 1),
(N'12000000', 1),
(N'13000000', 1),
(N'14000000', 1),
(N'15000000', 1),
(N'16000000', 1),
(N'17000000', 1),
(N'18000000', 1),
(N'19000000', 1),
(N'20000000', 3),
(N'21000000', 3),
(N'22000000', 3),
(N'23000000', 3),
(N'24000000', 3),
(N'25000000', 3),
(N'26000000', 3),
(N'27000000', 3),
(N'28000000', 3),
(N'29000000', 3),
(N'30000000', 2),
(N'31000000', 2),
(N'32000000', 2),
(N'33000000', 2),
(N'34000000', 2),
(N'35000000', 2),
(N'36000000', 2),
(N'37000000', 2),
(N'38000000', 2),
(N'39000000', 2),
(N'40000000', 2),
(N'41000000', 2),
(N'42000000', 2),
(N'43000000', 2),
(N'44000000', 2),
(N'45000000', 2),
(N'46000000', 2),
(N'47000000', 2),
(N'48000000', 2),
(N'49000000', 2);

-- Run query 003 / 015
CREATE TABLE [#code_list] ([value] NVARCHAR(4000) COLLATE Latin1_General_BIN2);

-- Run query 004 / 015
INSERT INTO [#code_list] VALUES
(N'10000000'),
(N'11000000'),
(N'12000000'),
(N'13000000'),
(N'14000000'),
(N'15000000'),
(N'16000000'),
(N'17000000'),
(N'18000000'),
(N'19000000'),
(N'20000000'),
(N'21000000'),
(N'22000000'),
(N'23000000'),
(N'24000000'),
(N'25000000'),
(N'26000000'),
(N'27000000'),
(N'28000000'),
(N'29000000');

-- Run query 005 / 015
CREATE TABLE [#code_masks_1] ([code] NVARCHAR(4000) COLLATE Latin1_General_BIN2, [mask0] BIGINT);

-- Run query 006 / 015
INSERT INTO [#code_masks_1] VALUES
(N'20000000', 1),
(N'21000000', 1),
(N'22000000', 1),
(N'23000000', 1),
(N'24000000', 1),
(N'25000000', 1),
(N'26000000', 1),
(N'27000000', 1),
(N'28000000', 1),
(N'29000000', 1),
(N'30000000', 1),
(N'31000000', 1),
(N'32000000', 1),
(N'33000000', 1),
(N'34000000', 1),
(N'35000000', 1),
(N'36000000', 1),
(N'37000000', 1),
(N'38000000', 1),
(N'39000000', 1),
(N'40000000', 1),
(N'41000000', 1),
(N'42000000', 1),
(N'43000000', 1),
(N'44000000', 1),
(N'45000000', 1),
(N'46000000', 1),
(N'47000000', 1),
(N'48000000', 1),
(N'49000000', 1);

-- Run query 007 / 015
SELECT * INTO [#events_rows] FROM (
SELECT [w].[patient_id] AS [patient_id],
  MAX(CASE WHEN [w].[w0_place] = 1 THEN [w].[r1] END) AS [a0_k1],
  COUNT_BIG(CASE WHEN [w].[r2] = 1 THEN 1 END) AS [a1_n],
  CAST(MAX(CAST([w].[r3] AS INT)) AS BIT) AS [a2_n]
FROM (
SELECT [r].[patient_id] AS [patient_id],
  [r].[c_date] AS [r0],
  [r].[c_code] AS [r1],
  [r].[v0_0] AS [r2],
  CAST(CASE WHEN [r].[m0_mask0] & 1 <> 0 THEN 1 WHEN NOT ([r].[m0_mask0] & 1 <> 0) THEN 0 END AS BIT) AS [r3],
  row_number() OVER (PARTITION BY [r].[patient_id] ORDER BY [r].[c_date] DESC, [r].[c_code] DESC) AS [w0_place]
FROM (
SELECT [t].[patient_id] AS [patient_id],
  [t].[date] AS [c_date],
  ([t].[code] COLLATE Latin1_General_BIN2) AS [c_code],
  [m0].[mask0] AS [m0_mask0],
  CAST(CASE WHEN [m0].[mask0] & 1 <> 0 AND [m0].[mask0] & 2 <> 0 THEN 1 WHEN NOT ([m0].[mask0] & 1 <> 0 AND [m0].[mask0] & 2 <> 0) THEN 0 END AS BIT) AS [v0_0]
FROM [events] AS [t]
LEFT JOIN [#code_masks] AS [m0] ON ([t].[code] COLLATE Latin1_General_BIN2) = [m0].[code]
) AS [r]
) AS [w]
GROUP BY [w].[patient_id]
) AS [q];

-- Run query 008 / 015
SELECT [p].[patient_id] AS [patient_id],
  COALESCE([j0].[a2_n], CAST(0 AS BIT)) AS [c0],
  COALESCE([j0].[a1_n], 0) AS [c1],
  CAST(CASE WHEN [j0].[a0_k1] IN (
SELECT [c].[value] AS [value]
FROM [#code_list] AS [c]
) THEN 1 WHEN NOT ([j0].[a0_k1] IN (
SELECT [c].[value] AS [value]
FROM [#code_list] AS [c]
)) THEN 0 END AS BIT) AS [c2]
FROM [patients] AS [p]
LEFT JOIN [#events_rows] AS [j0] ON [p].[patient_id] = [j0].[patient_id]
WHERE [p].[size] > 0
ORDER BY [p].[patient_id] ASC;

-- Run query 009 / 015
DROP TABLE [#events_rows];

-- Run query 010 / 015
SELECT * INTO [#patient_values] FROM (
SELECT [p].[patient_id] AS [patient_id],
  [p].[date_of_birth] AS [x0]
FROM [patients] AS [p]
WHERE [p].[size] > 0
) AS [q];

-- Run query 011 / 015
SELECT [t].[patient_id] AS [patient_id],
  ([t].[code] COLLATE Latin1_General_BIN2) AS [c0],
  CAST(CASE WHEN [t].[date] > [s].[x0] THEN 1 WHEN NOT ([t].[date] > [s].[x0]) THEN 0 END AS BIT) AS [c1]
FROM [events] AS [t]
INNER JOIN [#code_masks_1] AS [m0] ON ([t].[code] COLLATE Latin1_General_BIN2) = [m0].[code]
INNER JOIN [#patient_values] AS [s] ON [t].[patient_id] = [s].[patient_id]
WHERE [m0].[mask0] & 1 <> 0
ORDER BY [t].[patient_id] ASC, [c0] ASC, [c1] ASC;

-- Run query 012 / 015
DROP TABLE [#patient_values];

-- Run query 013 / 015
DROP TABLE [#code_masks];

-- Run query 014 / 015
DROP TABLE [#code_list];

-- Run query 015 / 015
DROP TABLE [#code_masks_1];
