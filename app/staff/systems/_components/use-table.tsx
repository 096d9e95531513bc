import '@/app/staff/_components/rows.css'
import { getTranslations } from 'next-intl/server'
import { When } from '@/app/_components/when'
import { TableHead } from '@/app/staff/_components/table-head'
import { getRightWords } from '@/app/staff/systems/_components/system-words'
import type { SystemUse } from '@/lib/systems/queries'

/** How often a system used each right. */
export async function UseTable({ uses }: { uses: readonly SystemUse[] }) {
  const t = await getTranslations('staff.systems.page')
  const toRight = await getRightWords()
  const columns = ['right', 'times', 'people', 'last'] as const
  return (
    <section aria-labelledby="use" className="space-y-2">
      <h2 id="use">{t('use')}</h2>
      {uses.length === 0 ? (
        <p className="text-ink-soft">{t('useNone')}</p>
      ) : (
        <div className="rows">
          <table>
            <TableHead caption={t('use')} heads={columns.map((column) => t(`useColumns.${column}`))} />
            <tbody>
              {uses.map(({ right, times, people, lastAt }) => (
                <tr key={right}>
                  <td data-place="right">{toRight(right)}</td>
                  <td data-place="times">
                    <span className="column-name">{t('useColumns.times')} </span>
                    {times}
                  </td>
                  <td data-place="people">
                    <span className="column-name">{t('useColumns.people')} </span>
                    {people}
                  </td>
                  <td data-place="last">
                    <When at={lastAt} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}
