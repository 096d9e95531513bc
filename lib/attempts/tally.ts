import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import type { AttemptPurpose } from '@/lib/attempts/attempt'
import { readTallies } from '@/lib/tally'

const key = z.object({ purpose: z.string(), outcome: z.string() })

/** `outcome` is one of an attempt's, or `under_way`. */
export type AttemptsOfDay = { day: string; purpose: AttemptPurpose; outcome: string; count: number }

/**
 * How many attempts of people began on each day, `2026-11-22` in UTC, between two days, both included, by what they were for and how
 * they ended. Those that have been deleted since are not counted: each number leads to its rows. Days without are left
 * out.
 */
export async function getAttemptsByDay(_actor: StaffActor, fromDay: string, toDay: string): Promise<AttemptsOfDay[]> {
  const sums = new Map<string, AttemptsOfDay>()
  for (const row of await readTallies(['attempt'], { from: fromDay, to: toDay })) {
    const { purpose, outcome } = key.parse(row.key)
    if (purpose === 'trial') continue
    const name = [row.day, purpose, outcome].join()
    const before = sums.get(name)?.count ?? 0
    sums.set(name, {
      day: row.day ?? '',
      purpose: purpose as AttemptPurpose,
      outcome,
      count: before + row.count,
    })
  }
  return [...sums.values()]
}
