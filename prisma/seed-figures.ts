/**
 * Coverage at the end of past weeks and months, and of each of the last days, as if the roster had been what it is now.
 * The last day is written by `write_daily_figures`. $1: time zone, $2: the last day.
 */
export const pastCoverageSql = `
  WITH span AS (
    SELECT researcher_id, lower(part) AS began, upper(part) AS ended
    FROM (
      SELECT researcher_id, range_agg(tstzrange(granted_at, ended_at)) AS parts FROM "grant"
      WHERE NOT scopes <@ ARRAY['openid', '/authenticate', '/read-public'] AND (ended_at IS NULL OR ended_at > granted_at)
      GROUP BY 1
    ) AS whole, unnest(parts) AS part
  ), counted AS (
    SELECT researcher_id, dimension
    FROM person, LATERAL (VALUES (''), ('kind/' || kind), ('department/' || department)) AS dimensions (dimension)
    WHERE listed AND (local_id IS NOT NULL OR origin <> 'connected') AND state IN ('active', 'leaving')
      AND dimension IS NOT NULL
  ), everybody AS (
    SELECT dimension, count(*) AS people FROM counted GROUP BY 1
  ), wanted AS (
    SELECT day::date FROM generate_series($2::date - 730, $2::date - 1, '1 day') AS day
    WHERE day > $2::date - 32 OR extract(isodow FROM day) = 7 OR extract(day FROM day + interval '1 day') = 1
  ), change AS (
    SELECT dimension, (began AT TIME ZONE $1)::date AS day, count(*) AS number
    FROM span JOIN counted USING (researcher_id) GROUP BY 1, 2
    UNION ALL
    SELECT dimension, (ended AT TIME ZONE $1)::date, -count(*)
    FROM span JOIN counted USING (researcher_id) WHERE ended IS NOT NULL GROUP BY 1, 2
    UNION ALL
    SELECT dimension, day, 0 FROM everybody, wanted
  ), connected AS (
    SELECT dimension, day, sum(sum(number)) OVER (PARTITION BY dimension ORDER BY day) AS connected
    FROM change GROUP BY 1, 2
  )
  INSERT INTO daily_figure (day, figure, dimension, value)
  SELECT day, figure, dimension, value FROM connected JOIN wanted USING (day) JOIN everybody USING (dimension),
    LATERAL (VALUES ('people'::figure, people), ('people_connected', connected)) AS figures (figure, value)`
