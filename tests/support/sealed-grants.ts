import { randomBytes, randomUUID } from 'node:crypto'
import { encode } from 'next-auth/jwt'
import type pg from 'pg'
import type { KeyRing, SealingKey } from '@/lib/crypto/sealed'
import { sealInstallation as sealInstallationRow } from '@/lib/installation/canary'
import { testSecrets } from '@/tests/support/portal'
import { Visitor } from '@/tests/support/visitor'

const rowsAtOnce = 2_000
const clientId = 'APP-TESTCONCORD00001'

/** A sealing key of a test, as `TOKEN_KEYS` has it and as a ring takes it. */
export function makeSealingKey(id: string): SealingKey & { text: string } {
  const key = randomBytes(32)
  return { id, key, text: `${id}:${key.toString('base64')}` }
}

export type SealedPerson = { researcherId: string; grantId: string; attemptId: string; accessToken: string }

/**
 * So many researchers, each with one live grant whose three ciphertexts are sealed as the portal seals them. Their
 * tokens are none that a registry has issued. Another `start` makes other people.
 */
export async function addSealedGrants(
  client: pg.Client,
  ring: KeyRing,
  count: number,
  start = 0,
): Promise<SealedPerson[]> {
  const people: SealedPerson[] = []
  while (people.length < count) {
    const batch = Array.from({ length: Math.min(rowsAtOnce, count - people.length) }, (_, i) =>
      makeRows(ring, start + people.length + i),
    )
    for (const table of ['researcher', 'authorization_attempt', 'grant'] as const) {
      const rows = batch.map((one) => one[table])
      const columns = Object.keys(rows[0] ?? {}).join(', ')
      await client.query(
        `insert into "${table}" (${columns}) select ${columns} from json_populate_recordset(null::"${table}", $1)`,
        [JSON.stringify(rows)],
      )
    }
    people.push(...batch.map(({ person }) => person))
  }
  await client.query('analyze')
  return people
}

function makeRows(ring: KeyRing, index: number) {
  const [researcherId, attemptId, grantId] = [randomUUID(), randomUUID(), randomUUID()]
  const accessToken = randomUUID()
  const refreshToken = randomUUID()
  const scopes = ['/activities/update', '/person/update', '/read-limited', 'openid']
  const orcid = String(9_000_000_000_000_000 + index).replace(/(\d{4})(?=\d)/g, '$1-')
  const grantedAt = new Date().toISOString()
  const expiresAt = new Date(Date.now() + 631_138_518_000).toISOString()
  const seal = (column: string, text: string) =>
    ring.seal(text, { table: 'grant', row: grantId, column, registry: 'local' })
  const response = { access_token: accessToken, refresh_token: refreshToken, orcid, scope: scopes.join(' ') }
  return {
    person: { researcherId, grantId, attemptId, accessToken },
    researcher: {
      id: researcherId,
      orcid,
      registry: 'local',
      state: 'connected',
      live_scopes: scopes,
      live_scopes_given_at: scopes.map(() => grantedAt),
      first_connected_at: grantedAt,
      last_confirmed_at: grantedAt,
      expires_at: expiresAt,
      created_at: grantedAt,
    },
    authorization_attempt: {
      id: attemptId,
      reference: randomUUID(),
      purpose: 'connect',
      state: 'saved',
      outcome: 'connected',
      scopes_asked: scopes,
      registry: 'local',
      client_id: clientId,
      redirect_uri: 'https://example.org/api/auth/callback/orcid',
      locale: 'en',
      subject_proof: 'none',
      secret_hash: randomUUID(),
      state_hash: randomUUID(),
      started_at: grantedAt,
      expires_at: expiresAt,
      researcher_id: researcherId,
    },
    grant: {
      id: grantId,
      researcher_id: researcherId,
      attempt_id: attemptId,
      registry: 'local',
      client_id: clientId,
      state: 'live',
      scopes,
      first_granted_at: scopes.map(() => grantedAt),
      sealed_access_token: seal('sealed_access_token', accessToken),
      sealed_refresh_token: seal('sealed_refresh_token', refreshToken),
      sealed_response: seal('sealed_response', JSON.stringify(response)),
      access_token_hash: randomUUID(),
      granted_at: grantedAt,
      expires_at: expiresAt,
    },
  }
}

/** What a portal with this ring has written into an empty database. */
export async function sealInstallation(client: pg.Client, ring: KeyRing): Promise<void> {
  const { sealedCanary, sealedLookupKey } = sealInstallationRow(ring, 'local')
  await client.query(`insert into installation (registry, sealed_canary, sealed_lookup_key) values ('local', $1, $2)`, [
    sealedCanary,
    sealedLookupKey,
  ])
}

/** A browser in which one of these people is signed in at a portal with the session secret of the tests. */
export async function signInAs(client: pg.Client, { researcherId, attemptId }: SealedPerson): Promise<Visitor> {
  const { rows } = await client.query<{ id: string }>(
    `insert into session (researcher_id, attempt_id, expires_at) values ($1, $2, now() + interval '1 hour') returning id`,
    [researcherId, attemptId],
  )
  const token = await encode({ token: { sid: rows[0]?.id }, secret: testSecrets.sessionSecret })
  const visitor = new Visitor()
  visitor.cookies.set('localhost', new Map([['concord.session', token]]))
  return visitor
}
