import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { closePool, db } from '@/lib/db'
import type { TestDatabase } from '@/tests/support/database'
import { exportFile, inOneLine, isStorable } from '@/tests/support/export-lines'
import { useOwnDatabase } from '@/tests/support/researchers'

let database: TestDatabase
beforeAll(async () => {
  database = await useOwnDatabase()
})
afterAll(async () => {
  await closePool()
  await database.drop()
})

const orcid = '0000-0002-1825-0097'
const josiah = { orcid, name: 'Josiah Carberry' }

describe('a file of names for InvenioRDM', () => {
  test('has iD and name as its vocabulary wants them, and counts who is left out', async () => {
    const text = await exportFile([josiah, { name: 'Not Authenticated', liveScopes: [] }, { name: null }], {
      format: 'names',
    })
    expect(parse(text)).toEqual([
      { id: orcid, name: 'Josiah Carberry', identifiers: [{ scheme: 'orcid', identifier: orcid }] },
    ])
    expect(text).toContain('# Left out, without an authenticated iD or a name: 2\n')
  })

  test('is an empty list of nobody', async () => {
    expect(parse(await exportFile([], { format: 'names' }))).toEqual([])
  })

  test('gives every name back, whatever is in it, also where there are more than fit a chunk', async () => {
    const name = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 30 })
      .filter((text) => isStorable(text) && text.trim() !== '')
    await fc.assert(
      fc.asyncProperty(fc.array(name, { minLength: 1, maxLength: 300, size: 'max' }), async (names) => {
        const text = await exportFile(
          names.map((each) => ({ name: each })),
          { format: 'names' },
        )
        expect(parse(text).map((entry: { name: string }) => entry.name)).toEqual(names.map(inOneLine))
      }),
      { numRuns: 8 },
    )
  })

  test('has family and given name of the roster, and the institution for those on it', async () => {
    const { writeNames } = await import('@/lib/exports/names')
    const row = {
      orcid,
      authenticated: true,
      name: 'J. C.',
      given_name: 'Josiah',
      family_name: 'Carberry',
      local_id: '7',
    }
    async function* parts() {
      yield [Buffer.from(`${JSON.stringify(row)}\n`)]
    }
    const pieces: Uint8Array[] = []
    for await (const piece of writeNames(parts())) pieces.push(piece)
    expect(parse(Buffer.concat(pieces).toString())).toEqual([
      {
        id: orcid,
        name: 'Carberry, Josiah',
        given_name: 'Josiah',
        family_name: 'Carberry',
        identifiers: [{ scheme: 'orcid', identifier: orcid }],
        affiliations: [expect.anything()],
      },
    ])
    expect(await db().person.count()).toBe(0)
  })
})
