import { variables } from '@/lib/config/env-variables'
import { KeyRing } from '@/lib/crypto/sealed'
import { findPopulationName, toPopulation } from '@/prisma/seed-registry'
import { sealSeededTokens } from '@/prisma/seed-tokens'
import { onDatabase } from '@/scripts/on-database'
import { organisation } from '@/scripts/portal'

type Options = {
  databaseUrl: string
  /** As `TOKEN_KEYS` has them. */
  tokenKeys: string
  clientId: string
  registryUrl: string
}

/**
 * Makes database and registry know the same people and tokens. The database leads: a registry that has been filled from
 * it is left alone, and any other starts over with what the database holds.
 *
 * @returns whether the registry had these people already, has them for the first time, or has been filled once more
 * because its state was lost or another database's
 */
export async function bringPeople(options: Options): Promise<'known' | 'first' | 'again'> {
  const { databaseUrl, tokenKeys, clientId, registryUrl } = options
  const ring = new KeyRing(variables.shape.TOKEN_KEYS.parse(tokenKeys))
  return onDatabase(databaseUrl, async (client) => {
    await client.query('BEGIN')
    const sealed = await sealSeededTokens(client, ring, clientId)
    await client.query('COMMIT')
    const known = await request(registryUrl, 'GET')
    const { set, tokens } = (await known.json()) as { set: string | null; tokens: number }
    if (set === (await findPopulationName(client))) return 'known'
    await request(registryUrl, 'PUT', await toPopulation(client, { ring, clientId, organisation }))
    return sealed > 0 && set === null && tokens === 0 ? 'first' : 'again'
  })
}

async function request(registryUrl: string, method: 'GET' | 'PUT', body?: object): Promise<Response> {
  const answer = await fetch(`${registryUrl}/_admin/people`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`The local registry did not take the people: ${answer.status} ${await answer.text()}`)
  return answer
}
