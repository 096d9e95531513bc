import { z } from 'zod'
import { makeApiDocument } from '@/lib/api/document'
import { handleApi } from '@/lib/api/handle'
import { db } from '@/lib/db'
import limits from '@/lib/http/body-limits.json'

export type Asked = {
  method?: string
  body?: unknown
  text?: string
  headers?: Record<string, string>
  address?: string | null
}

// biome-ignore lint/suspicious/noExplicitAny: the shape of an answer is compared with its schema
export type Told = { status: number; headers: Headers; json: any; text: string }

type Send = (path: string, init: RequestInit) => Promise<Response>

/** Asks the API with a key, and compares each answer with the OpenAPI document. */
export function makeAsker(send: Send) {
  return async (
    key: string | null,
    path: string,
    { method = 'GET', body, text, headers = {} }: Asked = {},
  ): Promise<Told> => {
    const sent = text ?? (body === undefined ? undefined : JSON.stringify(body))
    const response = await send(`/api/v1${path}`, {
      method,
      body: sent,
      headers: {
        ...(key !== null && { Authorization: `Bearer ${key}` }),
        ...(sent !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
    })
    const told = await response.text()
    const isJson = /json\s*(;|$)/.test(response.headers.get('content-type') ?? '')
    const json = told && isJson ? JSON.parse(told) : told
    if (told && path !== '/openapi.json') checkAnswer(`/api/v1${path}`, method, response, json)
    return { status: response.status, headers: response.headers, json, text: told }
  }
}

/** As a request that the portal’s route hands on. */
export const askInside = makeAsker((path, init) =>
  handleApi({
    request: new Request(`http://localhost:9${path}`, init),
    address: '203.0.113.7',
    requestId: 'TEST-0001',
    bodyBytesMax: limits.api.bytesMax,
  }),
)

let known: ReturnType<typeof makeApiDocument> | undefined

function checkAnswer(path: string, method: string, response: Response, json: unknown): void {
  known ??= makeApiDocument()
  const type = response.headers.get('content-type')?.split(';')[0] ?? ''
  if (response.status >= 400)
    expectShape({ $ref: '#/components/schemas/Problem' }, json, type === 'application/problem+json')
  else {
    const { pathname } = new URL(path, 'http://localhost')
    const [, operations] =
      Object.entries(known.paths ?? {}).find(([name]) => name === pathname) ??
      Object.entries(known.paths ?? {}).find(([name]) =>
        new RegExp(`^${name.replace(/\{\w+\}/g, '[^/]+')}$`).test(pathname),
      ) ??
      []
    const operation = operations?.[method.toLowerCase() as 'get']
    const content = operation?.responses?.[String(response.status)]?.content?.[type]
    if (!content?.schema) throw new Error(`${method} ${path} has no answer ${response.status} ${type}`)
    expectShape(content.schema, json, true)
  }
}

const shapes = new Map<string, z.ZodType>()

function expectShape(schema: object, json: unknown, isTypeRight: boolean): void {
  const text = JSON.stringify({ ...schema, $defs: known?.components?.schemas }).replaceAll(
    '#/components/schemas/',
    '#/$defs/',
  )
  const shape = shapes.get(text) ?? z.fromJSONSchema(JSON.parse(text))
  shapes.set(text, shape)
  if (!isTypeRight) throw new Error('A refusal is no problem')
  shape.parse(json)
}

/** An iD that somebody connected with, and their person. */
export async function connectSomebody(
  orcid: string,
  name = 'Anna Müller',
  liveScopes = ['/activities/update', '/read-limited', 'openid'],
) {
  const at = new Date('2026-05-03T10:00:00.000Z')
  const { id: researcherId } = await db().researcher.create({
    data: {
      orcid,
      name,
      registry: 'local',
      state: 'connected',
      liveScopes,
      liveScopesGivenAt: liveScopes.map(() => at),
      firstConnectedAt: at,
      createdAt: at,
    },
    select: { id: true },
  })
  const { id } = await db().person.findUniqueOrThrow({ where: { researcherId }, select: { id: true } })
  return { id, researcherId, orcid }
}
