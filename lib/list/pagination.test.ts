import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  cursorParameter,
  encodeCursor,
  type IdCursor,
  idCursor,
  idCursorOf,
  paginate,
  timeCursor,
} from '@/lib/list/pagination'

const at = fc.date({ min: new Date('1970-01-01'), max: new Date('2200-01-01'), noInvalidDate: true })
const go = fc.constantFrom('next', 'previous')
const parse = (text: string) => [timeCursor, idCursor].map((schema) => cursorParameter(schema).safeParse(text).data)

describe('a cursor', () => {
  it('comes back from an address as it went into it', () => {
    fc.assert(
      fc.property(go, at, fc.uuid(), (way, time, id) => {
        const cursor = { go: way, at: time.toISOString(), id }
        expect(parse(encodeCursor(cursor))).toEqual([cursor, undefined])
      }),
    )
    const byId = { go: 'next', id: '123456789012345678' }
    expect(parse(encodeCursor(byId))).toEqual([undefined, byId])
  })

  it('is none where nobody of us made it', () => {
    const [time, id] = [new Date(0).toISOString(), '00000000-0000-4000-8000-000000000000']
    const made = [
      [],
      { at: time, id },
      { go: 'sideways', at: time, id },
      { go: 'next', at: "'; drop", id },
      { go: 'next', at: time, id: 'x' },
      { go: 'next', at: time, id, more: true },
      ...['-1', '0', '1.5', '1e9', '9'.repeat(19)].map((number) => ({ go: 'next', id: number })),
    ].map(encodeCursor)
    for (const text of ['', '%00', 'e30', 'A'.repeat(9_000), '🦆', '\ud800', ...made]) {
      expect(parse(text), text).toEqual([undefined, undefined])
    }
  })
})

describe('the pages of a list', () => {
  const read = (ids: number[]) => async (cursor: IdCursor | null, limit: number) => {
    const back = cursor?.go === 'previous'
    const walked = back ? ids.toSorted((a, b) => a - b) : ids.toSorted((a, b) => b - a)
    const after = walked.filter((id) => !cursor || (back ? id > Number(cursor.id) : id < Number(cursor.id)))
    return after.slice(0, limit).map((id) => ({ id: BigInt(id) }))
  }
  const pageOf = (ids: number[], size: number, cursor: IdCursor | null) =>
    paginate({ size, cursor, cursorOf: idCursorOf, read: read(ids) })

  it('meet every row once, forward and back', async () => {
    const someIds = fc.uniqueArray(fc.integer({ min: 1, max: 1_000 }), { maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(someIds, fc.integer({ min: 1, max: 7 }), async (ids, size) => {
        const forward = [await pageOf(ids, size, null)]
        for (let next = forward[0]?.next; next; next = forward.at(-1)?.next) forward.push(await pageOf(ids, size, next))
        const back = forward.slice(-1)
        for (let previous = back[0]?.previous; previous; previous = back[0]?.previous)
          back.unshift(await pageOf(ids, size, previous))
        const all = ids.toSorted((a, b) => b - a).map(BigInt)
        for (const pages of [forward, back]) expect(pages.flatMap(({ rows }) => rows.map(({ id }) => id))).toEqual(all)
      }),
    )
  })

  it('lead to the first one from a cursor with no rows after it', async () => {
    const first = await pageOf([1, 2, 3], 2, null)
    expect(first).toEqual({ rows: [{ id: 3n }, { id: 2n }], next: { go: 'next', id: '2' }, previous: null })
    expect(await pageOf([1, 2, 3], 2, { go: 'next', id: '1' })).toEqual(first)
    expect(await pageOf([1, 2, 3], 2, { go: 'previous', id: '3' })).toEqual(first)
  })
})
