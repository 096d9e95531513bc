import type pg from 'pg'
import type { z } from 'zod'
import { type AffiliationItem, sectionOf } from '@/lib/affiliations/affiliation'
import { type Organisation, toBody } from '@/lib/affiliations/body'
import type { KeyRing } from '@/lib/crypto/sealed'
import type { Finding } from '@/lib/grants/grant'
import { makeRecord, splitName } from '@/prisma/seed-records'
import type { populationSchema } from '@/registry/admin-people'
import { PEOPLE } from '@/registry/people'

export type Population = z.input<typeof populationSchema>
type Token = Population['tokens'][number]

/** What opens the tokens, whose client wrote the items, and for which institution. */
type Sealed = { ring: KeyRing; clientId: string; organisation: Organisation }

/**
 * Everybody in the database as ORCID would have to know them for the database to be right: records in the states that
 * were found, the tokens that are sealed here, and the items that were written. Somebody whom the registry has anyway
 * brings their tokens and items only.
 */
export async function toPopulation(client: pg.Client, { ring, clientId, organisation }: Sealed): Promise<Population> {
  const people = await listPeople(client)
  const listed = new Set(PEOPLE.map(({ orcid }) => orcid))
  return {
    set: await findPopulationName(client),
    people: people.filter(({ orcid }) => !listed.has(orcid)).map(toPerson),
    tokens: await listTokens(client, ring),
    items: await listItems(client, { clientId, name: organisation.name }, organisation),
  }
}

/** What the registry is to call the people of this database: no two databases have the same name. */
export async function findPopulationName(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS name FROM installation`,
  )
  if (!rows[0]) throw new Error('This database has no installation')
  return rows[0].name
}

type Researcher = {
  orcid: string
  name: string | null
  finding: Finding | null
  department: string | null
  localId: string | null
  primaryOrcid: string | null
}

async function listPeople(client: pg.Client): Promise<Researcher[]> {
  const { rows } = await client.query<Researcher>(
    `SELECT orcid, orcid_name AS name, finding, department, local_id AS "localId", primary_orcid AS "primaryOrcid"
     FROM person WHERE orcid IS NOT NULL ORDER BY authenticated_at, orcid`,
  )
  return rows
}

const recordStates = {
  record_locked: 'locked',
  record_deactivated: 'deactivated',
  record_deprecated: 'merged',
} as const satisfies Partial<Record<Finding, string>>

function toPerson({ orcid, name, finding, department, localId, primaryOrcid }: Researcher) {
  const email = `${localId ?? orcid.replaceAll('-', '')}@example.org`
  const state = (finding && recordStates[finding as keyof typeof recordStates]) ?? ('ok' as const)
  return {
    orcid,
    ...splitName(orcid, name),
    nameVisibility: name === null ? ('private' as const) : ('public' as const),
    state,
    mergedInto: state === 'merged' ? primaryOrcid : null,
    email,
    note: [department, state === 'ok' ? null : `${state} record`].filter(Boolean).join(', '),
    record: makeRecord(orcid, email),
  }
}

type SealedGrant = {
  id: string
  orcid: string
  clientId: string
  registry: string
  finding: Finding | null
  scopes: string[]
  grantedAt: Date
  expiresAt: Date
  access: string
  refresh: string | null
}

async function listTokens(client: pg.Client, ring: KeyRing): Promise<Token[]> {
  const { rows } = await client.query<SealedGrant>(
    `SELECT g.id::text, r.orcid, g.client_id AS "clientId", g.registry, g.finding, g.scopes,
            g.granted_at AS "grantedAt", g.expires_at AS "expiresAt", g.sealed_access_token AS access,
            g.sealed_refresh_token AS refresh
     FROM "grant" g JOIN researcher r ON r.id = g.researcher_id WHERE g.sealed_access_token IS NOT NULL`,
  )
  return rows.map((grant) => toToken(grant, ring))
}

const revokedBecause: Partial<Record<string, NonNullable<Token['revokedBecause']>>> = {
  withdrawn_at_orcid: 'USER_REVOKED',
  being_checked: 'USER_REVOKED',
  record_deactivated: 'RECORD_DEACTIVATED',
}

/** An iD that no record has. */
const nobody = '0000-0000-0000-0000'

/** The token as it has to be at ORCID for a check to find what was found. */
function toToken(grant: SealedGrant, ring: KeyRing): Token {
  const { id, registry, finding, scopes, grantedAt, expiresAt, access, refresh } = grant
  const open = (sealed: string, column: string) => ring.open(sealed, { table: 'grant', row: id, column, registry })
  const accessToken = open(access, 'sealed_access_token')
  const because = revokedBecause[finding ?? ''] ?? null
  return {
    accessToken,
    refreshToken: refresh === null ? `none-${accessToken}` : open(refresh, 'sealed_refresh_token'),
    orcid: finding === 'wrong_record' ? nobody : grant.orcid,
    clientId: grant.clientId,
    scopes: finding === 'insufficient' ? [] : scopes,
    code: null,
    issuedAt: grantedAt.getTime(),
    lifetimeS: Math.round((expiresAt.getTime() - grantedAt.getTime()) / 1_000),
    live: because === null,
    revokedBecause: because,
  }
}

type Item = AffiliationItem & { orcid: string; putCode: string; writtenAt: Date }

/** What was written and is still there. */
async function listItems(
  client: pg.Client,
  source: { clientId: string; name: string },
  organisation: Organisation,
): Promise<Population['items']> {
  const { rows } = await client.query<Item>(
    `SELECT r.orcid, a.kind, a.external_id AS "externalId", a.title, a.department, a.start_on AS "startOn",
            a.end_on AS "endOn", a.url, a.work, a.put_code AS "putCode", coalesce(a.written_at, a.added_at) AS "writtenAt"
     FROM affiliation a JOIN researcher r ON r.id = a.researcher_id
     WHERE a.put_code IS NOT NULL AND a.state NOT IN ('deleted', 'deleted_by_person')`,
  )
  return rows.map((item) => ({
    putCode: Number(item.putCode),
    orcid: item.orcid,
    section: sectionOf(item.kind) as Population['items'][number]['section'],
    visibility: 'public' as const,
    source,
    createdAt: item.writtenAt.getTime(),
    modifiedAt: item.writtenAt.getTime(),
    displayIndex: 0,
    content: toBody(item, organisation, null),
  }))
}
