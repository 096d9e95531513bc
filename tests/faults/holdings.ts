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
export type TrialRow = { id: string; isEnded: boolean; keepsSecrets: boolean }
export type Holdings = {
  attempts: Map<string, AttemptRow>
  grants: GrantRow[]
  trials: Map<string, TrialRow>
  /** Grants, sessions and researchers that no attempt of theirs accounts for. */
  madeByTrials: string[]
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
  const trials = await client.query<TrialRow>(`
    select id::text, ended_at is not null as "isEnded",
      num_nonnulls(sealed_url, sealed_code, sealed_access_token) > 0 as "keepsSecrets" from trial`)
  const made = await client.query<{ what: string }>(`
    select 'a grant' as what from "grant" g join authorization_attempt a on a.id = g.attempt_id where a.purpose = 'trial'
    union all
    select 'a session' from session s join authorization_attempt a on a.id = s.attempt_id where a.purpose = 'trial'
    union all
    select 'a researcher' from researcher r where not exists (
      select from authorization_attempt a where a.researcher_id = r.id and a.state = 'saved' and a.purpose <> 'trial')`)
  const waiting = await client.query('select count(*)::int as count from revocation where confirmed_at is null')
  const suspected = await client.query('select count(*)::int as count from suspicion')
  const installation = await client.query('select sealed_lookup_key from installation')
  return {
    attempts: new Map(attempts.rows.map((row) => [row.id, row])),
    grants: grants.rows,
    trials: new Map(trials.rows.map((row) => [row.id, row])),
    madeByTrials: made.rows.map(({ what }) => what),
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

/** Makes the hour of every trial pass but of those that were `ended`, and has the portal look for such. */
export async function passHours(client: pg.Pool, ended: string[]): Promise<void> {
  await client.query('update trial set expires_at = now() where ended_at is null and id <> all ($1::uuid[])', [ended])
  await client.query(`select graphile_worker.add_job('end-trials', job_key := 'end-trials')`)
}

/** Whether nothing is in doubt any more: no exchange or trial without an end, no revocation that waits, no recovery to come. */
export async function isSettled(client: pg.Pool, recoveryAfterS: number, withdrawn: string[]): Promise<boolean> {
  const { rows } = await client.query(
    `select
      (select count(*) from authorization_attempt where state in ('exchanging', 'recovering'))
      + (select count(*) from trial where ended_at is null)
      + (select count(*) from revocation where confirmed_at is null)
      + (select count(*) from suspicion)
      + (select count(*) from "grant" where ${openSql})
      + (select count(*) from authorization_attempt where claimed_at > now() - make_interval(secs => $2)) as open`,
    [withdrawn, recoveryAfterS + 3],
  )
  return Number(rows[0].open) === 0
}
