import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { daysAgo, toDay } from '@/lib/config/day'
import { type CoveragePoint, listPeriods, type PeriodLength, toCoverage } from '@/lib/figures/period'
import { listCoverageFigures } from '@/lib/people/coverage'
import type { Share } from '@/lib/people/units'

export type CoverageTrend = {
  /** At the end of each of the last months, the last one now; null where it was not written. */
  values: (number | null)[]
  /** The share now less that of 30 days ago; null if that was not written. */
  change: number | null
}

const days = { back: 30, patience: 7 }
const monthsShown = 12

const ratio = ({ people, connected }: Share) => (people > 0 ? connected / people : 0)

/** How a share developed up to `now`, by the figures of past days. */
export async function findCoverageTrend(
  actor: StaffActor,
  { dimension, share }: { dimension: string; share: Share },
  now = new Date(),
): Promise<CoverageTrend> {
  const periods = listPeriods('month', toDay(now)).slice(-monthsShown)
  const figures = await listCoverageFigures(actor, [dimension], periods[0]?.from ?? '')
  const [latest, earliest] = [daysAgo(days.back, now), daysAgo(days.back + days.patience, now)]
  const then = figures.findLast(({ day }) => day <= latest && day >= earliest)
  return {
    values: toCoverage(periods, figures, share).map((point) => point && ratio(point)),
    change: then && then.people > 0 && share.people > 0 ? ratio(share) - ratio(then) : null,
  }
}

/** Coverage at the end of each period, oldest first; null where it was not written. */
export async function listCoverage(
  actor: StaffActor,
  { dimension, share, per }: { dimension: string; share: Share; per: PeriodLength },
  now = new Date(),
): Promise<(CoveragePoint | null)[]> {
  const periods = listPeriods(per, toDay(now))
  return toCoverage(periods, await listCoverageFigures(actor, [dimension], periods[0]?.from ?? ''), share)
}
