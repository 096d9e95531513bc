import 'server-only'
import { z } from 'zod'
import type { ApiActor } from '@/lib/actor'
import { isSeen } from '@/lib/api/person-object'
import { env } from '@/lib/config/env'
import {
  direct,
  isDatabaseUnavailable,
  isStatementTimeout,
  Prisma,
  type Queryable,
  queryRows,
  withListTimeout,
} from '@/lib/db'
import { findHold } from '@/lib/installation/restore-detection'
import { log } from '@/lib/log'
import { orcidUri, parseOrcid } from '@/lib/orcid/id'
import { countUse } from '@/lib/rate-limit/count-use'
import { authenticateApi } from '@/lib/systems/authentication'
import { countRequest } from '@/lib/systems/limit'
import { recordUse } from '@/lib/systems/use'

/** Where Stanford's clients ask: https://github.com/sul-dlss/mais_orcid_client */
export const maisPath = '/orcid/v1'

const userSchema = z.object({
  personId: z.string(),
  sunet_id: z.string().nullable(),
  orcid_id: z.string(),
  scope: z.array(z.string()),
  last_updated: z.string(),
})

const querySchema = z.object({
  scope: z
    .string()
    .max(100)
    .regex(/^[\w/:-]+$/)
    .default('ANY'),
  page_size: z.coerce.number().int().min(1).max(1_000).default(100),
  page_number: z.coerce.number().int().min(1).max(1_000_000).default(1),
})

export type MaisRequest = { request: Request; address: string | null; requestId: string }

/** Answers as the ORCID API of Stanford's MaIS does, but never with an access token. */
export async function handleMais(asked: MaisRequest): Promise<Response> {
  try {
    return await answer(asked)
  } catch (error) {
    const isAway = isDatabaseUnavailable(error) || isStatementTimeout(error)
    log().error({ requestId: asked.requestId, err: error }, 'request to the MaIS API failed')
    return refuse(isAway ? 503 : 500, isAway ? 'The database does not answer.' : `Reference ${asked.requestId}.`)
  }
}

async function answer({ request, address }: MaisRequest): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url)
  const [, users, user] = /^\/(users)(?:\/([^/]+))?$/.exec(pathname.slice(maisPath.length)) ?? []
  if (!users || !env().maisApi) return refuse(404, 'There is nothing here.')
  if (await findHold()) return refuse(503, 'A restored database waits for its release.', { 'Retry-After': '600' })
  const found = await authenticateApi({ authorization: request.headers.get('authorization'), address })
  if ('fault' in found) {
    const waitS = await countUse('api', { person: null, address })
    if (waitS !== null) return refuse(429, 'Too many requests.', { 'Retry-After': String(waitS) })
    return refuse(401, found.fault, { 'WWW-Authenticate': 'Bearer' })
  }
  const { actor } = found
  const { isAllowed, resetS } = await countRequest(actor)
  if (!isAllowed) return refuse(429, 'Too many requests.', { 'Retry-After': String(resetS) })
  if (!actor.rights.includes('people:read')) return refuse(403, 'It takes people:read.')
  return user === undefined ? listUsers(actor, searchParams) : findUser(actor, decodeURIComponent(user))
}

async function listUsers(actor: ApiActor, searchParams: URLSearchParams): Promise<Response> {
  const query = querySchema.safeParse(Object.fromEntries(searchParams))
  if (!query.success) return refuse(400, `${query.error.issues[0]?.path.join('.')} is not valid.`)
  const { scope, page_size: size, page_number: number } = query.data
  const isAny = scope.toUpperCase() === 'ANY'
  const which = isAny ? Prisma.sql`true` : Prisma.sql`person.live_scopes @> array[${scope}]`
  const [results, [counted]] = await withListTimeout(async (tx) => [
    (
      await readUsers(tx, actor, Prisma.sql`${which} order by person.id limit ${size} offset ${(number - 1) * size}`)
    ).map(({ personId: _personId, ...user }) => user),
    await queryRows(
      tx,
      z.object({ people: z.number() }),
      Prisma.sql`select count(*)::int as people from person where ${isSeen(actor)} and ${which}`,
    ),
  ])
  await recordUse(direct, actor, 'people:read', null)
  const total = counted?.people ?? 0
  const pages = Math.max(1, Math.ceil(total / size))
  // Relative to `/orcid/v1`. The client stops at an empty `next`.
  const link = (page: number) =>
    page < 1 || page > pages ? '' : `/users?scope=${isAny ? 'any' : scope}&page_number=${page}&page_size=${size}`
  return reply(200, {
    meta: { current_page: number, total_records: total, page_size: size, total_pages: pages },
    results,
    links: { self: link(number), first: link(1), prev: link(number - 1), next: link(number + 1), last: link(pages) },
  })
}

/** By local identifier or bare iD. The answer is the same for somebody who is not seen as for nobody. */
async function findUser(actor: ApiActor, id: string): Promise<Response> {
  const orcid = parseOrcid(id)
  const which = orcid ? Prisma.sql`person.orcid = ${orcid}` : Prisma.sql`person.local_id = ${id}`
  const [user] = id.includes('\0')
    ? []
    : await withListTimeout((tx) => readUsers(tx, actor, Prisma.sql`${which} limit 1`))
  if (!user) return refuse(404, 'This user does not exist.')
  const { personId, ...result } = user
  await recordUse(direct, actor, 'people:read', [personId])
  return reply(200, result)
}

const readUsers = (tx: Queryable, actor: ApiActor, which: Prisma.Sql) =>
  queryRows(
    tx,
    userSchema,
    Prisma.sql`
      select person.id::text as "personId", person.local_id as sunet_id,
        ${orcidUri('', env().orcid.registry)} || person.orcid as orcid_id,
        array(select s from unnest(person.live_scopes) as s where starts_with(s, '/') order by s) as scope,
        to_char(coalesce((select max(at) from unnest(person.live_scopes_given_at) as at), person.authenticated_at)
          at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS') as last_updated
      from person where ${isSeen(actor)} and ${which}`,
  )

const refuse = (status: number, errorMessage: string, headers: Record<string, string> = {}) =>
  reply(status, { status, errorMessage }, headers)

const reply = (status: number, body: object, headers: Record<string, string> = {}) =>
  Response.json(body, { status, headers: { 'Cache-Control': 'no-store', ...headers } })
