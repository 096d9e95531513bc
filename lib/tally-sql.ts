const columns = [
  'state',
  'finding',
  'live_scopes',
  'conflict',
  'unanswered_since',
  'department',
  'connected_at',
  'withdrawn_at',
] as const

const dayOf = (column: string) => `date_trunc('day', ${column}, 'UTC')`

/** The columns that a kind goes by, alike for all researchers of a sort. */
const sorts: Record<string, Partial<Record<(typeof columns)[number], string>>> = {
  standing: {
    state: 'state',
    finding: 'finding',
    live_scopes: 'live_scopes',
    conflict: 'conflict',
    unanswered_since: `CASE WHEN unanswered_since IS NOT NULL THEN now() END`,
  },
  department: { state: 'state', department: 'department' },
  connected: { connected_at: dayOf('connected_at') },
  withdrawn: { withdrawn_at: dayOf('withdrawn_at') },
}

// Asking about each sort of researchers takes a twentieth of asking about each of them.
const researchersSql = Object.entries(sorts).map(([kind, sort]) => {
  const told = columns.map((column) => (sort[column] ? `r.${column}` : 'NULL'))
  const each = Object.entries(sort).map(([column, value]) => `${value} AS ${column}`)
  return `
  SELECT t.kind, t.day, t.key, sum(r.count)::int AS count
  FROM (SELECT ${each.join(', ')}, count(*) FROM researcher WHERE NOT staff_only GROUP BY ${Object.values(sort).join(', ')}) r,
    researcher_tallies(${told.join(', ')}) t
  WHERE t.kind = '${kind}' GROUP BY 1, 2, 3`
})

/** What every researcher and every attempt counts for, by the functions that the triggers go by. */
export const countedSql = `${researchersSql.join(' UNION ALL')}
  UNION ALL
  SELECT 'attempt'::tally_kind, day, attempt_tally_key(purpose, outcome), count
  FROM (SELECT (started_at AT TIME ZONE 'UTC')::date AS day, purpose, outcome, count(*)::int
        FROM authorization_attempt GROUP BY 1, 2, 3) a`

/** Counts anew what the triggers have not seen. */
export const recountSql = ['DELETE FROM tally', `INSERT INTO tally (kind, day, key, delta) ${countedSql}`]
