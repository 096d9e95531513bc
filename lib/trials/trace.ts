import { z } from 'zod'
import { type OrcidAnswer, type OrcidRequest, requestHeaders } from '@/lib/orcid/transport'

const header = z.tuple([z.string(), z.string()])

const request = z.object({
  method: z.string(),
  url: z.string(),
  headers: z.array(header),
  body: z.string().nullable(),
})

const answer = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('answered'),
    status: z.number(),
    headers: z.array(header),
    body: z.string(),
    isCut: z.boolean(),
  }),
  z.object({
    kind: z.literal('torn'),
    reason: z.enum(['timeout', 'cut', 'too_large']),
    status: z.number().nullable(),
    headers: z.array(header),
    body: z.string(),
  }),
  z.object({ kind: z.literal('not_sent') }),
  /** The portal did not ask: ORCID's rate limit is used up, ORCID is known to be away, or the database was restored. */
  z.object({ kind: z.literal('not_asked'), reason: z.enum(['wait', 'away', 'held']) }),
])

/** A request with its answer as they are shown: tokens, codes and secrets are masked. */
export const trace = z.object({ request, answer })

/** What came to the callback: each parameter in its order, the code and the state masked. */
export const arrival = z.object({
  path: z.string(),
  parameters: z.array(header),
  /** Whether it came in the browser of whoever began the trial. */
  isHere: z.boolean(),
})

export type Trace = z.infer<typeof trace>
export type TracedRequest = Trace['request']
export type TracedAnswer = Trace['answer']
export type Arrival = z.infer<typeof arrival>

export const masked = '••••••'

/** A body longer than this is shown up to here. */
const bodyCharsMax = 30_000

/** The request as it was sent, without what must not be seen. */
export function traceRequest(sent: OrcidRequest, secrets: readonly string[]): TracedRequest {
  return {
    method: sent.method,
    url: sent.url,
    headers: Object.entries(requestHeaders(sent)).map(([name, value]) => [name, maskSecrets(value, secrets)]),
    body: sent.body && maskSecrets(sent.body, secrets),
  }
}

/** The answer as it came, without what must not be seen. */
export function traceAnswer(received: OrcidAnswer, secrets: readonly string[]): TracedAnswer {
  if (received.kind === 'not_sent') return received
  const { status, rawHeaders = [] } = received
  const whole = maskTokens(maskSecrets(received.body, secrets))
  const headers = pairUp(rawHeaders).map(([name, value]): [string, string] => [
    name,
    /^set-cookie$/i.test(name) ? masked : maskSecrets(value, secrets),
  ])
  const body = whole.slice(0, bodyCharsMax)
  if (received.kind === 'torn') return { kind: 'torn', reason: received.reason, status, headers, body }
  return { kind: 'answered', status: received.status, headers, body, isCut: whole.length > body.length }
}

/** Also where they are percent-encoded, as in a form. */
function maskSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter(Boolean)
    .flatMap((secret) => [
      secret,
      encodeURIComponent(secret),
      new URLSearchParams([[secret, '']]).toString().slice(0, -1),
    ])
    .sort((a, b) => b.length - a.length)
    .reduce((rest, secret) => rest.replaceAll(secret, masked), text)
}

/** Tokens that nobody knew before; also at the end of an answer that broke off. */
function maskTokens(body: string): string {
  return body.replace(/("(?:access_token|refresh_token|id_token)"\s*:\s*")[^"]*/g, `$1${masked}`)
}

function pairUp(raw: readonly string[]): [string, string][] {
  return raw.flatMap((name, at): [string, string][] => (at % 2 === 0 ? [[name, raw[at + 1] ?? '']] : []))
}

/** The request as a command for a terminal, a line for each header and each field of a form. */
export function toCurl({ method, url, headers, body }: TracedRequest): string {
  const isForm = headers.some(([name, value]) => name === 'content-type' && value.includes('form'))
  const shown = headers.filter(
    ([name]) => name === 'accept' || name === 'authorization' || (name === 'content-type' && !isForm),
  )
  const fields =
    body === null ? [] : isForm ? [...new URLSearchParams(body)].map(([name, value]) => `${name}=${value}`) : [body]
  return [
    `curl --include --request ${method} ${quote(url)}`,
    ...shown.map(([name, value]) => `--header ${quote(`${name}: ${value}`)}`),
    ...fields.map((field) => `${isForm ? '--data-urlencode' : '--data'} ${quote(field)}`),
  ].join(' \\\n  ')
}

const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
