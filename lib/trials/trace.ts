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
  /** The portal sent nothing: rate limit (`wait`), open circuit breaker (`away`) or restored database (`held`). */
  z.object({ kind: z.literal('not_asked'), reason: z.enum(['wait', 'away', 'held']) }),
])

/** A request and its answer, with masked tokens, codes and secrets. */
export const trace = z.object({ request, answer })

/** A callback with its parameters in order, code and state masked. */
export const arrival = z.object({
  path: z.string(),
  parameters: z.array(header),
  /** It came in the browser that started the trial. */
  isHere: z.boolean(),
})

export type Trace = z.infer<typeof trace>
export type TracedRequest = Trace['request']
export type TracedAnswer = Trace['answer']
export type Arrival = z.infer<typeof arrival>

export const masked = '••••••'

const bodyCharsMax = 30_000

/** A request as the page shows it, without secrets. */
export function traceRequest(sent: OrcidRequest, secrets: readonly string[]): TracedRequest {
  return {
    method: sent.method,
    url: sent.url,
    headers: Object.entries(requestHeaders(sent)).map(([name, value]) => [name, maskSecrets(value, secrets)]),
    body: sent.body && maskSecrets(sent.body, secrets),
  }
}

/** An answer as the page shows it, without secrets or tokens. */
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

/** Also masks percent-encoded and form-encoded secrets. */
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

/** Masks tokens in an answer, even if it is cut off in a token. */
function maskTokens(body: string): string {
  return body.replace(/("(?:access_token|refresh_token|id_token)"\s*:\s*")[^"]*/g, `$1${masked}`)
}

function pairUp(raw: readonly string[]): [string, string][] {
  return raw.flatMap((name, at): [string, string][] => (at % 2 === 0 ? [[name, raw[at + 1] ?? '']] : []))
}

/** One line for each header and form field. */
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
