import 'server-only'
import { z } from 'zod'
import { type ApiActor, systemRights } from '@/lib/actor'
import { today } from '@/lib/campaigns/asking'
import { hashSecret } from '@/lib/crypto/secrets'
import { db, direct, Prisma, type Queryable, queryRows } from '@/lib/db'
import { type PersonKind, personKinds } from '@/lib/people/person'
import { readKeyText } from '@/lib/systems/key-format'
import { isInNetworks } from '@/lib/systems/network'

/** Why a request is refused, as the code of its 401. */
export type ApiFault =
  | 'missing_key'
  | 'malformed_key'
  | 'unknown_key'
  | 'expired_key'
  | 'revoked_key'
  | 'system_stopped'
  | 'system_expired'
  | 'network'

export type Authentication = { actor: ApiActor } | { fault: ApiFault }

/** Reads who asks by the header, `Bearer cnc_…`: a key, or a token of `POST /oauth/token`. */
export async function authenticateApi(request: {
  authorization: string | null
  address: string | null
}): Promise<Authentication> {
  const text = /^Bearer +(\S+) *$/i.exec(request.authorization ?? '')?.[1]
  if (!text) return { fault: request.authorization ? 'malformed_key' : 'missing_key' }
  const key = readKeyText(text)
  if (!key) return { fault: 'malformed_key' }
  const hash = hashSecret(text)
  const found = await findKey(
    key.kind === 'token'
      ? Prisma.sql`k.id = (select key_id from access_token where hash = ${hash})`
      : Prisma.sql`k.hash = ${hash} and k.kind = 'key'`,
    key.kind === 'token' ? Prisma.sql`(select t from access_token t where t.hash = ${hash})` : null,
  )
  return judge(found, request.address)
}

/** The client of `POST /oauth/token`, by its id and secret. */
export async function authenticateClient(request: {
  clientId: string
  secret: string
  address: string | null
}): Promise<{ actor: ApiActor & { keyId: string } } | { fault: ApiFault }> {
  if (!z.uuid().safeParse(request.clientId).success || !readKeyText(request.secret)) return { fault: 'malformed_key' }
  const hash = hashSecret(request.secret)
  const which = Prisma.sql`k.id = ${request.clientId}::uuid and k.hash = ${hash} and k.kind = 'client'`
  return judge(await findKey(which, null), request.address)
}

/** The system as somebody who acts, for its files, webhooks and digests. Null once it is stopped or has expired. */
export async function findApiActor(tx: Queryable, systemId: string): Promise<ApiActor | null> {
  return (await listApiActors(tx, Prisma.sql`s.id = ${systemId}::uuid`))[0] ?? null
}

/** All systems that may act now, in the order of their names. */
export async function listApiActors(tx: Queryable, which = Prisma.sql`true`): Promise<ApiActor[]> {
  const found = await queryRows(
    tx,
    systemRow,
    Prisma.sql`select ${systemColumns()} from ${systemWithTerm} where ${which} order by s.name, s.id`,
  )
  return found.filter(({ isStopped, isExpired }) => !isStopped && !isExpired).map((each) => toActor(each, null))
}

const extentRow = z.object({
  rights: z.array(z.enum(systemRights)),
  scopes: z.array(z.string()),
  departments: z.array(z.string()),
  kinds: z.array(z.enum(personKinds)),
})

const systemRow = extentRow.extend({
  systemId: z.string(),
  name: z.string(),
  networks: z.array(z.string()),
  perMinute: z.number(),
  isStopped: z.boolean(),
  isExpired: z.boolean(),
  termId: z.string(),
  purposeNumber: z.number(),
  terms: z.array(extentRow.extend({ id: z.string() })),
})

const keyRow = systemRow.extend({
  keyId: z.string(),
  isRevoked: z.boolean(),
  isKeyExpired: z.boolean(),
  /** Whether a use was noted in the last minute. */
  isNoted: z.boolean(),
  /** Of a token, which may have been asked for less. */
  tokenRights: z.array(z.string()).nullable(),
})

/** The system `s` with its current term `t`. */
export const systemWithTerm = Prisma.sql`system s cross join lateral (
  select * from system_term where system_id = s.id order by number desc limit 1) t`

const systemColumns = () => Prisma.sql`s.id::text as "systemId", s.name, s.networks, s.per_minute as "perMinute",
  s.stopped_at is not null as "isStopped", s.expires_on is not null and s.expires_on < ${today()}::date as "isExpired",
  t.id::text as "termId", t.purpose_number as "purposeNumber", t.rights, t.scopes, t.departments, t.kinds::text[] as kinds,
  (select json_agg(json_build_object('id', id, 'rights', rights, 'scopes', scopes, 'departments', departments, 'kinds', kinds))
    from system_term where system_id = s.id and purpose_number = t.purpose_number) as terms`

async function findKey(which: Prisma.Sql, token: Prisma.Sql | null): Promise<z.infer<typeof keyRow> | undefined> {
  const [found] = await queryRows(
    direct,
    keyRow,
    Prisma.sql`
      select ${systemColumns()}, k.id::text as "keyId", k.revoked_at is not null as "isRevoked",
        coalesce(k.expires_at <= now(), false)${token ? Prisma.sql` or (${token}).expires_at <= now()` : Prisma.empty} as "isKeyExpired",
        coalesce(k.last_used_at >= now() - interval '1 minute', false) as "isNoted",
        ${token ? Prisma.sql`(${token}).rights` : Prisma.sql`null::text[]`} as "tokenRights"
      from ${systemWithTerm} join api_key k on k.system_id = s.id where ${which}`,
  )
  return found
}

async function judge(
  found: z.infer<typeof keyRow> | undefined,
  address: string | null,
): Promise<{ actor: ApiActor & { keyId: string } } | { fault: ApiFault }> {
  if (!found) return { fault: 'unknown_key' }
  if (found.isRevoked) return { fault: 'revoked_key' }
  if (found.isKeyExpired) return { fault: 'expired_key' }
  if (found.isStopped) return { fault: 'system_stopped' }
  if (found.isExpired) return { fault: 'system_expired' }
  if (found.networks.length > 0 && !(address && isInNetworks(address, found.networks))) return { fault: 'network' }
  if (!found.isNoted) await noteKeyUse(found.keyId)
  const { tokenRights } = found
  const rights = tokenRights ? found.rights.filter((right) => tokenRights.includes(right)) : found.rights
  return { actor: { ...toActor({ ...found, rights }, found.keyId), keyId: found.keyId } }
}

async function noteKeyUse(keyId: string): Promise<void> {
  await db().$executeRaw`update api_key set last_used_at = now() where id = ${keyId}::uuid`
}

type Extent = { departments: readonly string[]; kinds: readonly PersonKind[] }

type Kept = Pick<ApiActor, 'systemId' | 'name' | 'rights' | 'scopes' | 'termId' | 'purposeNumber' | 'perMinute'> &
  Extent & { terms: readonly (Omit<ApiActor['terms'][number], keyof Extent> & Extent)[] }

function toActor(kept: Kept, keyId: string | null): ApiActor {
  const { systemId, name, rights, scopes, termId, purposeNumber, perMinute } = kept
  const terms: ApiActor['terms'] = kept.terms.map((term) => ({ ...term, ...toPeople(term) }))
  return {
    kind: 'api',
    systemId,
    keyId,
    name,
    rights,
    scopes,
    ...toPeople(kept),
    termId,
    purposeNumber,
    terms,
    perMinute,
  } as ApiActor
}

/** None in a row stands for all of them. */
const toPeople = ({ departments, kinds }: Extent): Pick<ApiActor, keyof Extent> => ({
  departments: departments.length > 0 ? departments : null,
  kinds: kinds.length > 0 ? kinds : null,
})
