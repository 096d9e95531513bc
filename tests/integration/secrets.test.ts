import { describe, expect, test } from 'vitest'
import { goToOrcid } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import { Visitor } from '@/tests/support/visitor'

const josiah = '0000-0002-1825-0097'

const place = stackPerFile({ STAFF_ADMINS: josiah })

describe('what must not be found', () => {
  test('no token, code or secret is in the database, the logs, or any answer', async () => {
    const visitor = new Visitor()
    const callback = await goToOrcid(place.stack, visitor, { orcid: josiah })
    const code = new URL(callback).searchParams.get('code') ?? ''
    visitor.received.length = 0
    await visitor.follow(await visitor.get(callback))
    for (const path of [
      '/',
      '/me',
      '/me/data',
      '/staff',
      '/staff/researchers',
      `/staff/researchers/${josiah}`,
      '/staff/researchers/export?format=json',
    ]) {
      expect((await visitor.get(`${place.stack.portal.url}${path}`)).status, path).toBe(200)
    }
    const [token] = await place.liveTokens()
    const secrets = [token?.accessToken, token?.refreshToken, place.stack.registry.clientSecret].map(String)
    expect(secrets.every((secret) => secret.length > 30)).toBe(true)
    const tables = await place.rows(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'graphile_worker')`,
    )
    const contents = await Promise.all(tables.map(({ name }) => place.rows(`select t::text from ${name} t`)))
    const dump = JSON.stringify(contents)
    expect(dump).toContain(josiah)
    for (const [where, text] of Object.entries({
      dump,
      logs: place.stack.portal.logs.join('\n'),
      answers: visitor.received.join('\n'),
    })) {
      expect(text.length, where).toBeGreaterThan(0)
      for (const secret of secrets) expect(text.includes(secret), `a secret in the ${where}`).toBe(false)
    }
    expect(dump).not.toContain(`"${code}"`)
    expect(place.stack.portal.logs.join('\n')).not.toMatch(new RegExp(`code["=: ]+${code}`))
  })
})
