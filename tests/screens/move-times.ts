import type { Page } from '@playwright/test'
import type pg from 'pg'

/** When the seed of the pictures believes that it is. */
export const seededAt = new Date('2026-11-02T10:00:00Z')

const columnsSql = `
  SELECT quote_ident(table_name) AS table, quote_ident(column_name) AS column, data_type AS type
  FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
  WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name NOT IN ('_prisma_migrations', 'installation')
    AND data_type IN ('date', 'timestamp with time zone')`

/** Moves every time of a seeded database, so that all is as long ago as the seed made it. Returns by how much. */
export async function moveTimes(client: pg.Client): Promise<number> {
  const movedMs = Date.now() - seededAt.getTime()
  const { rows } = await client.query<{ table: string; column: string; type: string }>(columnsSql)
  await client.query("SET session_replication_role = 'replica'")
  for (const { table, column, type } of rows) {
    // Days are unique in some tables, so they go far away first.
    const steps = type === 'date' ? [100_000, Math.floor(movedMs / 86_400_000) - 100_000] : [`${movedMs} ms`]
    for (const step of steps) {
      const by = typeof step === 'number' ? `${step}` : `interval '${step}'`
      await client.query(`UPDATE ${table} SET ${column} = ${column} + ${by} WHERE ${column} IS NOT NULL`)
    }
  }
  await client.query('RESET session_replication_role')
  return movedMs
}

/** Shows each day and time of a page as the seed made it, and each reference of this run as the same one. */
export async function showSeededTimes(page: Page, movedMs: number): Promise<void> {
  await page.evaluate((moved) => {
    const months = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec'
    const day = new RegExp(`(\\d{1,2}) (${months})([a-z]*) (\\d{4})(?:,? (at )?(\\d\\d:\\d\\d))?`, 'g')
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const text = node.textContent ?? ''
      const inTime = node.parentElement?.closest('time')?.dateTime
      const changed = text
        .replace(day, (_, date, month, rest, year, at, time) => {
          const then = new Date((inTime ? Date.parse(inTime) : Date.parse(`${date} ${month} ${year} UTC`)) - moved)
          const words = { day: 'numeric', month: rest ? 'long' : 'short', year: 'numeric', timeZone: 'UTC' } as const
          const clock = time ? `, ${at ?? ''}${then.toISOString().slice(11, 16)}` : ''
          return then.toLocaleDateString('en-GB', words) + clock
        })
        .replace(/\b\d+ (second|minute)s? ago/g, '1 minute ago')
        .replace(/(?<![\w-])(?=[\d-]*[A-Z])[0-9A-Z]{4}-[0-9A-Z]{4}(?![\w-])/g, '7K2M-Q9XD')
      if (changed !== text) node.textContent = changed
    }
  }, movedMs)
}
