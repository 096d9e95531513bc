import type pg from 'pg'

export type AttemptRow = { id: string; state: string; outcome: string | null; claimedAtMs: number | null }
export type GrantRow = {
  id: string
  attemptId: string
  orcid: string
  state: string
  scopes: string[]
  grantedAtMs: number
  endedAtMs: number | null
  sealedAccessToken: string | null
  accessTokenHash: string
  supersededById: string | null
}
export type Holdings = {
  attempts: Map<string, AttemptRow>
  grants: GrantRow[]
  waitingRevocations: number
  openSuspicions: number
  sealedLookupKey: string
}

/** Everything that the database knows of tokens. */
export async function readHoldings(client: pg.Pool): Promise<Holdings> {
  const attempts = await client.query<AttemptRow>(`
    select id::text, state::text, outcome::text, extract(epoch from claimed_at)::float8 * 1000 as "claimedAtMs"
    from authorization_attempt`)
  const grants = await client.query<GrantRow>(`
    select g.id::text, g.attempt_id::text as "attemptId", r.orcid, g.state::text, g.scopes,
      extract(epoch from g.granted_at)::float8 * 1000 as "grantedAtMs",
      extract(epoch from g.ended_at)::float8 * 1000 as "endedAtMs", g.sealed_access_token as "sealedAccessToken",
      g.access_token_hash as "accessTokenHash", g.superseded_by_id::text as "supersededById"
    from "grant" g join researcher r on r.id = g.researcher_id`)
  const waiting = await client.query('select count(*)::int as count from revocation where confirmed_at is null')
  const suspected = await client.query('select count(*)::int as count from suspicion')
  const installation = await client.query('select sealed_lookup_key from installation')
  return {
    attempts: new Map(attempts.rows.map((row) => [row.id, row])),
    grants: grants.rows,
    waitingRevocations: waiting.rows[0].count,
    openSuspicions: suspected.rows[0].count,
    sealedLookupKey: installation.rows[0].sealed_lookup_key,
  }
}

/**
 * Grants to be asked about now, or within minutes: what was refused, left unanswered, or begun and killed, and whatever
 * lives here of the people `$1`, who have withdrawn at ORCID.
 */
const openSql = `state = 'live' and sealed_access_token is not null
  and (unanswered_since is not null or next_check_at < now() + interval '6 minutes'
    or researcher_id in (select id from researcher where orcid = any ($1::text[])))`

/** Has the portal ask now what it would ask within minutes, or days. */
export async function askAboutDoubts(client: pg.Pool, withdrawn: string[]): Promise<void> {
  const { rowCount } = await client.query(
    `update "grant" set next_check_at = least(next_check_at, now())
     where id in (select id from "grant" where ${openSql} for update skip locked)`,
    [withdrawn],
  )
  if (rowCount) await client.query(`select graphile_worker.add_job('sweep', job_key := 'sweep')`)
}

/** Whether nothing is in doubt any more: no exchange without an end, no revocation that waits, no recovery to come. */
export async function isSettled(client: pg.Pool, recoveryAfterS: number, withdrawn: string[]): Promise<boolean> {
  const { rows } = await client.query(
    `select
      (select count(*) from authorization_attempt where state in ('exchanging', 'recovering'))
      + (select count(*) from revocation where confirmed_at is null)
      + (select count(*) from suspicion)
      + (select count(*) from "grant" where ${openSql})
      + (select count(*) from authorization_attempt where claimed_at > now() - make_interval(secs => $2)) as open`,
    [withdrawn, recoveryAfterS + 3],
  )
  return Number(rows[0].open) === 0
}
