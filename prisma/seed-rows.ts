import { type makePerson, seededClientId } from '@/prisma/seed-people'

type Person = ReturnType<typeof makePerson>
type Value = string | boolean | Date | readonly string[] | readonly Date[] | null
type Row = Record<string, Value>
/** A piece of what COPY reads for one table; `columns` is empty where there is nothing. */
export type Piece = { table: string; columns: string[]; text: string }

/** What COPY reads for some people, in the order in which the tables refer to one another. */
export function toPieces(people: readonly Person[], registry: string): Piece[] {
  return [
    toPiece(
      'researcher',
      people.map(({ row }) => toResearcherRow(row, registry)),
    ),
    toPiece(
      'person',
      people.map(({ row }) => toPersonRow(row, registry)),
    ),
    toPiece(
      'authorization_attempt',
      people.flatMap(({ attempts }) => attempts.map((each) => toAttemptRow(each, registry))),
    ),
    toPiece(
      'grant',
      people.flatMap(({ grants }) => grants.map((each) => toGrantRow(each, registry))),
    ),
  ]
}

// https://www.postgresql.org/docs/current/sql-copy.html, "Text Format"
const special: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }
const toEscaped = (text: string) =>
  !/[\\\t\n\r]/.test(text) ? text : text.replace(/[\\\t\n\r]/g, (character) => special[character] ?? '')

function toText(value: Value): string {
  if (value === null) return '\\N'
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'boolean') return value ? 't' : 'f'
  return toEscaped(typeof value === 'string' ? value : `{${value.map((each) => JSON.stringify(each)).join(',')}}`)
}

export function toPiece(table: string, rows: Row[]): Piece {
  const text = rows.map((row) => `${Object.values(row).map(toText).join('\t')}\n`).join('')
  return { table, columns: Object.keys(rows[0] ?? {}), text }
}

function toResearcherRow(row: Person['row'], registry: string): Row {
  return {
    id: row.id,
    orcid: row.orcid,
    registry,
    name: row.name,
    state: row.state,
    live_scopes: row.liveScopes,
    live_scopes_given_at: row.liveScopesGivenAt,
    first_connected_at: row.firstConnectedAt,
    last_confirmed_at: row.lastConfirmedAt,
    expires_at: row.expiresAt,
    withdrew_at: row.withdrewAt,
    last_checked_at: row.lastCheckedAt,
    finding: row.finding,
    unanswered_since: row.unansweredSince,
    primary_orcid: row.primary?.orcid ?? null,
    merged_into_id: row.primary?.id ?? null,
    conflict: row.conflict,
    created_at: row.createdAt,
  }
}

/** Families are called by the last word here. */
export function splitRosterName(name: string | null) {
  const words = name?.split(' ') ?? []
  return { given_name: words.slice(0, -1).join(' ') || null, family_name: words.at(-1) ?? null }
}

/** As the triggers derive it. */
function toPersonRow(row: Person['row'], registry: string): Row {
  return {
    id: row.personId,
    local_id: row.localId,
    ...splitRosterName(row.localId ? row.rosterName : null),
    email: row.localId ? `${row.localId}@example.org` : null,
    department: row.department,
    kind: row.localId ? row.personKind : null,
    origin: row.localId ? 'imported' : 'connected',
    researcher_id: row.id,
    orcid: row.orcid,
    registry,
    orcid_name: row.name,
    connection: row.state,
    live_scopes: row.liveScopes,
    live_scopes_given_at: row.liveScopesGivenAt,
    first_connected_at: row.firstConnectedAt,
    last_confirmed_at: row.lastConfirmedAt,
    expires_at: row.expiresAt,
    withdrew_at: row.withdrewAt,
    last_checked_at: row.lastCheckedAt,
    finding: row.finding,
    unanswered_since: row.unansweredSince,
    primary_orcid: row.primary?.orcid ?? null,
    authenticated_at: row.createdAt,
    conflict: row.conflict,
  }
}

function toAttemptRow(attempt: Person['attempts'][number], registry: string): Row {
  return {
    id: attempt.id,
    reference: attempt.reference,
    purpose: attempt.purpose,
    state: attempt.state,
    outcome: attempt.outcome,
    scopes_asked: attempt.scopes_asked,
    secret_hash: attempt.secret_hash,
    state_hash: attempt.state_hash,
    started_at: attempt.started_at,
    expires_at: attempt.expires_at,
    claimed_at: attempt.claimed_at,
    ended_at: attempt.ended_at,
    started_by_id: attempt.started_by_id,
    researcher_id: attempt.researcher_id,
    registry,
    client_id: seededClientId,
    redirect_uri: 'https://example.org/api/auth/callback/orcid',
    locale: 'en',
    subject_proof: 'none',
  }
}

function toGrantRow(grant: Person['grants'][number], registry: string): Row {
  return {
    id: grant.id,
    researcher_id: grant.researcherId,
    attempt_id: grant.attemptId,
    registry,
    client_id: seededClientId,
    state: grant.state,
    scopes: grant.scopes,
    first_granted_at: grant.firstGrantedAt,
    name_given: grant.name,
    access_token_hash: grant.hash,
    granted_at: grant.grantedAt,
    expires_at: grant.expiresAt,
    ended_at: grant.endedAt,
    superseded_by_id: grant.by,
    finding: grant.finding,
    last_checked_at: grant.lastCheckedAt,
    unanswered_since: grant.unansweredSince,
  }
}
