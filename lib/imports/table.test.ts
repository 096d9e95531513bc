import { expect, it } from 'vitest'
import { TableRows } from '@/lib/imports/table'

it.each([1, 200, 201, 1_000])('%i rows come back in their order, without the one that was taken away', (count) => {
  const given = Array.from({ length: count }, (_, n) => ({ line: n + 1, cells: [`${n}`, 'é"\ud800'] }))
  const rows = new TableRows()
  for (const row of given) rows.push(row)
  expect([...rows]).toEqual(given)
  expect(rows.shift()).toEqual(given[0])
  expect([...rows]).toEqual(given.slice(1))
  expect(rows.length).toBe(count - 1)
})
