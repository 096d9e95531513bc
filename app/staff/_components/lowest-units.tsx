import { getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { UnitTable } from '@/app/staff/_components/unit-table'
import type { StaffActor } from '@/lib/actor'
import { env } from '@/lib/config/env'
import { seesDepartment } from '@/lib/list/visible'
import type { CoverageRow } from '@/lib/people/coverage'
import { listUnits, sortUnits, toTree } from '@/lib/people/units'

const shownMax = 4

/** The departments of the highest level with the lowest share, and the way to all of them. */
export async function LowestUnits({ actor, rows }: { actor: StaffActor; rows: readonly CoverageRow[] }) {
  const t = await getTranslations('staff.departments')
  const tree = toTree(
    rows.filter(({ onRoster }) => onRoster),
    (path) => seesDepartment(actor, path),
  )
  const units = env().comparesDepartments ? sortUnits(tree.units, 'share').slice(0, shownMax) : []
  const all = listUnits(tree).length
  return (
    <section aria-labelledby="by-department" className="space-y-2">
      <h2 id="by-department">{t('lowest')}</h2>
      {units.length > 0 ? (
        <div className="card py-2!">
          <UnitTable
            caption={t('lowest')}
            units={units}
            sort="share"
            sortHref={(sort) => `/staff/departments?sort=${sort}`}
            short
          />
        </div>
      ) : (
        <EmptyState>{t(all > 0 ? 'notCompared' : 'empty')}</EmptyState>
      )}
      {all > 0 ? (
        <p className="text-sm">
          <a href="/staff/departments" className="inline-flex min-h-6 items-center">
            {t('all', { count: all })}
          </a>
        </p>
      ) : null}
    </section>
  )
}
