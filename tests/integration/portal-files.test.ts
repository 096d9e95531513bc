import { beforeEach, describe, expect, test } from 'vitest'
import { db } from '@/lib/db'
import { portalFiles, portalItems } from '@/tests/samples/portals'
import { makeStaffActor } from '@/tests/support/actors'
import { readFileOfItems, rowsOfImport, saveItems } from '@/tests/support/affiliations-import'
import { workInOwnDatabase } from '@/tests/support/inside'

const staff = makeStaffActor({ role: 'admin' })
workInOwnDatabase(staff)

beforeEach(async () => {
  await db().import.deleteMany()
  await db().affiliation.deleteMany()
  await db().person.deleteMany()
})

/** The people of a file, as a roster without names has them. */
async function addPeople(emails: readonly string[]): Promise<void> {
  const localIdOf = (index: number) => `00${100 + index}`.padStart(6, '0')
  await db().person.createMany({
    data: emails.map((email, index) => ({
      email,
      localId: localIdOf(index),
      givenName: 'Of',
      familyName: email,
      origin: 'imported',
    })),
  })
}

describe.each(portalFiles)('a file of the $portal ($written)', ({ bytes, language }) => {
  const wanted = portalItems[language as keyof typeof portalItems]

  test('goes through unchanged, and changes nothing when it comes again', async () => {
    await addPeople([...new Set(wanted.map(({ email }) => email))])
    const file = new Uint8Array(Buffer.from(bytes, 'base64'))
    const id = await readFileOfItems(staff, file)
    expect(await rowsOfImport(id)).toEqual(wanted.map((_, index) => `${index + 2} added`))
    expect(await saveItems(staff, id)).toEqual({ added: wanted.length })
    const saved = await db().affiliation.findMany({ include: { person: true } })
    const items = saved.map(({ person, kind, title, department, startOn, endOn }) =>
      [person.email, kind, title, department, startOn ?? '', endOn ?? ''].join('|'),
    )
    expect(items.sort()).toEqual(wanted.map((item) => Object.values(item).join('|')).sort())
    const again = await readFileOfItems(staff, file)
    expect(await rowsOfImport(again)).toEqual(wanted.map((_, index) => `${index + 2} unchanged`))
  })
})
