import 'server-only'
import { z } from 'zod'
import { ApiProblem } from '@/lib/api/problem'
import { equalSecrets } from '@/lib/crypto/secrets'
import { tokenHash } from '@/lib/installation/commands'

const sign = async (payload: string) =>
  Buffer.from(await tokenHash(`cursor:${payload}`), 'hex')
    .toString('base64url')
    .slice(0, 22)

/** Text for the system that may send it back: opaque, and of use to no other system and in no other list. */
export async function sealCursor(systemId: string, list: string, value: unknown): Promise<string> {
  const payload = Buffer.from(JSON.stringify([systemId, list, value])).toString('base64url')
  return `${payload}.${await sign(payload)}`
}

const sealed = z.tuple([z.string(), z.string(), z.unknown()])

/** @throws ApiProblem `invalid_cursor` or `foreign_cursor` */
export async function openCursor<Value>(
  systemId: string,
  list: string,
  schema: z.ZodType<Value>,
  text: string,
): Promise<Value> {
  const [payload = '', signature = ''] = text.split('.')
  if (!equalSecrets(signature, await sign(payload))) throw new ApiProblem('invalid_cursor')
  const [whose, which, value] = sealed.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')))
  if (whose !== systemId || which !== list) throw new ApiProblem('foreign_cursor')
  return schema.parse(value)
}
