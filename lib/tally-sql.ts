/** What every researcher and every trip counts for, by the functions that the triggers go by. */
export const countedSql = `
  SELECT t.kind, t.day, t.key, count(*)::int AS count FROM researcher r, researcher_tallies(r.state, r.finding, r.live_scopes,
    r.conflict, r.unanswered_since, r.department, r.connected_at, r.withdrawn_at) t GROUP BY 1, 2, 3
  UNION ALL
  SELECT 'attempt'::tally_kind, (started_at AT TIME ZONE 'UTC')::date, attempt_tally_key(purpose, outcome), count(*)::int
  FROM authorization_attempt GROUP BY 2, 3`

/** Counts anew what the triggers have not seen. */
export const recountSql = ['DELETE FROM tally', `INSERT INTO tally (kind, day, key, delta) ${countedSql}`]
