import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { type KeyRing, SealError } from '@/lib/crypto/sealed'
import { lookupHash } from '@/lib/crypto/secrets'
import { openLookupKey, sealInstallation } from '@/lib/installation/canary'
import { seededClientId } from '@/prisma/seed-story'

type Grant = { id: string; orcid: string; name: string | null; scopes: string[]; lifetimeS: number }

/**
 * Gives seeded grants what a real portal would hold for them: sealed tokens for live ones, and for those that ORCID
 * ended in the last thirty days. They belong to the client `clientId` from then on, which is how a second run knows
 * that they are done. The registry learns of the tokens by `toPopulation`. The client is in a transaction. Gives how many
 * grants there were.
 */
export async function sealSeededTokens(client: pg.Client, ring: KeyRing, clientId: string): Promise<number> {
  const { registry, lookupKey } = await ensureInstallation(client, ring)
  const { rows } = await client.query<Grant>(
    `SELECT g.id::text, r.orcid, g.name_given AS name, g.scopes,
            extract(epoch FROM g.expires_at - g.granted_at)::float8 AS "lifetimeS"
     FROM "grant" g JOIN researcher r ON r.id = g.researcher_id
     WHERE g.client_id = $1 AND (g.state = 'live' OR (
       g.state IN ('withdrawn_at_orcid', 'record_deprecated', 'record_deactivated')
       AND g.ended_at > now() - interval '30 days'))`,
    [seededClientId],
  )
  const sealed = rows.map((grant) => sealTokens(ring, registry, lookupKey, grant))
  await client.query(
    `UPDATE "grant" g SET client_id = $2, sealed_access_token = t.access, sealed_refresh_token = t.refresh,
            sealed_response = t.response, access_token_hash = t.hash
     FROM jsonb_to_recordset($1) AS t (id uuid, access text, refresh text, response text, hash text)
     WHERE g.id = t.id`,
    [JSON.stringify(sealed), clientId],
  )
  return sealed.length
}

function sealTokens(ring: KeyRing, registry: string, lookupKey: string, grant: Grant) {
  const { id, orcid, name, scopes, lifetimeS } = grant
  const [accessToken, refreshToken] = [randomUUID(), randomUUID()]
  const response = {
    access_token: accessToken,
    token_type: 'bearer',
    refresh_token: refreshToken,
    expires_in: Math.round(lifetimeS),
    scope: scopes.join(' '),
    name,
    orcid,
  }
  const seal = (text: string, column: string) => ring.seal(text, { table: 'grant', row: id, column, registry })
  return {
    id,
    access: seal(accessToken, 'sealed_access_token'),
    refresh: seal(refreshToken, 'sealed_refresh_token'),
    response: seal(JSON.stringify(response), 'sealed_response'),
    hash: lookupHash(lookupKey, accessToken),
  }
}

type Installation = { registry: string; sealedCanary: string; sealedLookupKey: string }

/** What the portal makes of an empty database when it starts, made now: tokens are hashed with its lookup key. */
async function ensureInstallation(client: pg.Client, ring: KeyRing) {
  const made = sealInstallation(ring, 'local')
  await client.query(
    `INSERT INTO installation (registry, sealed_canary, sealed_lookup_key) VALUES ('local', $1, $2)
     ON CONFLICT DO NOTHING`,
    [made.sealedCanary, made.sealedLookupKey],
  )
  const { rows } = await client.query<Installation>(
    `SELECT registry, sealed_canary AS "sealedCanary", sealed_lookup_key AS "sealedLookupKey" FROM installation`,
  )
  const [found] = rows
  if (!found) throw new Error('The installation cannot be read')
  try {
    return { registry: found.registry, lookupKey: openLookupKey(ring, found.registry, found) }
  } catch (cause) {
    if (!(cause instanceof SealError)) throw cause
    throw new Error('This database was sealed with keys that are gone: start over with --reset', { cause })
  }
}
